//! Backgrounds without a room's order: gradients, noise, heaps of shapes.

use crate::canvas::Canvas;
use crate::field::smoothstep;
use crate::noise;
use crate::palette::{self, Rgb, hsv_within};
use crate::shapes::{self, Brush, Pattern};
use glam::{Vec2, vec2};
use rand::Rng;
use std::f32::consts::TAU;

/// One colour with another towards a side or around a place.
pub fn paint_plain(canvas: &mut Canvas, first: Rgb, second: Rgb, rng: &mut impl Rng) {
    let direction = Vec2::from_angle(rng.random_range(0.0..TAU));
    let round = rng.random_bool(0.3);
    let middle = vec2(rng.random_range(-0.2..1.2), rng.random_range(-0.2..1.2));
    let size = canvas.size();
    canvas.each(|x, y, pixel| {
        let place = vec2(x as f32, y as f32) / size;
        let share = if round {
            place.distance_squared(middle)
        } else {
            (place - 0.5).dot(direction) + 0.5
        };
        *pixel = first.lerp(second, smoothstep(0.0, 1.0, share));
    });
}

/// Fractal noise through a palette: foliage, stone, cloud, rust, skin, anything.
pub fn paint_noise(canvas: &mut Canvas, rng: &mut impl Rng) {
    let main = match rng.random_range(0..6) {
        0..=1 => Some((palette::plant(rng), 0.5)),
        2 => Some((hsv_within(0.0..1.0, 0.0..0.2, 0.2..0.9, rng), 0.2)),
        3 => Some((palette::skin(rng), 0.15)),
        _ => None,
    };
    let colours: [Rgb; 4] = match main {
        Some((colour, spread)) => {
            let near = palette::near(colour, spread, rng);
            [
                colour * rng.random_range(0.15..0.6),
                colour,
                near,
                colour * 1.2,
            ]
        }
        None => palette::set(rng),
    };
    let size = (canvas.width(), canvas.height());
    let coarse = canvas.short_side() * 2.0f32.powf(rng.random_range(-4.5..0.0));
    let aspect = if rng.random_bool(0.3) {
        rng.random_range(0.15..6.0f32).sqrt()
    } else {
        1.0
    };
    let cell = coarse * vec2(aspect, 1.0 / aspect);
    let (octaves, gain) = (rng.random_range(1..7), rng.random_range(0.4..0.95));
    let levels = noise::fractal(size, cell, octaves, gain, rng);
    let lights = noise::fractal(size, cell * 0.7, octaves, gain, rng);
    let depth = rng.random_range(0.0..0.7);
    let hard = rng.random_range(1.0..5.0);
    for ((pixel, level), light) in canvas.pixels_mut().iter_mut().zip(levels).zip(lights) {
        let place = ((level * hard * 0.5 + 0.5).clamp(0.0, 1.0) * 3.0).min(2.999);
        let at = place as usize;
        *pixel = colours[at].lerp(colours[at + 1], place.fract()) * (1.0 + light * depth);
    }
}

/// Shapes of every kind and colour, in heaps.
pub fn paint_clutter(canvas: &mut Canvas, rng: &mut impl Rng) {
    let colours: [Rgb; 8] = palette::set(rng);
    paint_plain(canvas, colours[0], colours[1], rng);
    let large = rng.random_range(0.05..0.35);
    let count = rng.random_range(3..(14.0 / large) as usize);
    paint_shapes(canvas, &colours, large, count, rng);
}

/// So many shapes of a share of the canvas' side.
pub fn paint_shapes(
    canvas: &mut Canvas,
    colours: &[Rgb],
    large: f32,
    count: usize,
    rng: &mut impl Rng,
) {
    let (size, reach) = (canvas.size(), canvas.short_side() * large);
    let upright = rng.random_bool(0.5);
    let shaded = rng.random_range(0.0..0.5);
    let shadows = rng.random_bool(0.6);
    for _ in 0..count {
        let centre = size * vec2(rng.random(), rng.random());
        let half = reach * vec2(rng.random_range(0.1..1.0), rng.random_range(0.1..1.0));
        let angle = if upright {
            rng.random_range(-0.05..0.05)
        } else {
            rng.random_range(0.0..TAU)
        };
        let pick = colours[rng.random_range(0..colours.len())];
        let mut draw = |from: f32| rng.random_range(from..1.0) * shaded;
        let (right, down, round) = (draw(-1.0), draw(-1.0), draw(0.0));
        let mut brush = Brush::new(palette::near(pick, 0.2, rng))
            .light(right, down)
            .round(round)
            .pattern(Pattern::sometimes(rng));
        if rng.random_bool(0.15) {
            brush = brush
                .opacity(rng.random_range(0.3..1.0))
                .edge(reach * rng.random_range(0.0..0.8));
        }
        let shade = Brush::shadow(rng.random_range(0.1..0.5), half.min_element() * 0.7 + 1.0);
        let under = centre + reach * vec2(0.1, 0.15);
        let layers = [(under, shade), (centre, brush)];
        let layers = &layers[usize::from(!shadows)..];
        match rng.random_range(0..10) {
            0..=3 => {
                let corner = reach * rng.random_range(0.0..0.3);
                for (centre, brush) in layers {
                    shapes::slab(canvas, *centre, half, angle, corner, brush);
                }
            }
            4..=5 => {
                for (centre, brush) in layers {
                    shapes::ellipse(canvas, *centre, half, angle, 0.0, brush);
                }
            }
            6 => {
                let hole = rng.random_range(0.5..0.9);
                shapes::ellipse(canvas, centre, half, angle, hole, &brush);
            }
            7..=8 => {
                let points = star(centre, reach, rng);
                shapes::polygon(canvas, &points, &brush);
            }
            _ => {
                let end = size * vec2(rng.random(), rng.random());
                let thick = canvas.short_side() * rng.random_range(0.003..0.04);
                shapes::stroke(canvas, centre, end, [thick; 2], &brush);
            }
        }
    }
}

/// A polygon's corners about a centre.
fn star(centre: Vec2, reach: f32, rng: &mut impl Rng) -> Vec<Vec2> {
    let corners = rng.random_range(3..8);
    let turn = rng.random_range(0.0..TAU);
    let corner = |at: usize| {
        let angle = turn + at as f32 / corners as f32 * TAU;
        centre + Vec2::from_angle(angle) * reach * rng.random_range(0.4..1.1)
    };
    (0..corners).map(corner).collect()
}
