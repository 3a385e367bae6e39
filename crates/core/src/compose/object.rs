//! Things that people have about them: tableware, books, plants, chairs, cables, sticks, combs.

use super::canvas::Canvas;
use super::palette::{self, Rgb, hsv, lit, mix};
use super::scatter;
use super::shapes::{self, Brush, Point};
use rand::Rng;
use std::f32::consts::TAU;

/// Paints one of them somewhere.
pub fn paint(canvas: &mut Canvas, rng: &mut impl Rng) {
    let thing = Thing::draw(canvas, rng);
    match rng.random_range(0..23) {
        0..=1 => cup(canvas, &thing, rng),
        2..=3 => book(canvas, &thing, rng),
        4..=5 => plant(canvas, &thing, rng),
        6..=7 => bottle(canvas, &thing, rng),
        8..=9 => chair(canvas, &thing, rng),
        10..=11 => cable(canvas, &thing, rng),
        12..=13 => sticks(canvas, &thing, rng),
        14..=16 => comb(canvas, &thing, rng),
        17..=18 => bars(canvas, &thing, rng),
        19 => keys(canvas, &thing, rng),
        20 => phone(canvas, &thing, rng),
        _ => ball(canvas, &thing, rng),
    }
}

/// Where a thing is, how large (half its length) and how it is turned.
struct Thing {
    middle: Point,
    size: f32,
    angle: f32,
    edge: f32,
    light: [f32; 2],
    side: f32,
}

impl Thing {
    fn draw(canvas: &Canvas, rng: &mut impl Rng) -> Self {
        let side = canvas.short_side() as f32;
        let steep = if rng.random_bool(0.5) { 0.15 } else { 3.1 };
        Self {
            middle: [
                canvas.width() as f32 * rng.random_range(-0.05..1.05),
                canvas.height() as f32 * rng.random_range(-0.05..1.05),
            ],
            size: side * 2.0f32.powf(rng.random_range(-3.2..-0.8)),
            angle: rng.random_range(-steep..steep),
            edge: 1.0 + side * 0.03 * rng.random::<f32>() * rng.random::<f32>(),
            light: [rng.random_range(-0.4..0.4), rng.random_range(-0.25..0.25)],
            side,
        }
    }

    /// The pixel of a place in the thing's own frame, -1 to 1 along its length.
    fn at(&self, u: f32, v: f32) -> Point {
        let (sin, cos) = self.angle.sin_cos();
        let (right, down) = (u * self.size, v * self.size);
        [
            self.middle[0] + right * cos - down * sin,
            self.middle[1] + right * sin + down * cos,
        ]
    }

    fn brush(&self, colour: Rgb) -> Brush {
        Brush::new(colour)
            .edge(self.edge)
            .light(self.light[0], self.light[1])
    }

    fn slab(&self, canvas: &mut Canvas, place: Point, half: [f32; 2], corner: f32, brush: &Brush) {
        let half = half.map(|side| side * self.size);
        let middle = self.at(place[0], place[1]);
        shapes::slab(canvas, middle, half, self.angle, corner * self.size, brush);
    }

    fn oval(&self, canvas: &mut Canvas, place: Point, radii: [f32; 2], brush: &Brush) {
        let radii = radii.map(|radius| radius * self.size);
        shapes::ellipse(
            canvas,
            self.at(place[0], place[1]),
            radii,
            self.angle,
            brush,
        );
    }

    fn stroke(&self, canvas: &mut Canvas, from: Point, to: Point, radii: [f32; 2], brush: &Brush) {
        let radii = radii.map(|radius| radius * self.size);
        let (from, to) = (self.at(from[0], from[1]), self.at(to[0], to[1]));
        shapes::stroke(canvas, from, to, radii, brush);
    }

    /// A soft shadow below and behind.
    fn shadow(&self, canvas: &mut Canvas, half: [f32; 2], rng: &mut impl Rng) {
        if rng.random_bool(0.5) {
            let soft = self.size * half[0].min(half[1]) * 0.7;
            let brush = Brush::shadow(rng.random_range(0.1..0.45), soft);
            let shift = [rng.random_range(-0.15..0.15), rng.random_range(0.0..0.2)];
            self.slab(canvas, shift, half, half[0].min(half[1]) * 0.5, &brush);
        }
    }
}

fn cup(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let wide = rng.random_range(0.45..0.9);
    thing.shadow(canvas, [wide, 0.9], rng);
    let colour = palette::any(rng);
    let body = thing
        .brush(colour)
        .round(0.3)
        .pattern(scatter::pattern(rng));
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

fn book(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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

fn plant(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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

fn bottle(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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
        .pattern(scatter::pattern(rng));
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

/// A chair's back: a frame with bars upright or level.
fn chair(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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
fn cable(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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
fn sticks(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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
fn comb(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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
fn bars(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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

/// A keyboard or a remote control.
fn keys(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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

fn phone(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
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
fn ball(canvas: &mut Canvas, thing: &Thing, rng: &mut impl Rng) {
    let flat = rng.random_range(0.4..1.0);
    thing.shadow(canvas, [0.9, 0.9 * flat], rng);
    let brush = thing
        .brush(palette::any(rng))
        .round(rng.random_range(0.0..0.6));
    let brush = brush.pattern(scatter::pattern(rng));
    thing.oval(canvas, [0.0; 2], [1.0, flat], &brush);
    if rng.random_bool(0.3) {
        let inner = thing.brush(palette::any(rng));
        thing.oval(canvas, [0.0; 2], [0.65, 0.65 * flat], &inner);
    }
}
