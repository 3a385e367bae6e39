//! A person behind the hand: head, hair, neck, shoulders, clothes.

use crate::canvas::Canvas;
use crate::palette::{self, Rgb, lit, mix};
use crate::shapes::{self, Brush, Pattern, Point};
use glam::{Vec2, vec2};
use rand::Rng;
use std::f32::consts::PI;

/// Where a head is: its middle, half its width and height, its tilt.
struct Head {
    middle: Point,
    radii: [f32; 2],
    tilt: f32,
    /// Width of all edges: how far out of focus the person is.
    edge: f32,
    /// Light from the left or right.
    light: f32,
}

impl Head {
    fn draw(canvas: &Canvas, rng: &mut impl Rng) -> Self {
        let side = canvas.short_side() as f32;
        let (width, height) = (canvas.width() as f32, canvas.height() as f32);
        let tall = side * 2.0f32.powf(rng.random_range(-3.6..-1.4));
        let slim = rng.random_range(0.66..0.85);
        Self {
            middle: [
                width * rng.random_range(0.05..0.95),
                height * rng.random_range(0.05..0.65),
            ],
            radii: [tall * slim, tall],
            tilt: rng.random_range(-0.3..0.3) * rng.random::<f32>(),
            edge: 1.0 + side * 0.03 * rng.random::<f32>() * rng.random::<f32>(),
            light: rng.random_range(-0.4..0.4),
        }
    }

    /// The pixel of a place whose ends at the head's outline are -1 and 1.
    fn at(&self, u: f32, v: f32) -> Point {
        let away = vec2(u, v) * Vec2::from(self.radii);
        (Vec2::from(self.middle) + Vec2::from_angle(self.tilt).rotate(away)).into()
    }

    fn brush(&self, colour: Rgb) -> Brush {
        Brush::new(colour).edge(self.edge).light(self.light, 0.0)
    }

    fn oval(&self, canvas: &mut Canvas, place: Point, radii: [f32; 2], brush: &Brush) {
        let middle = self.at(place[0], place[1]);
        let radii = [radii[0] * self.radii[0], radii[1] * self.radii[1]];
        shapes::ellipse(canvas, middle, radii, self.tilt, brush);
    }

    fn stroke(&self, canvas: &mut Canvas, from: Point, to: Point, width: f32, brush: &Brush) {
        let radius = width * self.radii[0];
        let (from, to) = (self.at(from[0], from[1]), self.at(to[0], to[1]));
        shapes::stroke(canvas, from, to, [radius; 2], brush);
    }
}

/// Paints a head and an upper body, as a webcam sees them.
pub fn paint(canvas: &mut Canvas, skin: Rgb, rng: &mut impl Rng) {
    let head = Head::draw(canvas, rng);
    let skin = lit(skin, rng.random_range(0.75..1.1));
    let hair = palette::hair(rng);
    let long = rng.random_bool(0.4);
    let bald = !long && rng.random_bool(0.15);
    if long {
        let wide = rng.random_range(1.15..1.5);
        let low = rng.random_range(0.8..2.0);
        let behind = head.brush(lit(hair, 0.8)).round(0.2);
        head.oval(canvas, [0.0, low * 0.35], [wide, 1.0 + low * 0.5], &behind);
    }
    paint_body(canvas, &head, skin, rng);
    let ears = head.brush(lit(skin, 0.85));
    if !long {
        for side in [-1.0, 1.0] {
            head.oval(canvas, [side, 0.1], [0.14, 0.18], &ears);
        }
    }
    let round = rng.random_range(0.05..0.4);
    head.oval(canvas, [0.0; 2], [1.0; 2], &head.brush(skin).round(round));
    let jaw = rng.random_range(0.6..0.9);
    head.oval(
        canvas,
        [0.0, 0.42],
        [jaw, 0.55],
        &head.brush(skin).round(round),
    );
    // A face turned away shows no features.
    let turn: f32 = rng.random_range(-0.45..0.45);
    if rng.random_bool(0.9) {
        paint_features(canvas, &head, skin, hair, turn, rng);
    } else {
        head.oval(
            canvas,
            [0.0, -0.05],
            [1.03, 1.0],
            &head.brush(hair).round(0.3),
        );
    }
    if !bald {
        paint_hair(canvas, &head, hair, long, rng);
    }
}

fn paint_body(canvas: &mut Canvas, head: &Head, skin: Rgb, rng: &mut impl Rng) {
    let [across, tall] = head.radii;
    let floor = canvas.height() as f32 + tall;
    let colour = palette::cloth(rng);
    let pattern = Pattern::sometimes(rng);
    let cloth = head
        .brush(colour)
        .round(rng.random_range(0.0..0.3))
        .pattern(pattern);
    let neck = head.middle[0];
    let shoulder = head.middle[1] + tall * rng.random_range(1.4..1.75);
    let wide = across * rng.random_range(2.1..3.0);
    let slope = tall * rng.random_range(0.2..0.6);
    // Upper arms first, so that the trunk lies over them.
    for side in [-1.0, 1.0] {
        let thick = across * rng.random_range(0.5..0.75);
        let top = [neck + side * (wide - thick), shoulder + slope + thick * 0.6];
        let elbow = [
            neck + side * wide * rng.random_range(0.9..1.4),
            top[1] + tall * 2.6,
        ];
        let arm = head.brush(lit(colour, 0.85)).round(0.35).pattern(pattern);
        shapes::stroke(canvas, top, elbow, [thick, thick * 0.8], &arm);
        let hip = [neck + side * wide * 0.9, floor.max(elbow[1])];
        shapes::stroke(canvas, elbow, hip, [thick * 0.8, thick * 0.7], &arm);
    }
    let waist = wide * rng.random_range(0.65..1.0);
    let trunk = [
        [neck - across * 0.5, shoulder - tall * 0.15],
        [neck + across * 0.5, shoulder - tall * 0.15],
        [neck + wide * 0.75, shoulder + slope * 0.5],
        [neck + wide, shoulder + slope * 1.5],
        [neck + waist, floor],
        [neck - waist, floor],
        [neck - wide, shoulder + slope * 1.5],
        [neck - wide * 0.75, shoulder + slope * 0.5],
    ];
    shapes::polygon(canvas, &trunk, &cloth);
    let throat = head.brush(lit(skin, rng.random_range(0.6..0.9))).round(0.2);
    let thick = across * rng.random_range(0.45..0.65);
    let foot = [neck, shoulder - tall * rng.random_range(-0.05..0.2)];
    shapes::stroke(canvas, head.at(0.0, 0.5), foot, [thick; 2], &throat);
    if rng.random_bool(0.5) {
        // A collar or an open jacket over a shirt.
        let inner = head.brush(palette::cloth(rng));
        let depth = tall * rng.random_range(0.3..2.5);
        let open = across * rng.random_range(0.4..0.8);
        let front = [
            [neck - open, shoulder - tall * 0.1],
            [neck + open, shoulder - tall * 0.1],
            [neck, shoulder + depth],
        ];
        shapes::polygon(canvas, &front, &inner);
    }
}

fn paint_features(
    canvas: &mut Canvas,
    head: &Head,
    skin: Rgb,
    hair: Rgb,
    turn: f32,
    rng: &mut impl Rng,
) {
    let apart = rng.random_range(0.34..0.44);
    let brow = head.brush(mix(hair, lit(skin, 0.5), 0.3)).opacity(0.85);
    let socket = head
        .brush(lit(skin, 0.6))
        .opacity(0.6)
        .edge(head.radii[0] * 0.15);
    let white = head.brush(lit([0.85, 0.83, 0.8], rng.random_range(0.6..1.0)));
    let iris = head.brush(lit([0.2, 0.13, 0.08], rng.random_range(0.3..2.0)));
    let squint = rng.random_range(0.03..0.07);
    for side in [-1.0, 1.0] {
        let x = turn * 0.6 + side * apart * (1.0 - turn.abs() * 0.4);
        head.oval(canvas, [x, -0.06], [0.22, 0.12], &socket);
        head.oval(canvas, [x, -0.06], [0.15, squint], &white);
        head.oval(canvas, [x + turn * 0.1, -0.06], [0.065, squint], &iris);
        let lift = rng.random_range(0.18..0.26);
        head.stroke(canvas, [x - 0.16, -lift], [x + 0.16, -lift], 0.035, &brow);
    }
    let shade = head.brush(lit(skin, 0.72)).opacity(0.7);
    let tip = [turn * 0.9, 0.27];
    head.stroke(canvas, [turn * 0.7, 0.0], tip, 0.05, &shade);
    head.oval(canvas, tip, [0.14, 0.07], &shade);
    let beard = head.brush(mix(hair, skin, rng.random_range(0.1..0.6)));
    if rng.random_bool(0.25) {
        let grow = rng.random_range(0.25..0.45);
        head.oval(
            canvas,
            [turn * 0.5, 0.75],
            [0.62, grow],
            &beard.opacity(0.85),
        );
    }
    let lips = head.brush(mix(
        lit(skin, 0.65),
        [0.6, 0.15, 0.15],
        rng.random_range(0.1..0.6),
    ));
    let (wide, open) = (rng.random_range(0.2..0.34), rng.random_range(0.03..0.1));
    head.oval(canvas, [turn * 0.7, 0.52], [wide, open], &lips);
    if open > 0.075 {
        head.oval(
            canvas,
            [turn * 0.7, 0.52],
            [wide * 0.7, open * 0.45],
            &white,
        );
    }
    if rng.random_bool(0.3) {
        let rim = head.brush(lit(palette::uniform(rng), 0.4));
        for side in [-1.0, 1.0] {
            let middle = head.at(turn * 0.6 + side * apart, -0.05);
            let radii = [head.radii[0] * 0.3, head.radii[1] * 0.19];
            shapes::ring(canvas, middle, radii, head.tilt, 0.82, &rim);
        }
        let bridge = turn * 0.6;
        head.stroke(
            canvas,
            [bridge - 0.12, -0.06],
            [bridge + 0.12, -0.06],
            0.03,
            &rim,
        );
    }
}

fn paint_hair(canvas: &mut Canvas, head: &Head, hair: Rgb, long: bool, rng: &mut impl Rng) {
    let line = rng.random_range(-0.7..-0.38);
    let temple = if long {
        rng.random_range(0.2..1.2)
    } else {
        rng.random_range(-0.2..0.1)
    };
    let bulk = rng.random_range(1.06..1.25);
    let part = rng.random_range(-0.4..0.4);
    // The outline from ear to ear over the crown, and the hairline back.
    let mut outline: Vec<Point> = (0..=12)
        .map(|at| {
            let (sin, cos) = (PI * at as f32 / 12.0).sin_cos();
            head.at(-bulk * cos, -bulk * sin)
        })
        .collect();
    let hairline = [
        [bulk, temple],
        [0.9, temple],
        [0.82, line * 0.6],
        [0.45, line],
        [part, line - 0.08],
        [-0.45, line],
        [-0.82, line * 0.6],
        [-0.9, temple],
        [-bulk, temple],
    ];
    outline.extend(hairline.map(|[u, v]| head.at(u, v)));
    let brush = head.brush(hair).round(0.25);
    let brush = Brush {
        light: [head.light, -0.2],
        ..brush
    };
    let hat = rng.random_bool(0.1);
    let cloth = Brush {
        colour: palette::cloth(rng),
        ..brush
    };
    shapes::polygon(canvas, &outline, if hat { &cloth } else { &brush });
    let strand = head.brush(palette::near(hair, 0.4, rng)).opacity(0.4);
    for _ in 0..rng.random_range(0..6) {
        let from = rng.random_range(-0.7..0.7);
        let root = [from * 0.6, -1.0];
        head.stroke(canvas, root, [from, line - 0.1], 0.03, &strand);
    }
}
