//! A person behind the hand: head, hair, neck, shoulders, clothes.

use crate::canvas::Canvas;
use crate::palette::{self, Rgb};
use crate::shapes::{self, Brush, Pattern};
use glam::{Vec2, vec2, vec3};
use rand::Rng;
use std::f32::consts::PI;

/// Where a head is: its middle, half its width and height, its tilt.
struct Head {
    middle: Vec2,
    radii: Vec2,
    tilt: f32,
    /// Width of all edges: how far out of focus the person is.
    edge: f32,
    /// Light from the left or right.
    light: f32,
}

impl Head {
    fn draw(canvas: &Canvas, rng: &mut impl Rng) -> Self {
        let side = canvas.short_side();
        let tall = side * 2.0f32.powf(rng.random_range(-3.6..-1.4));
        let place = vec2(rng.random_range(0.05..0.95), rng.random_range(0.05..0.65));
        Self {
            middle: canvas.size() * place,
            radii: tall * vec2(rng.random_range(0.66..0.85), 1.0),
            tilt: rng.random_range(-0.3..0.3) * rng.random::<f32>(),
            edge: 1.0 + side * 0.03 * rng.random::<f32>() * rng.random::<f32>(),
            light: rng.random_range(-0.4..0.4),
        }
    }

    /// The pixel of a place whose ends at the head's outline are -1 and 1.
    fn at(&self, u: f32, v: f32) -> Vec2 {
        self.middle + Vec2::from_angle(self.tilt).rotate(vec2(u, v) * self.radii)
    }

    fn brush(&self, colour: Rgb) -> Brush {
        Brush::new(colour).edge(self.edge).light(self.light, 0.0)
    }

    fn oval(&self, canvas: &mut Canvas, [u, v]: [f32; 2], radii: [f32; 2], brush: &Brush) {
        self.ring(canvas, [u, v], radii, 0.0, brush);
    }

    fn ring(
        &self,
        canvas: &mut Canvas,
        [u, v]: [f32; 2],
        radii: [f32; 2],
        hole: f32,
        brush: &Brush,
    ) {
        let radii = self.radii * Vec2::from(radii);
        shapes::ellipse(canvas, self.at(u, v), radii, self.tilt, hole, brush);
    }

    fn stroke(&self, canvas: &mut Canvas, from: [f32; 2], to: [f32; 2], width: f32, brush: &Brush) {
        let radius = width * self.radii.x;
        let [from, to] = [from, to].map(|[u, v]| self.at(u, v));
        shapes::stroke(canvas, from, to, [radius; 2], brush);
    }
}

/// Paints a head and an upper body as a webcam sees them behind the hand; `skin` is the tone of the
/// face, so that it can match the hand's.
pub fn paint(canvas: &mut Canvas, skin: Rgb, rng: &mut impl Rng) {
    let head = Head::draw(canvas, rng);
    let skin = skin * rng.random_range(0.75..1.1);
    let hair = palette::hair(rng);
    let long = rng.random_bool(0.4);
    if long {
        let wide = rng.random_range(1.15..1.5);
        let low = rng.random_range(0.8..2.0);
        let behind = head.brush(hair * 0.8).round(0.2);
        head.oval(canvas, [0.0, low * 0.35], [wide, 1.0 + low * 0.5], &behind);
    }
    paint_body(canvas, &head, skin, rng);
    if !long {
        for side in [-1.0, 1.0] {
            head.oval(canvas, [side, 0.1], [0.14, 0.18], &head.brush(skin * 0.85));
        }
    }
    let face = head.brush(skin).round(rng.random_range(0.05..0.4));
    head.oval(canvas, [0.0; 2], [1.0; 2], &face);
    head.oval(
        canvas,
        [0.0, 0.42],
        [rng.random_range(0.6..0.9), 0.55],
        &face,
    );
    if rng.random_bool(0.9) {
        paint_features(canvas, &head, skin, hair, rng);
    } else {
        // A face turned away shows no features.
        let back = head.brush(hair).round(0.3);
        head.oval(canvas, [0.0, -0.05], [1.03, 1.0], &back);
    }
    if long || rng.random_bool(0.85) {
        paint_hair(canvas, &head, hair, long, rng);
    }
}

fn paint_body(canvas: &mut Canvas, head: &Head, skin: Rgb, rng: &mut impl Rng) {
    let [across, tall] = head.radii.to_array();
    let colour = palette::cloth(rng);
    let cloth = head
        .brush(colour)
        .round(rng.random_range(0.0..0.3))
        .pattern(Pattern::sometimes(rng));
    // Places are from the neck's foot on.
    let neck = head.middle + vec2(0.0, tall * rng.random_range(1.4..1.75));
    let floor = (canvas.height() as f32 + tall - neck.y).max(tall);
    let wide = across * rng.random_range(2.1..3.0);
    let slope = tall * rng.random_range(0.2..0.6);
    // Upper arms first, so that the trunk lies over them.
    let sleeve = Brush {
        colour: colour * 0.85,
        ..cloth.round(0.35)
    };
    for side in [-1.0, 1.0] {
        let thick = across * rng.random_range(0.5..0.75);
        let top = neck + vec2(side * (wide - thick), slope + thick * 0.6);
        let out = wide * rng.random_range(0.9..1.4);
        let elbow = vec2(neck.x + side * out, top.y + tall * 2.6);
        shapes::stroke(canvas, top, elbow, [thick, thick * 0.8], &sleeve);
        let hip = neck + vec2(side * wide * 0.9, floor.max(elbow.y - neck.y));
        shapes::stroke(canvas, elbow, hip, [thick * 0.8, thick * 0.7], &sleeve);
    }
    let waist = wide * rng.random_range(0.65..1.0);
    let half = [
        (across * 0.5, -tall * 0.15),
        (wide * 0.75, slope * 0.5),
        (wide, slope * 1.5),
        (waist, floor),
    ];
    let right = half.map(|(x, y)| neck + vec2(x, y));
    let left = half.map(|(x, y)| neck + vec2(-x, y));
    let trunk: Vec<Vec2> = right.into_iter().chain(left.into_iter().rev()).collect();
    shapes::polygon(canvas, &trunk, &cloth);
    let throat = head.brush(skin * rng.random_range(0.6..0.9)).round(0.2);
    let thick = across * rng.random_range(0.45..0.65);
    let foot = neck - vec2(0.0, tall * rng.random_range(-0.05..0.2));
    shapes::stroke(canvas, head.at(0.0, 0.5), foot, [thick; 2], &throat);
    if rng.random_bool(0.5) {
        // A collar or an open jacket over a shirt.
        let inner = head.brush(palette::cloth(rng));
        let depth = tall * rng.random_range(0.3..2.5);
        let open = across * rng.random_range(0.4..0.8);
        let front = [(-open, -tall * 0.1), (open, -tall * 0.1), (0.0, depth)];
        shapes::polygon(canvas, &front.map(|(x, y)| neck + vec2(x, y)), &inner);
    }
}

fn paint_features(canvas: &mut Canvas, head: &Head, skin: Rgb, hair: Rgb, rng: &mut impl Rng) {
    let turn: f32 = rng.random_range(-0.45..0.45);
    let apart = rng.random_range(0.34..0.44);
    let brow = head.brush(hair.lerp(skin * 0.5, 0.3)).opacity(0.85);
    let soft = head.radii.x * 0.15;
    let socket = head.brush(skin * 0.6).opacity(0.6).edge(soft);
    let white = head.brush(vec3(0.85, 0.83, 0.8) * rng.random_range(0.6..1.0));
    let iris = head.brush(vec3(0.2, 0.13, 0.08) * rng.random_range(0.3..2.0));
    let squint = rng.random_range(0.03..0.07);
    for side in [-1.0, 1.0] {
        let x = turn * 0.6 + side * apart * (1.0 - turn.abs() * 0.4);
        head.oval(canvas, [x, -0.06], [0.22, 0.12], &socket);
        head.oval(canvas, [x, -0.06], [0.15, squint], &white);
        head.oval(canvas, [x + turn * 0.1, -0.06], [0.065, squint], &iris);
        let lift = rng.random_range(0.18..0.26);
        head.stroke(canvas, [x - 0.16, -lift], [x + 0.16, -lift], 0.035, &brow);
    }
    let shade = head.brush(skin * 0.72).opacity(0.7);
    let tip = [turn * 0.9, 0.27];
    head.stroke(canvas, [turn * 0.7, 0.0], tip, 0.05, &shade);
    head.oval(canvas, tip, [0.14, 0.07], &shade);
    if rng.random_bool(0.25) {
        let beard = head.brush(hair.lerp(skin, rng.random_range(0.1..0.6)));
        let size = [0.62, rng.random_range(0.25..0.45)];
        head.oval(canvas, [turn * 0.5, 0.75], size, &beard.opacity(0.85));
    }
    let red = (skin * 0.65).lerp(vec3(0.6, 0.15, 0.15), rng.random_range(0.1..0.6));
    let (wide, open) = (rng.random_range(0.2..0.34), rng.random_range(0.03..0.1));
    let mouth = [turn * 0.7, 0.52];
    head.oval(canvas, mouth, [wide, open], &head.brush(red));
    if open > 0.075 {
        head.oval(canvas, mouth, [wide * 0.7, open * 0.45], &white);
    }
    if rng.random_bool(0.3) {
        let rim = head.brush(palette::uniform(rng) * 0.4);
        let bridge = turn * 0.6;
        for side in [-1.0, 1.0] {
            let place = [bridge + side * apart, -0.05];
            head.ring(canvas, place, [0.3, 0.19], 0.82, &rim);
        }
        let ends = [-0.12, 0.12].map(|side| [bridge + side, -0.06]);
        head.stroke(canvas, ends[0], ends[1], 0.03, &rim);
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
    let crown = (0..=12).map(|at| {
        let (sin, cos) = (PI * at as f32 / 12.0).sin_cos();
        [-bulk * cos, -bulk * sin]
    });
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
    let outline = crown.chain(hairline).map(|[u, v]| head.at(u, v));
    // Some wear a hat.
    let colour = if rng.random_bool(0.1) {
        palette::cloth(rng)
    } else {
        hair
    };
    let brush = head.brush(colour).round(0.25).light(head.light, -0.2);
    shapes::polygon(canvas, &outline.collect::<Vec<_>>(), &brush);
    let strand = head.brush(palette::near(hair, 0.4, rng)).opacity(0.4);
    for _ in 0..rng.random_range(0..6) {
        let from = rng.random_range(-0.7..0.7);
        let root = [from * 0.6, -1.0];
        head.stroke(canvas, root, [from, line - 0.1], 0.03, &strand);
    }
}
