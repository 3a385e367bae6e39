//! Things in front of the background that are no hand sign.

mod everyday;
mod object;
mod person;
mod slender;
mod thing;

use crate::canvas::Canvas;
use crate::palette::{self, Rgb, lit};
use crate::shapes::{self, Brush, Pattern};
use rand::Rng;
use std::f32::consts::TAU;

/// Paints things that are no hand sign in front of the background: arms without hands, people,
/// blobs of skin, tableware, books, plants, bars, cables, sticks, forks.
pub fn paint(canvas: &mut Canvas, rng: &mut impl Rng) {
    let count = match rng.random_range(0..10) {
        0..=4 => 1,
        5..=7 => 2,
        _ => rng.random_range(3..6),
    };
    for _ in 0..count {
        paint_thing(canvas, rng);
    }
}

/// Paints a person's head and upper body as a webcam sees them behind the hand; `skin` is the
/// tone of the face, so that it can match the hand's.
pub fn paint_person(canvas: &mut Canvas, skin: Rgb, rng: &mut impl Rng) {
    person::paint(canvas, skin, rng);
}

fn paint_thing(canvas: &mut Canvas, rng: &mut impl Rng) {
    let skin = palette::skin(rng);
    match rng.random_range(0..40) {
        0..=7 => person::paint(canvas, skin, rng),
        8..=12 => arm(canvas, skin, rng),
        13..=16 => blobs(canvas, skin, rng),
        _ => object::paint(canvas, rng),
    }
}

/// An arm that shows no hand: it crosses the picture, and a sleeve may hide a part.
fn arm(canvas: &mut Canvas, skin: Rgb, rng: &mut impl Rng) {
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let side = canvas.short_side() as f32;
    let reach = width.hypot(height);
    let through = [
        width * rng.random_range(0.1..0.9),
        height * rng.random_range(0.1..0.9),
    ];
    let heading = rng.random_range(0.0..TAU);
    // A bent arm leaves the picture elsewhere.
    let bend = rng.random_range(-1.2..1.2) * rng.random::<f32>();
    let end = |angle: f32, away: f32| {
        let (sin, cos) = angle.sin_cos();
        [through[0] + cos * away, through[1] + sin * away]
    };
    let thick = side * rng.random_range(0.04..0.16);
    let brush = Brush::new(skin)
        .edge(1.0 + side * 0.02 * rng.random::<f32>())
        .light(rng.random_range(-0.3..0.3), 0.0)
        .round(rng.random_range(0.1..0.45));
    let taper = rng.random_range(0.6..1.0);
    // Both halves run the same way, so that light falls on the same side of them.
    let other = end(heading + TAU / 2.0 + bend, reach);
    shapes::stroke(canvas, other, through, [thick * taper, thick], &brush);
    let straight = end(heading, reach);
    shapes::stroke(canvas, through, straight, [thick; 2], &brush);
    if rng.random_bool(0.6) {
        // Across is a box's first axis, along its second.
        let angle = heading - TAU / 4.0;
        let wide = thick * rng.random_range(1.1..1.5);
        let start = rng.random_range(0.0..0.3) * side;
        let pattern = Pattern::sometimes(rng);
        let cloth = Brush {
            colour: palette::cloth(rng),
            ..brush
        };
        let middle = end(heading, start + reach / 2.0);
        let sleeve = cloth.pattern(pattern);
        shapes::slab(
            canvas,
            middle,
            [wide, reach / 2.0],
            angle,
            wide * 0.2,
            &sleeve,
        );
        let cuff = Brush {
            colour: lit(cloth.colour, 0.8),
            ..cloth
        };
        let (long, middle) = (thick * 0.25, end(heading, start));
        shapes::slab(
            canvas,
            middle,
            [wide * 1.05, long],
            angle,
            long * 0.5,
            &cuff,
        );
    }
}

/// Ovals and smooth patches in a skin's colour.
fn blobs(canvas: &mut Canvas, skin: Rgb, rng: &mut impl Rng) {
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let side = canvas.short_side() as f32;
    for _ in 0..rng.random_range(1..4) {
        let middle = [width * rng.random::<f32>(), height * rng.random::<f32>()];
        let large = side * rng.random_range(0.05..0.35);
        let radii = [large, large * rng.random_range(0.45..1.0)];
        let brush = Brush::new(palette::near(skin, 0.12, rng))
            .edge(1.0 + large * rng.random::<f32>() * rng.random::<f32>())
            .light(rng.random_range(-0.35..0.35), rng.random_range(-0.35..0.35))
            .round(rng.random_range(0.0..0.5));
        let angle = rng.random_range(0.0..TAU);
        if rng.random_bool(0.7) {
            shapes::ellipse(canvas, middle, radii, angle, &brush);
        } else {
            let corner = radii[1] * rng.random_range(0.2..0.9);
            shapes::slab(canvas, middle, radii, angle, corner, &brush);
        }
    }
}
