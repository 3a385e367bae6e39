//! Things that could be taken for fingers: bars, sticks, teeth, cables.

use super::thing::Thing;
use crate::canvas::Canvas;
use crate::palette::{self, hsv, lit};
use crate::shapes;
use rand::Rng;
use std::f32::consts::TAU;

/// A chair's back: a frame with bars upright or level.
pub fn chair(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let colour = if rng.random_bool(0.6) {
        palette::wood(rng)
    } else {
        palette::cloth(rng)
    };
    let brush = thing.brush(colour).round(0.3);
    let wide = rng.random_range(0.6..1.0);
    let thick = rng.random_range(0.05..0.12);
    for side in [-wide, wide] {
        thing.stroke(canvas, [side, -1.0], [side * 0.95, 3.0], [thick; 2], &brush);
    }
    thing.stroke(
        canvas,
        [-wide, -0.95],
        [wide, -0.95],
        [thick * 1.6; 2],
        &brush,
    );
    let bars = rng.random_range(0..9);
    if bars == 0 {
        thing.slab(canvas, [0.0, -0.1], [wide * 0.95, 0.85], 0.1, &brush);
    }
    let upright = rng.random_bool(0.5);
    for bar in 1..=bars {
        let place = 2.0 * bar as f32 / (bars + 1) as f32 - 1.0;
        let (from, to) = if upright {
            ([place * wide, -0.95], [place * wide, 0.9])
        } else {
            ([-wide, place], [wide, place])
        };
        thing.stroke(canvas, from, to, [thick * 0.6; 2], &brush);
    }
    thing.stroke(canvas, [-wide, 0.9], [wide, 0.9], [thick; 2], &brush);
}

/// A cable or a cord that wanders off.
pub fn cable(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let colour = if rng.random_bool(0.5) {
        [0.08; 3]
    } else {
        palette::any(rng)
    };
    let brush = thing.brush(colour).round(0.3);
    let step = thing.side * 0.06;
    let mut at = [thing.middle[0], canvas.height() as f32 + step];
    let mut heading: f32 = -0.25 * TAU + rng.random_range(-0.6..0.6);
    let mut turn: f32 = 0.0;
    let mut points = vec![at];
    for _ in 0..rng.random_range(15..45) {
        turn = turn * 0.7 + rng.random_range(-0.3..0.3);
        heading += turn;
        at = [at[0] + step * heading.cos(), at[1] + step * heading.sin()];
        points.push(at);
    }
    let radius = thing.side * rng.random_range(0.003..0.02);
    shapes::path(canvas, &points, radius, &brush);
}

/// Pens and sticks, alone or crossed.
pub fn sticks(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let wooden = rng.random_bool(0.4);
    for _ in 0..rng.random_range(1..4) {
        let colour = if wooden {
            palette::wood(rng)
        } else {
            palette::uniform(rng)
        };
        let brush = thing.brush(colour).round(0.4);
        let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
        let long = rng.random_range(0.9..2.2);
        let shift = [rng.random_range(-0.2..0.2), rng.random_range(-0.2..0.2)];
        let end = |share: f32| [shift[0] + cos * long * share, shift[1] + sin * long * share];
        let thick = rng.random_range(0.02..0.08);
        thing.stroke(canvas, end(-1.0), end(0.9), [thick; 2], &brush);
        if !wooden {
            let tip = thing.brush(lit(colour, 0.4));
            thing.stroke(canvas, end(0.9), end(1.0), [thick, thick * 0.2], &tip);
            thing.stroke(canvas, end(-1.0), end(-0.85), [thick * 1.15; 2], &tip);
        }
    }
}

/// Forks, rakes, combs, brushes: teeth that are straight, even and thinner than fingers.
pub fn comb(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let metal = hsv(rng.random(), 0.06, rng.random_range(0.3..0.95));
    let colour = if rng.random_bool(0.5) {
        metal
    } else {
        palette::uniform(rng)
    };
    let brush = thing.brush(colour).round(0.3);
    let fork = rng.random_bool(0.5);
    let teeth = if fork {
        rng.random_range(3..5)
    } else {
        rng.random_range(7..24)
    };
    let wide = if fork {
        rng.random_range(0.15..0.3)
    } else {
        rng.random_range(0.4..1.2)
    };
    let long = rng.random_range(0.3..0.8);
    let pitch = 2.0 * wide / (teeth - 1) as f32;
    let thick = pitch * rng.random_range(0.12..0.25);
    for tooth in 0..teeth {
        let across = pitch * tooth as f32 - wide;
        thing.stroke(
            canvas,
            [across, -0.2],
            [across, -0.2 - long],
            [thick, thick * 0.7],
            &brush,
        );
    }
    let bar = thick.max(if fork { 0.06 } else { 0.12 });
    thing.stroke(canvas, [-wide, -0.2], [wide, -0.2], [bar; 2], &brush);
    if fork || rng.random_bool(0.4) {
        thing.stroke(canvas, [0.0, -0.2], [0.0, 1.4], [0.05, 0.09], &brush);
    }
}

/// Bars from border to border: a window's, a fence's, a bed's.
pub fn bars(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let reach = 3.0 * canvas.width().max(canvas.height()) as f32 / thing.size;
    let colour = if rng.random_bool(0.5) {
        palette::wood(rng)
    } else {
        palette::any(rng)
    };
    let brush = thing.brush(colour).round(0.3);
    let pitch = thing.side * rng.random_range(0.12..0.45) / thing.size;
    let thick = pitch * rng.random_range(0.04..0.2);
    let half = (0.7 * reach / pitch / 3.0).min(12.0) as i32;
    for bar in -half..=half {
        let across = pitch * bar as f32;
        thing.stroke(
            canvas,
            [across, -reach],
            [across, reach],
            [thick; 2],
            &brush,
        );
    }
    if rng.random_bool(0.6) {
        thing.stroke(
            canvas,
            [-reach, 0.0],
            [reach, 0.0],
            [thick * 1.2; 2],
            &brush,
        );
    }
}
