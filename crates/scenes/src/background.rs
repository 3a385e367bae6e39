//! What is behind everything else: rooms, surfaces, noise, clutter, in any light and focus.

mod grading;
mod piece;
mod plane;
mod room;
mod scatter;
mod surface;

pub(crate) use piece::paint_loose;
pub(crate) use scatter::paint_shapes;

use crate::blur::blur;
use crate::canvas::Canvas;
use crate::noise;
use crate::palette::{self, hsv, hsv_within};
use glam::Vec2;
use rand::Rng;
use std::f32::consts::TAU;

/// Paints a random background over the whole canvas.
pub fn paint(canvas: &mut Canvas, rng: &mut impl Rng) {
    paint_scene(canvas, rng);
    if rng.random_bool(0.14) {
        let mut other = canvas.clone();
        paint_scene(&mut other, rng);
        combine(canvas, &other, rng);
    }
    if rng.random_bool(0.25) {
        let cell = canvas.short_side() * rng.random_range(0.1..0.9);
        let (octaves, strength) = (rng.random_range(1..4), rng.random_range(0.0..0.3));
        grading::mottle(canvas, cell, octaves, strength, rng);
    }
    grading::grade(canvas, rng);
    if rng.random_bool(0.65) {
        // Mostly slightly out of focus, seldom far.
        let share: f32 = rng.random();
        let radius = 0.041 * share * share * share + 0.005 * rng.random::<f32>();
        let (width, short) = (canvas.width(), canvas.short_side());
        blur(canvas.pixels_mut(), width, radius * short);
    }
}

/// Paints a plain, bright, softly shaded wall like the training photos', over the whole canvas.
pub fn paint_wall(canvas: &mut Canvas, rng: &mut impl Rng) {
    let paint = hsv_within(0.05..0.2, 0.0..0.09, 0.72..0.97, rng);
    // Shade is colder or warmer than light.
    let cast = hsv(rng.random(), rng.random_range(0.0..0.05), 1.0);
    let shade = paint * cast * rng.random_range(0.75..1.02);
    scatter::paint_plain(canvas, paint, shade, rng);
    let cell = canvas.short_side() * rng.random_range(0.4..1.2);
    grading::mottle(canvas, cell, 2, rng.random_range(0.0..0.05), rng);
}

fn paint_scene(canvas: &mut Canvas, rng: &mut impl Rng) {
    match rng.random_range(0..100) {
        0..=9 => {
            let first = palette::any(rng);
            let second = if rng.random_bool(0.7) {
                palette::near(first, 0.4, rng)
            } else {
                palette::any(rng)
            };
            scatter::paint_plain(canvas, first, second, rng);
        }
        10..=12 => paint_wall(canvas, rng),
        13..=55 => room::paint(canvas, rng),
        56..=69 => room::paint_surface(canvas, rng),
        70..=82 => scatter::paint_clutter(canvas, rng),
        _ => scatter::paint_noise(canvas, rng),
    }
}

/// Lays another picture over a part: beyond a straight line, or in patches.
fn combine(canvas: &mut Canvas, other: &Canvas, rng: &mut impl Rng) {
    let side = canvas.short_side();
    let soft = if rng.random_bool(0.6) {
        1.0
    } else {
        side * rng.random_range(0.02..0.6)
    };
    let (width, middle) = (canvas.width(), canvas.size() / 2.0);
    let patches = rng.random_bool(0.35).then(|| {
        let cell = Vec2::splat(side * rng.random_range(0.2..0.8));
        noise::fractal((width, canvas.height()), cell, 3, 0.5, rng)
    });
    let across = Vec2::from_angle(rng.random_range(0.0..TAU));
    let shift = rng.random_range(-0.35..0.35) * side;
    canvas.each(|x, y, pixel| {
        let beyond = match &patches {
            Some(patches) => patches[y * width + x] * side * 0.5,
            None => (Vec2::new(x as f32, y as f32) - middle).dot(across) + shift,
        };
        let share = (beyond / soft + 0.5).clamp(0.0, 1.0);
        *pixel = pixel.lerp(other.pixels()[y * width + x], share);
    });
}
