//! A wall in perspective, and the strokes that furniture is painted with on it.

use super::plane::Plane;
use crate::canvas::Canvas;
use crate::palette::{self, Rgb, lit};
use crate::shapes::{self, Brush, Point};
use rand::Rng;
use std::f32::consts::TAU;

/// A wall that is being furnished, in metres from its upper left corner.
pub struct Wall<'a, R: Rng> {
    /// The picture.
    pub canvas: &'a mut Canvas,
    /// Where the wall is in it.
    pub plane: &'a Plane,
    /// How bright it is there.
    pub light: f32,
    /// Where all choices come from.
    pub rng: &'a mut R,
}

impl<R: Rng> Wall<'_, R> {
    pub fn draw(&mut self, from: f32, to: f32) -> f32 {
        self.rng.random_range(from..to)
    }

    pub fn brush(&mut self, colour: Rgb) -> Brush {
        let slope = [0; 2].map(|_| self.rng.random_range(-0.12..0.12));
        Brush::new(lit(colour, self.light)).light(slope[0], slope[1])
    }

    /// A brush of any thing's colour.
    pub fn any_brush(&mut self) -> Brush {
        let colour = palette::any(self.rng);
        self.brush(colour)
    }

    /// A rectangle from its upper left corner.
    pub fn part(&mut self, [x, y]: Point, [width, height]: [f32; 2], brush: &Brush) {
        self.plane
            .part(self.canvas, [x, y], [x + width, y + height], brush);
    }

    pub fn oval(&mut self, [x, y]: Point, [across, down]: [f32; 2], brush: &Brush) {
        let points: [Point; 20] = std::array::from_fn(|at| {
            let (sin, cos) = (at as f32 / 20.0 * TAU).sin_cos();
            self.plane.pixel([x + across * cos, y + down * sin])
        });
        shapes::polygon(self.canvas, &points, brush);
    }

    /// A soft spot: a glow or a shadow.
    pub fn spot(&mut self, place: Point, radii: [f32; 2], brush: &Brush) {
        let scale = self.plane.scale(place);
        let limit = self.canvas.short_side() as f32;
        let radii = [0, 1].map(|at| (radii[at] * scale[at]).min(limit));
        let brush = brush.edge(radii[0].min(radii[1]) * 1.6);
        shapes::ellipse(self.canvas, self.plane.pixel(place), radii, 0.0, &brush);
    }

    pub fn shadow(&mut self, [x, y]: Point, [width, height]: [f32; 2]) {
        let (right, down) = (self.draw(-0.06, 0.06), self.draw(0.0, 0.08));
        let opacity = self.draw(0.05, 0.4);
        let brush = Brush::shadow(opacity, 1.0);
        self.part([x + right, y + down], [width, height], &brush);
    }

    pub fn floor(&self) -> f32 {
        self.plane.size()[1]
    }
}
