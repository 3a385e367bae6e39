//! What people draw on: paper, a whiteboard, a black screen.

use crate::canvas::Canvas;
use crate::field::{Field, chance, mix, smoothstep, within};
use crate::palette;
use rand_chacha::ChaCha8Rng;

/// A surface to draw on. Lengths are shares of the canvas' shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    /// Its colour.
    pub ground: [f32; 3],
    /// How uneven it is: deviation of the display values.
    pub texture: f32,
    /// How much darker it gets towards one side, in x and y.
    pub shade: [f32; 2],
    /// Distance between printed lines; 0 is none.
    pub rule: f32,
    /// Whether the lines make squares.
    pub squared: bool,
    /// The lines' colour.
    pub rule_colour: [f32; 3],
}

impl Paper {
    /// The drawing pad of a page: white and nothing else.
    pub const WHITE: Self = Self {
        ground: [1.0; 3],
        texture: 0.0,
        shade: [0.0; 2],
        rule: 0.0,
        squared: false,
        rule_colour: [0.7; 3],
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
            [
                white,
                white - within(rng, 0.0, 0.04),
                white - within(rng, 0.0, 0.12),
            ]
        } else if kind < 0.75 {
            [within(rng, 0.35, 0.8); 3]
        } else if kind < 0.88 {
            // A blackboard, a dark screen.
            let dark = within(rng, 0.0, 0.22);
            [
                dark,
                dark + within(rng, 0.0, 0.06),
                dark + within(rng, 0.0, 0.06),
            ]
        } else {
            palette::any(rng)
        };
        if chance(rng, 0.6) {
            paper.texture = within(rng, 0.0, 0.03);
            paper.shade = [within(rng, -0.12, 0.12), within(rng, -0.12, 0.12)];
        }
        if kind < 0.75 && chance(rng, 0.25) {
            paper.rule = within(rng, 0.035, 0.1);
            paper.squared = chance(rng, 0.5);
            let faint = within(rng, 0.3, 0.8);
            let blue = [0.45, 0.6, 0.85];
            paper.rule_colour = palette::mix(blue, paper.ground, faint);
        }
        paper
    }

    /// Covers the whole canvas.
    pub fn apply(&self, canvas: &mut Canvas, rng: &mut ChaCha8Rng) {
        canvas.pixels_mut().fill(self.ground);
        let (width, height) = (canvas.width(), canvas.height());
        let short = canvas.short_side() as f32;
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
                *pixel = palette::mix(*pixel, self.rule_colour, opacity);
            });
        }
        if self.texture > 0.0 || self.shade != [0.0; 2] {
            let coarse = Field::noise(width, height, short * 0.2, rng);
            let fine = Field::noise(width, height, 1.5, rng);
            canvas.each(|x, y, pixel| {
                let across = x as f32 / width as f32 - 0.5;
                let down = y as f32 / height as f32 - 0.5;
                let uneven = self.texture * (coarse.at(x, y) + fine.at(x, y));
                let shade = 1.0 + self.shade[0] * across + self.shade[1] * down + uneven;
                *pixel = pixel.map(|value| mix(0.0, value, shade));
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
        assert!(canvas.pixels().iter().flatten().all(|value| *value == 1.0));
    }
}
