//! Things that lie and stand about: tableware, books, plants, phones, balls.

use super::thing::Thing;
use crate::canvas::Canvas;
use crate::palette::{self, Rgb, hsv, lit, mix};
use crate::shapes::{self, Brush, Pattern};
use rand::Rng;
use std::f32::consts::TAU;

pub fn cup(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let wide = rng.random_range(0.45..0.9);
    thing.shadow(canvas, [wide, 0.9], rng);
    let colour = palette::any(rng);
    let body = thing
        .brush(colour)
        .round(0.3)
        .pattern(Pattern::sometimes(rng));
    let side = if rng.random() { wide } else { -wide };
    let handle = thing.at(side, 0.0);
    let radii = [0.35 * thing.size, 0.5 * thing.size];
    shapes::ring(
        canvas,
        handle,
        radii,
        thing.angle,
        0.65,
        &thing.brush(lit(colour, 0.9)),
    );
    thing.slab(canvas, [0.0; 2], [wide, 0.85], 0.15, &body);
    thing.oval(
        canvas,
        [0.0, -0.82],
        [wide, 0.2],
        &thing.brush(lit(colour, 1.1)),
    );
    let drink = hsv(0.07, 0.6, rng.random_range(0.1..0.5));
    thing.oval(
        canvas,
        [0.0, -0.8],
        [wide * 0.88, 0.14],
        &thing.brush(drink),
    );
}

pub fn book(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let wide = rng.random_range(0.5..0.9);
    thing.shadow(canvas, [wide, 1.0], rng);
    let colours: [Rgb; 3] = palette::set(rng);
    let pages = thing.brush([0.9, 0.88, 0.8]);
    thing.slab(canvas, [0.06, 0.04], [wide, 1.0], 0.0, &pages);
    thing.slab(
        canvas,
        [0.0; 2],
        [wide, 1.0],
        0.02,
        &thing.brush(colours[0]),
    );
    for _ in 0..rng.random_range(1..6) {
        let half = [
            wide * rng.random_range(0.1..0.85),
            rng.random_range(0.03..0.3),
        ];
        let down = rng.random_range(-0.65..0.65);
        let colour = colours[rng.random_range(1..3)];
        thing.slab(canvas, [0.0, down], half, 0.0, &thing.brush(colour));
    }
}

pub fn plant(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let colour = palette::plant(rng);
    let slim = rng.random_range(0.1..0.5);
    for _ in 0..rng.random_range(9..26) {
        let (sin, cos) = rng.random_range(0.5 * TAU - 0.4..TAU + 0.4).sin_cos();
        let long = rng.random_range(0.4..1.6);
        let leaf = thing.brush(palette::near(colour, 0.35, rng)).round(0.3);
        let stem = thing.brush(lit(colour, 0.7));
        thing.stroke(
            canvas,
            [0.0, 0.3],
            [cos * long, sin * long],
            [0.02; 2],
            &stem,
        );
        let tip = thing.at(cos * long, sin * long);
        let radii = [thing.size * 0.45, thing.size * 0.45 * slim];
        let angle = thing.angle + f32::atan2(sin, cos) + rng.random_range(-0.5..0.5);
        shapes::ellipse(canvas, tip, radii, angle, &leaf);
    }
    let pot = thing.brush(palette::any(rng)).round(0.35);
    thing.slab(canvas, [0.0, 0.7], [0.45, 0.45], 0.08, &pot);
}

pub fn bottle(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let wide = rng.random_range(0.2..0.4);
    thing.shadow(canvas, [wide, 0.9], rng);
    let clear = rng.random_range(0.5..1.0);
    let body = thing
        .brush(palette::uniform(rng))
        .round(0.35)
        .opacity(clear);
    let neck = wide * rng.random_range(0.3..0.6);
    thing.slab(canvas, [0.0, -0.7], [neck, 0.3], 0.05, &body);
    thing.slab(canvas, [0.0, 0.25], [wide, 0.75], wide * 0.6, &body);
    let cap = thing.brush(palette::any(rng));
    thing.slab(canvas, [0.0, -0.95], [neck * 1.15, 0.1], 0.03, &cap);
    let label = thing
        .brush(palette::any(rng))
        .round(0.2)
        .pattern(Pattern::sometimes(rng));
    thing.slab(
        canvas,
        [0.0, 0.3],
        [wide, rng.random_range(0.15..0.45)],
        0.0,
        &label,
    );
    let shine = Brush::new([1.0; 3]).opacity(0.4).edge(thing.edge);
    thing.slab(canvas, [-wide * 0.5, 0.1], [wide * 0.08, 0.6], 0.0, &shine);
}

/// A keyboard or a remote control.
pub fn keys(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let case = palette::near([0.4; 3], 0.9, rng);
    let (columns, rows) = (rng.random_range(3..14), rng.random_range(3..6));
    let pitch = 1.8 / columns.max(rows) as f32;
    let half = [pitch * columns as f32 / 2.0, pitch * rows as f32 / 2.0];
    thing.shadow(canvas, half, rng);
    thing.slab(
        canvas,
        [0.0; 2],
        half.map(|side| side + 0.06),
        0.06,
        &thing.brush(case),
    );
    let key = mix(case, palette::uniform(rng), 0.5);
    let brush = thing.brush(key);
    for at in 0..columns * rows {
        let u = pitch * ((at % columns) as f32 + 0.5) - half[0];
        let v = pitch * ((at / columns) as f32 + 0.5) - half[1];
        thing.slab(canvas, [u, v], [pitch * 0.4; 2], pitch * 0.1, &brush);
    }
}

pub fn phone(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let wide = rng.random_range(0.45..0.75);
    thing.shadow(canvas, [wide, 1.0], rng);
    let case = thing.brush(palette::near([0.3; 3], 1.0, rng));
    thing.slab(canvas, [0.0; 2], [wide, 1.0], 0.1, &case);
    let screen = thing.brush(palette::uniform(rng));
    thing.slab(canvas, [0.0; 2], [wide * 0.92, 0.92], 0.05, &screen);
    for _ in 0..rng.random_range(0..7) {
        let half = [
            wide * rng.random_range(0.1..0.8),
            rng.random_range(0.03..0.2),
        ];
        let brush = thing.brush(palette::uniform(rng));
        thing.slab(
            canvas,
            [0.0, rng.random_range(-0.7..0.7)],
            half,
            0.03,
            &brush,
        );
    }
}

/// A ball, a plate, a fruit, a lamp's shade.
pub fn ball(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let flat = rng.random_range(0.4..1.0);
    thing.shadow(canvas, [0.9, 0.9 * flat], rng);
    let brush = thing
        .brush(palette::any(rng))
        .round(rng.random_range(0.0..0.6));
    let brush = brush.pattern(Pattern::sometimes(rng));
    thing.oval(canvas, [0.0; 2], [1.0, flat], &brush);
    if rng.random_bool(0.3) {
        let inner = thing.brush(palette::any(rng));
        thing.oval(canvas, [0.0; 2], [0.65, 0.65 * flat], &inner);
    }
}
