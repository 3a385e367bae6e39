//! Furniture and things of any use: a box with rows and columns of parts.

use super::plane::Plane;
use crate::canvas::Canvas;
use crate::palette::{self, Rgb};
use crate::shapes::{self, Brush, Pattern};
use glam::{Vec2, vec2};
use rand::Rng;
use std::f32::consts::TAU;

/// Puts something against a wall whose units are metres, or hangs it there.
pub fn furnish(canvas: &mut Canvas, plane: &Plane, light: f32, rng: &mut impl Rng) {
    let size = vec2(rng.random_range(0.2..2.0), rng.random_range(0.2..2.1));
    let left = rng.random_range(-0.3..1.0) * plane.size.x;
    let top = if rng.random_bool(0.5) {
        plane.size.y - size.y
    } else {
        rng.random_range(0.1..1.4)
    };
    paint(canvas, plane, vec2(left, top), size, light, rng);
}

/// Paints something that lies or stands about anywhere, turned anyhow.
pub fn paint_loose(canvas: &mut Canvas, rng: &mut impl Rng) {
    let long = canvas.short_side() * 2.0f32.powf(rng.random_range(-3.2..-0.8));
    let half = vec2(long * rng.random_range(0.2..1.0), long);
    let steep = if rng.random_bool(0.5) { 0.15 } else { 3.1 };
    let turn = Vec2::from_angle(rng.random_range(-steep..steep));
    let middle = canvas.size() * vec2(rng.random_range(-0.05..1.05), rng.random_range(-0.05..1.05));
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
    let corners = corners.map(|corner| middle + turn.rotate(Vec2::from(corner) * half));
    let plane = Plane::new(corners, Vec2::ONE);
    paint(canvas, &plane, Vec2::ZERO, Vec2::ONE, 1.0, rng);
}

/// Doors, windows, shelves, pictures, curtains, blinds, cupboards, keyboards, books, forks: a box
/// and parts in rows and columns, or the parts alone.
fn paint(
    canvas: &mut Canvas,
    plane: &Plane,
    corner: Vec2,
    size: Vec2,
    light: f32,
    rng: &mut impl Rng,
) {
    let colours: [Rgb; 4] = palette::set(rng);
    let (right, down) = (rng.random_range(-0.25..0.25), rng.random_range(-0.25..0.25));
    let round = rng.random_range(0.0..0.4);
    let brush = |colour: Rgb| Brush::new(colour * light).light(right, down).round(round);
    if rng.random_bool(0.75) {
        let shift = vec2(rng.random_range(-0.05..0.08) * size.x, 0.0);
        let shade = Brush::shadow(rng.random_range(0.05..0.4), 1.0);
        plane.part(canvas, corner + shift, corner + size + shift, &shade);
        let body = brush(colours[0]).pattern(Pattern::sometimes(rng));
        plane.part(canvas, corner, corner + size, &body);
    }
    let (columns, rows) = (rng.random_range(1..9), rng.random_range(1..7));
    let cell = size / vec2(columns as f32, rows as f32);
    let inset = vec2(rng.random_range(0.02..0.4), rng.random_range(0.02..0.4));
    let (full, varied) = (rng.random_range(0.5..1.0), rng.random_range(0.0..0.4));
    let ovals = rng.random_bool(0.25);
    for at in 0..columns * rows {
        if !rng.random_bool(full) {
            continue;
        }
        let brush = brush(palette::near(colours[rng.random_range(1..4)], varied, rng));
        let place = vec2((at % columns) as f32, (at / columns) as f32);
        let to = corner + cell * (place + 1.0 - inset);
        // They stand on one line, some lower than others.
        let tall = 1.0 - varied * rng.random::<f32>();
        let from = to - cell * (1.0 - 2.0 * inset) * vec2(1.0, tall);
        if ovals {
            let points: [Vec2; 20] = std::array::from_fn(|at| {
                let way = Vec2::from_angle(at as f32 / 20.0 * TAU);
                plane.pixel((from + to + (to - from) * way) / 2.0)
            });
            shapes::polygon(canvas, &points, &brush);
        } else {
            plane.part(canvas, from, to, &brush);
        }
    }
}
