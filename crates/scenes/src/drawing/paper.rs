//! What people draw on: paper, a whiteboard, a black screen.

use crate::canvas::Canvas;
use crate::field::{Field, chance, smoothstep, within};
use crate::palette::{self, Rgb};
use glam::{Vec2, vec2, vec3};
use rand_chacha::ChaCha8Rng;

/// A surface to draw on. Lengths are shares of the canvas' shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// Its colour.
    pub ground: Rgb,
    /// How uneven it is: deviation of the display values.
    pub texture: f32,
    /// How much darker it gets towards one side, in x and y.
    pub shade: Vec2,
    /// Distance between printed lines; 0 is none.
    pub rule: f32,
    /// Whether the lines make squares.
    pub squared: bool,
    /// The lines' colour.
    pub rule_colour: Rgb,
}

impl Paper {
    /// The drawing pad of a page: white and nothing else.
    pub const WHITE: Self = Self {
        ground: Rgb::ONE,
        texture: 0.0,
        shade: Vec2::ZERO,
        rule: 0.0,
        squared: false,
        rule_colour: Rgb::splat(0.7),
    };

    /// Mostly white, sometimes grey, dark, coloured, ruled.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        let kind = within(rng, 0.0, 1.0);
        let mut paper = Self::WHITE;
        if kind < 0.4 {
            return paper;
        }
        paper.ground = if kind < 0.65 {
            let white = within(rng, 0.8, 1.0);
            white - vec3(0.0, within(rng, 0.0, 0.04), within(rng, 0.0, 0.12))
        } else if kind < 0.75 {
            Rgb::splat(within(rng, 0.35, 0.8))
        } else if kind < 0.88 {
            // A blackboard, a dark screen.
            let dark = within(rng, 0.0, 0.22);
            dark + vec3(0.0, within(rng, 0.0, 0.06), within(rng, 0.0, 0.06))
        } else {
            palette::any(rng)
        };
        if chance(rng, 0.6) {
            paper.texture = within(rng, 0.0, 0.03);
            paper.shade = vec2(within(rng, -0.12, 0.12), within(rng, -0.12, 0.12));
        }
        if kind < 0.75 && chance(rng, 0.25) {
            paper.rule = within(rng, 0.035, 0.1);
            paper.squared = chance(rng, 0.5);
            let faint = within(rng, 0.3, 0.8);
            paper.rule_colour = vec3(0.45, 0.6, 0.85).lerp(paper.ground, faint);
        }
        paper
    }

    /// Covers the whole canvas.
    pub fn apply(&self, canvas: &mut Canvas, rng: &mut ChaCha8Rng) {
        canvas.pixels_mut().fill(self.ground);
        let (width, height) = (canvas.width(), canvas.height());
        let short = canvas.short_side();
        if self.rule > 0.0 {
            let spacing = (self.rule * short).max(2.0);
            let thick = 0.006 * short;
            // Lines thinner than a pixel are fainter, as a camera sees them.
            let line = |at: usize| {
                let off = ((at as f32 / spacing).fract() - 0.5).abs() * spacing;
                smoothstep(thick + 0.5, (thick - 0.5).min(0.0), off) * (2.0 * thick).min(1.0)
            };
            canvas.each(|x, y, pixel| {
                let across = if self.squared { line(x) } else { 0.0 };
                let opacity = line(y).max(across);
                *pixel = pixel.lerp(self.rule_colour, opacity);
            });
        }
        if self.texture > 0.0 || self.shade != Vec2::ZERO {
            let coarse = Field::noise(width, height, short * 0.2, rng);
            let fine = Field::noise(width, height, 1.5, rng);
            let size = canvas.size();
            canvas.each(|x, y, pixel| {
                let place = vec2(x as f32, y as f32) / size - 0.5;
                let uneven = self.texture * (coarse.at(x, y) + fine.at(x, y));
                *pixel *= 1.0 + self.shade.dot(place) + uneven;
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn white_is_white() {
        let mut canvas = Canvas::new(7, 3, [0.2; 3]);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        Paper::WHITE.apply(&mut canvas, &mut rng);
        assert!(canvas.pixels().iter().all(|pixel| *pixel == Rgb::ONE));
    }
}
