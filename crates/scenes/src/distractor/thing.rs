//! The frame in which an object is painted.

use crate::canvas::Canvas;
use crate::palette::Rgb;
use crate::shapes::{self, Brush, Point};
use glam::{Vec2, vec2};
use rand::Rng;

/// Where a thing is, how large (half its length) and how it is turned.
pub struct Thing {
    pub middle: Point,
    pub size: f32,
    pub angle: f32,
    pub edge: f32,
    light: [f32; 2],
    pub side: f32,
}

impl Thing {
    pub fn draw(canvas: &Canvas, rng: &mut impl Rng) -> Self {
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
    pub fn at(&self, u: f32, v: f32) -> Point {
        let along = Vec2::from_angle(self.angle) * self.size;
        (Vec2::from(self.middle) + along.rotate(vec2(u, v))).into()
    }

    pub fn brush(&self, colour: Rgb) -> Brush {
        Brush::new(colour)
            .edge(self.edge)
            .light(self.light[0], self.light[1])
    }

    pub fn slab(
        &self,
        canvas: &mut Canvas,
        place: Point,
        half: [f32; 2],
        corner: f32,
        brush: &Brush,
    ) {
        let half = half.map(|side| side * self.size);
        let middle = self.at(place[0], place[1]);
        shapes::slab(canvas, middle, half, self.angle, corner * self.size, brush);
    }

    pub fn oval(&self, canvas: &mut Canvas, place: Point, radii: [f32; 2], brush: &Brush) {
        let radii = radii.map(|radius| radius * self.size);
        shapes::ellipse(
            canvas,
            self.at(place[0], place[1]),
            radii,
            self.angle,
            brush,
        );
    }

    pub fn stroke(
        &self,
        canvas: &mut Canvas,
        from: Point,
        to: Point,
        radii: [f32; 2],
        brush: &Brush,
    ) {
        let radii = radii.map(|radius| radius * self.size);
        let (from, to) = (self.at(from[0], from[1]), self.at(to[0], to[1]));
        shapes::stroke(canvas, from, to, radii, brush);
    }

    /// A soft shadow below and behind.
    pub fn shadow(&self, canvas: &mut Canvas, half: [f32; 2], rng: &mut impl Rng) {
        if rng.random_bool(0.5) {
            let soft = self.size * half[0].min(half[1]) * 0.7;
            let brush = Brush::shadow(rng.random_range(0.1..0.45), soft);
            let shift = [rng.random_range(-0.15..0.15), rng.random_range(0.0..0.2)];
            self.slab(canvas, shift, half, half[0].min(half[1]) * 0.5, &brush);
        }
    }
}
