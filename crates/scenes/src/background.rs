//! What is behind everything else: rooms, surfaces, noise, clutter, in any light and focus.

mod fixtures;
mod furnishing;
mod furniture;
mod grading;
mod plane;
mod room;
mod scatter;
mod surface;
mod wall;

use crate::blur::blur;
use crate::canvas::Canvas;
use crate::noise;
use crate::palette::{self, lit};
use rand::Rng;
use surface::Surface;

/// Paints a random background over the whole canvas.
pub fn paint(canvas: &mut Canvas, rng: &mut impl Rng) {
    paint_scene(canvas, rng);
    if rng.random_bool(0.14) {
        let mut other = Canvas::new(canvas.width(), canvas.height(), [0.0; 3]);
        paint_scene(&mut other, rng);
        combine(canvas, &other, rng);
    }
    if rng.random_bool(0.25) {
        scatter::dapple(canvas, rng);
    }
    grading::grade(canvas, rng);
    if rng.random_bool(0.65) {
        // Mostly slightly out of focus, seldom far.
        let share: f32 = rng.random();
        let radius = 0.041 * share * share * share + 0.005 * rng.random::<f32>();
        let (width, short) = (canvas.width(), canvas.short_side() as f32);
        blur(canvas.pixels_mut(), width, radius * short);
    }
}

/// Paints a plain, bright, softly shaded wall like the training photos', over the whole canvas.
pub fn paint_wall(canvas: &mut Canvas, rng: &mut impl Rng) {
    let paint = palette::hsv_within(0.05..0.2, 0.0..0.09, 0.72..0.97, rng);
    let shade = lit(paint, rng.random_range(0.75..1.02));
    // Shade is colder or warmer than light.
    let cast = palette::hsv(rng.random(), rng.random_range(0.0..0.05), 1.0);
    let shade = std::array::from_fn(|at| shade[at] * cast[at]);
    scatter::paint_plain(canvas, paint, shade, rng);
    let side = canvas.short_side() as f32;
    let cell = side * rng.random_range(0.4..1.2);
    grading::mottle(canvas, cell, 2, rng.random_range(0.0..0.05), rng);
}

fn paint_scene(canvas: &mut Canvas, rng: &mut impl Rng) {
    match rng.random_range(0..100) {
        0..=8 => {
            let first = palette::any(rng);
            let second = if rng.random_bool(0.7) {
                palette::near(first, 0.4, rng)
            } else {
                palette::any(rng)
            };
            scatter::paint_plain(canvas, first, second, rng);
        }
        9..=11 => paint_wall(canvas, rng),
        12..=47 => room::paint(canvas, rng),
        48..=57 => paint_surface(canvas, rng),
        58..=65 => scatter::paint_noise(canvas, rng),
        66..=68 => scatter::paint_colours(canvas, rng),
        69..=72 => scatter::paint_leaves(canvas, rng),
        73..=82 => scatter::paint_clutter(canvas, rng),
        83..=85 => scatter::paint_bokeh(canvas, rng),
        86..=88 => scatter::paint_text(canvas, rng),
        89..=91 => room::paint_ceiling(canvas, rng),
        92..=96 => room::paint_close(canvas, rng),
        _ => {
            room::paint(canvas, rng);
            scatter::paint_lamp(canvas, rng);
        }
    }
}

fn paint_surface(canvas: &mut Canvas, rng: &mut impl Rng) {
    let size = 2.0f32.powf(rng.random_range(-1.0..2.0));
    let plane = room::tilted(canvas, [size, size], rng);
    plane.cover_all(canvas, &Surface::any(rng));
}

/// Lays another picture over a part: beyond a straight line, or in patches.
fn combine(canvas: &mut Canvas, other: &Canvas, rng: &mut impl Rng) {
    let (width, height) = (canvas.width(), canvas.height());
    let side = canvas.short_side() as f32;
    let soft = if rng.random_bool(0.6) {
        1.0
    } else {
        side * rng.random_range(0.02..0.6)
    };
    let size = (width, height);
    let patches = if rng.random_bool(0.35) {
        noise::fractal(size, [side * rng.random_range(0.2..0.8); 2], 3, 0.5, rng)
    } else {
        Vec::new()
    };
    let (sin, cos) = rng.random_range(0.0..std::f32::consts::TAU).sin_cos();
    let shift = rng.random_range(-0.35..0.35) * side;
    let centre = [width as f32 / 2.0, height as f32 / 2.0];
    canvas.each(|x, y, pixel| {
        let (right, down) = (x as f32 - centre[0], y as f32 - centre[1]);
        let across = match patches.get(y * width + x) {
            Some(value) => value * side * 0.5,
            None => right * cos + down * sin + shift,
        };
        let share = (across / soft + 0.5).clamp(0.0, 1.0);
        *pixel = palette::mix(*pixel, other.pixels()[y * width + x], share);
    });
}
