//! Things in front of the background that are no hand sign.

mod person;

use crate::background;
use crate::canvas::Canvas;
use crate::palette::{self, Rgb};
use crate::shapes::{self, Brush, Pattern};
use glam::{Vec2, vec2};
use rand::Rng;
use std::f32::consts::{FRAC_PI_2, PI, TAU};

pub use person::paint as paint_person;

/// Paints things that are no hand sign in front of the background: arms without hands, people,
/// blobs of skin, shapes, boxes, bars.
pub fn paint(canvas: &mut Canvas, rng: &mut impl Rng) {
    let count = match rng.random_range(0..10) {
        0..=4 => 1,
        5..=7 => 2,
        _ => rng.random_range(3..6),
    };
    for _ in 0..count {
        let skin = palette::skin(rng);
        match rng.random_range(0..40) {
            0..=7 => paint_person(canvas, skin, rng),
            8..=12 => arm(canvas, skin, rng),
            13..=16 => blobs(canvas, skin, rng),
            17..=26 => {
                let colours: [Rgb; 4] = palette::set(rng);
                let large = 2.0f32.powf(rng.random_range(-3.2..-0.8));
                let count = rng.random_range(1..5);
                background::paint_shapes(canvas, &colours, large, count, rng);
            }
            _ => background::paint_loose(canvas, rng),
        }
    }
}

/// An arm that shows no hand: it crosses the picture, and a sleeve may hide a part.
fn arm(canvas: &mut Canvas, skin: Rgb, rng: &mut impl Rng) {
    let side = canvas.short_side();
    let reach = canvas.size().length();
    let elbow = canvas.size() * vec2(rng.random_range(0.1..0.9), rng.random_range(0.1..0.9));
    let heading = rng.random_range(0.0..TAU);
    // A bent arm leaves the picture elsewhere.
    let bend = rng.random_range(-1.2..1.2) * rng.random::<f32>();
    let end = |angle: f32, away: f32| elbow + Vec2::from_angle(angle) * away;
    let thick = side * rng.random_range(0.04..0.16);
    let brush = Brush::new(skin)
        .edge(1.0 + side * 0.02 * rng.random::<f32>())
        .light(rng.random_range(-0.3..0.3), 0.0)
        .round(rng.random_range(0.1..0.45));
    let taper = rng.random_range(0.6..1.0);
    // Both halves run the same way, so that light falls on the same side of them.
    let other = end(heading + PI + bend, reach);
    shapes::stroke(canvas, other, elbow, [thick * taper, thick], &brush);
    shapes::stroke(canvas, elbow, end(heading, reach), [thick; 2], &brush);
    if rng.random_bool(0.6) {
        let wide = thick * rng.random_range(1.1..1.5);
        let start = rng.random_range(0.0..0.3) * side;
        let pattern = Pattern::sometimes(rng);
        let cloth = Brush {
            colour: palette::cloth(rng),
            ..brush
        };
        // Across is a box's first axis, along its second.
        let mut cover = |from: f32, half: Vec2, brush: &Brush| {
            let (angle, corner) = (heading - FRAC_PI_2, half.min_element() * 0.3);
            shapes::slab(canvas, end(heading, from), half, angle, corner, brush);
        };
        let sleeve = cloth.pattern(pattern);
        cover(start + reach / 2.0, vec2(wide, reach / 2.0), &sleeve);
        let cuff = Brush {
            colour: cloth.colour * 0.8,
            ..cloth
        };
        cover(start, vec2(wide * 1.05, thick * 0.25), &cuff);
    }
}

/// Ovals and smooth patches in a skin's colour.
fn blobs(canvas: &mut Canvas, skin: Rgb, rng: &mut impl Rng) {
    for _ in 0..rng.random_range(1..4) {
        let middle = canvas.size() * vec2(rng.random(), rng.random());
        let large = canvas.short_side() * rng.random_range(0.05..0.35);
        let radii = large * vec2(1.0, rng.random_range(0.45..1.0));
        let brush = Brush::new(palette::near(skin, 0.12, rng))
            .edge(1.0 + large * rng.random::<f32>() * rng.random::<f32>())
            .light(rng.random_range(-0.35..0.35), rng.random_range(-0.35..0.35))
            .round(rng.random_range(0.0..0.5));
        let angle = rng.random_range(0.0..TAU);
        if rng.random_bool(0.7) {
            shapes::ellipse(canvas, middle, radii, angle, 0.0, &brush);
        } else {
            let corner = radii.y * rng.random_range(0.2..0.9);
            shapes::slab(canvas, middle, radii, angle, corner, &brush);
        }
    }
}
