//! Backgrounds without a room's order: noise, clutter, lights out of focus, lines of text.

use super::grading;
use crate::canvas::Canvas;
use crate::noise;
use crate::palette::{self, Rgb, hsv, hsv_within, lit, mix};
use crate::shapes::{self, Brush, Pattern, Point};
use rand::Rng;
use std::f32::consts::TAU;

/// One colour with another towards a side.
pub fn paint_plain(canvas: &mut Canvas, first: Rgb, second: Rgb, rng: &mut impl Rng) {
    let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let round = rng.random_bool(0.3);
    let middle = [rng.random_range(-0.2..1.2), rng.random_range(-0.2..1.2)];
    canvas.each(|x, y, pixel| {
        let (right, down) = (x as f32 / width, y as f32 / height);
        let share = if round {
            let (right, down) = (right - middle[0], down - middle[1]);
            right * right + down * down
        } else {
            (right - 0.5) * cos + (down - 0.5) * sin + 0.5
        };
        let share = share.clamp(0.0, 1.0);
        *pixel = mix(first, second, share * share * (3.0 - 2.0 * share));
    });
}

/// Fractal noise through a palette: foliage, stone, cloud, rust, skin, anything.
pub fn paint_noise(canvas: &mut Canvas, rng: &mut impl Rng) {
    let colours: [Rgb; 4] = match rng.random_range(0..6) {
        0..=1 => {
            let leaf = palette::plant(rng);
            [
                lit(leaf, 0.15),
                leaf,
                palette::near(leaf, 0.5, rng),
                palette::plant(rng),
            ]
        }
        2 => {
            let stone = hsv_within(0.0..1.0, 0.0..0.2, 0.2..0.9, rng);
            [
                lit(stone, 0.5),
                stone,
                palette::near(stone, 0.2, rng),
                lit(stone, 1.2),
            ]
        }
        3 => {
            let skin = palette::skin(rng);
            [
                lit(skin, 0.6),
                skin,
                palette::near(skin, 0.15, rng),
                lit(skin, 1.15),
            ]
        }
        _ => palette::set(rng),
    };
    let size = (canvas.width(), canvas.height());
    let side = canvas.short_side() as f32;
    let coarse = side * 2.0f32.powf(rng.random_range(-4.5..0.0));
    let aspect = if rng.random_bool(0.3) {
        rng.random_range(0.15..6.0f32).sqrt()
    } else {
        1.0
    };
    let cell = [coarse * aspect, coarse / aspect];
    let octaves = rng.random_range(1..7);
    let gain = rng.random_range(0.4..0.95);
    let levels = noise::fractal(size, cell, octaves, gain, rng);
    let lights = noise::fractal(size, cell.map(|side| side * 0.7), octaves, gain, rng);
    let depth = rng.random_range(0.0..0.7);
    let hard = rng.random_range(1.0..5.0);
    for ((pixel, level), light) in canvas.pixels_mut().iter_mut().zip(levels).zip(lights) {
        let place = ((level * hard * 0.5 + 0.5).clamp(0.0, 1.0) * 3.0).min(2.999);
        let at = place as usize;
        let colour = mix(colours[at], colours[at + 1], place - at as f32);
        *pixel = lit(colour, 1.0 + light * depth);
    }
}

/// Noise of its own in every channel.
pub fn paint_colours(canvas: &mut Canvas, rng: &mut impl Rng) {
    let size = (canvas.width(), canvas.height());
    let side = canvas.short_side() as f32;
    let coarse = side * 2.0f32.powf(rng.random_range(-5.0..0.0));
    let octaves = rng.random_range(1..6);
    let base = palette::any(rng);
    let strength = rng.random_range(0.1..0.6);
    let gain = rng.random_range(0.3..1.0);
    canvas.pixels_mut().fill(base);
    for channel in 0..3 {
        let values = noise::fractal(size, [coarse; 2], octaves, gain, rng);
        for (pixel, value) in canvas.pixels_mut().iter_mut().zip(values) {
            pixel[channel] += value * strength;
        }
    }
}

/// Leaves or blades one over the other.
pub fn paint_leaves(canvas: &mut Canvas, rng: &mut impl Rng) {
    let colour = palette::plant(rng);
    let dark = lit(colour, rng.random_range(0.1..0.6));
    paint_plain(canvas, dark, palette::near(dark, 0.4, rng), rng);
    let side = canvas.short_side() as f32;
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let long = side * rng.random_range(0.03..0.3);
    let slim = rng.random_range(0.1..0.6);
    let turn = rng.random_range(0.0..TAU);
    let freedom = rng.random_range(0.2..3.2);
    let count = (120.0 * (0.12 * side / long).clamp(0.25, 2.0)) as usize;
    for at in 0..count {
        let centre = [width * rng.random::<f32>(), height * rng.random::<f32>()];
        let angle = turn + rng.random_range(-freedom..freedom);
        let light = 0.3 + 0.9 * at as f32 / count as f32;
        let leaf = lit(palette::near(colour, 0.3, rng), light);
        let brush = Brush::new(leaf)
            .light(rng.random_range(-0.2..0.2), 0.25)
            .round(0.2);
        let size = long * rng.random_range(0.5..1.2);
        shapes::ellipse(canvas, centre, [size, size * slim], angle, &brush);
    }
}

/// Shapes of every kind and colour, in heaps.
pub fn paint_clutter(canvas: &mut Canvas, rng: &mut impl Rng) {
    let colours: [Rgb; 8] = palette::set(rng);
    paint_plain(canvas, colours[0], colours[1], rng);
    let side = canvas.short_side() as f32;
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let large = rng.random_range(0.05..0.35);
    let count = rng.random_range(3..(14.0 / large) as usize);
    let upright = rng.random_bool(0.5);
    let shaded = rng.random_range(0.0..0.5);
    let shadows = rng.random_bool(0.6);
    for _ in 0..count {
        let centre = [width * rng.random::<f32>(), height * rng.random::<f32>()];
        let reach = side * large;
        let half = [0; 2].map(|_| reach * rng.random_range(0.1..1.0));
        let angle = if upright {
            rng.random_range(-0.05..0.05)
        } else {
            rng.random_range(0.0..TAU)
        };
        let pick = colours[rng.random_range(0..colours.len())];
        let mut brush = Brush::new(palette::near(pick, 0.2, rng))
            .light(
                rng.random_range(-1.0..1.0) * shaded,
                rng.random_range(-1.0..1.0) * shaded,
            )
            .round(rng.random_range(0.0..1.0) * shaded)
            .pattern(Pattern::sometimes(rng));
        if rng.random_bool(0.15) {
            brush = brush
                .opacity(rng.random_range(0.3..1.0))
                .edge(reach * rng.random_range(0.0..0.8));
        }
        let shade = Brush::shadow(rng.random_range(0.1..0.5), half[0].min(half[1]) * 0.7 + 1.0);
        let under = [centre[0] + reach * 0.1, centre[1] + reach * 0.15];
        match rng.random_range(0..10) {
            0..=3 => {
                let corner = reach * rng.random_range(0.0..0.3);
                if shadows {
                    shapes::slab(canvas, under, half, angle, corner, &shade);
                }
                shapes::slab(canvas, centre, half, angle, corner, &brush);
            }
            4..=5 => {
                if shadows {
                    shapes::ellipse(canvas, under, half, angle, &shade);
                }
                shapes::ellipse(canvas, centre, half, angle, &brush);
            }
            6 => shapes::ring(
                canvas,
                centre,
                half,
                angle,
                rng.random_range(0.5..0.9),
                &brush,
            ),
            7..=8 => {
                let points = star(centre, reach, rng);
                shapes::polygon(canvas, &points, &brush);
            }
            _ => {
                let end = [width * rng.random::<f32>(), height * rng.random::<f32>()];
                let thick = side * rng.random_range(0.003..0.04);
                shapes::stroke(canvas, centre, end, [thick; 2], &brush);
            }
        }
    }
}

/// A polygon's corners about a centre.
fn star(centre: Point, reach: f32, rng: &mut impl Rng) -> Vec<Point> {
    let corners = rng.random_range(3..8);
    let turn = rng.random_range(0.0..TAU);
    let corner = |at: usize| {
        let (sin, cos) = (turn + at as f32 / corners as f32 * TAU).sin_cos();
        let away = reach * rng.random_range(0.4..1.1);
        [centre[0] + away * cos, centre[1] + away * sin]
    };
    (0..corners).map(corner).collect()
}

/// Lights far out of focus.
pub fn paint_bokeh(canvas: &mut Canvas, rng: &mut impl Rng) {
    let colours: [Rgb; 4] = palette::set(rng);
    let dark = rng.random_range(0.1..0.8);
    paint_plain(canvas, lit(colours[0], dark), lit(colours[1], dark), rng);
    let side = canvas.short_side() as f32;
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let large = side * rng.random_range(0.03..0.2);
    let sharp = rng.random_range(0.1..1.0);
    for _ in 0..rng.random_range(5..40) {
        let centre = [width * rng.random::<f32>(), height * rng.random::<f32>()];
        let radius = large * rng.random_range(0.5..1.3);
        let light = if rng.random_bool(0.5) {
            hsv(
                rng.random_range(0.05..0.17),
                rng.random_range(0.0..0.6),
                1.1,
            )
        } else {
            lit(palette::uniform(rng), 1.3)
        };
        let brush = Brush::new(light)
            .opacity(rng.random_range(0.1..0.8))
            .edge(radius * sharp);
        shapes::ellipse(canvas, centre, [radius; 2], 0.0, &brush);
    }
}

/// Lines of something like text on paper or a screen.
pub fn paint_text(canvas: &mut Canvas, rng: &mut impl Rng) {
    let paper = palette::wall(rng);
    let bright = paper.iter().sum::<f32>() > 1.3;
    let ink = if bright {
        lit(palette::any(rng), 0.4)
    } else {
        mix(palette::any(rng), [1.0; 3], 0.6)
    };
    paint_plain(canvas, paper, palette::near(paper, 0.15, rng), rng);
    let side = canvas.short_side() as f32;
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let centre = [width / 2.0, height / 2.0];
    let line = side * rng.random_range(0.03..0.14);
    let angle: f32 = rng.random_range(-0.5..0.5) * rng.random::<f32>();
    let (sin, cos) = angle.sin_cos();
    let reach = width.hypot(height) / 2.0;
    let heavy = rng.random_range(0.04..0.12);
    let margin = reach * rng.random_range(0.4..1.0);
    let mut down = -reach;
    while down < reach {
        let mut right = -margin;
        let end = margin * rng.random_range(0.0..1.0);
        while right < end {
            let wide = line * rng.random_range(0.12..0.6);
            // A word ends after some letters.
            if rng.random_bool(0.82) {
                let tall = line * rng.random_range(0.15..0.3);
                let middle = right + wide / 2.0;
                let place = [
                    centre[0] + middle * cos - down * sin,
                    centre[1] + middle * sin + down * cos,
                ];
                let brush = Brush::new(ink);
                if rng.random_bool(0.4) {
                    let hole = 1.0 - 2.0 * heavy * line / tall;
                    shapes::ring(
                        canvas,
                        place,
                        [wide * 0.45, tall],
                        angle,
                        hole.max(0.1),
                        &brush,
                    );
                } else {
                    shapes::slab(canvas, place, [line * heavy, tall], angle, 0.0, &brush);
                }
            }
            right += wide;
        }
        down += line;
    }
}

/// A dark place with a lamp or a lit screen.
pub fn paint_lamp(canvas: &mut Canvas, rng: &mut impl Rng) {
    let dim = rng.random_range(0.05..0.5);
    canvas
        .pixels_mut()
        .iter_mut()
        .for_each(|pixel| *pixel = lit(*pixel, dim));
    let side = canvas.short_side() as f32;
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let light = hsv_within(0.05..0.65, 0.0..0.6, 0.9..1.3, rng);
    let centre = [
        width * rng.random_range(-0.1..1.1),
        height * rng.random_range(-0.1..1.1),
    ];
    let radius = side * rng.random_range(0.03..0.2);
    for grow in [9.0, 4.0, 2.0] {
        let glow = Brush::new(light)
            .opacity(rng.random_range(0.1..0.35))
            .edge(radius * grow * 1.6);
        shapes::ellipse(canvas, centre, [radius * grow; 2], 0.0, &glow);
    }
    let aspect = rng.random_range(0.5..1.5);
    shapes::ellipse(
        canvas,
        centre,
        [radius, radius * aspect],
        0.0,
        &Brush::new(light),
    );
}

/// Patches of light through a window or leaves.
pub fn dapple(canvas: &mut Canvas, rng: &mut impl Rng) {
    let side = canvas.short_side() as f32;
    let cell = side * rng.random_range(0.1..0.9);
    grading::mottle(
        canvas,
        cell,
        rng.random_range(1..4),
        rng.random_range(0.0..0.3),
        rng,
    );
}
