//! Pens, and how a hand leads them.

use crate::canvas::Canvas;
use crate::field::{Field, chance, smoothstep, sometimes, within};
use crate::palette::{self, Rgb, luma};
use crate::place::Placement;
use glam::{Vec2, vec2, vec3};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// A pen and the hand that leads it. Lengths are shares of the placed frame's side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    /// Thickness of its line.
    pub width: f32,
    /// Its ink. Where the ground has nearly that colour, black or white is taken instead.
    pub colour: Rgb,
    /// How opaque the ink is, 0 to 1.
    pub opacity: f32,
    /// How far the line strays from where it should be.
    pub wobble: f32,
    /// How much the thickness changes with the pressure, 0 to 1.
    pub pressure: f32,
    /// Which part of the line is missing, 0 to 1.
    pub gaps: f32,
    /// How much of the ground shows through in specks, as of chalk or pencil, 0 to 1.
    pub grain: f32,
}

impl Pen {
    /// A black pen in a steady hand.
    pub const STEADY: Self = Self {
        width: 0.018,
        colour: Rgb::ZERO,
        opacity: 1.0,
        wobble: 0.0,
        pressure: 0.0,
        gaps: 0.0,
        grain: 0.0,
    };

    /// What hands are drawn with as strokes: mostly thick and of skin's colours.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        let mut pen = Self::ink(rng);
        if chance(rng, 0.65) {
            pen.width = log_within(rng, 0.03, 0.13);
            pen.gaps = 0.0;
            pen.grain *= 0.3;
            if chance(rng, 0.75) {
                pen.colour = tan(rng);
            }
        }
        pen
    }

    /// What outlines are drawn with: thin to thick, black, blue, any colour, skin's, chalk.
    pub fn ink(rng: &mut ChaCha8Rng) -> Self {
        let kind = within(rng, 0.0, 1.0);
        let colour = if kind < 0.45 {
            Rgb::splat(within(rng, 0.0, 0.3))
        } else if kind < 0.58 {
            between(rng, vec3(0.0, 0.1, 0.5), vec3(0.25, 0.4, 0.95))
        } else if kind < 0.66 {
            between(rng, vec3(0.7, 0.0, 0.0), vec3(1.0, 0.25, 0.25))
        } else if kind < 0.82 {
            tan(rng)
        } else if kind < 0.9 {
            between(rng, vec3(1.0, 1.0, 0.3), Rgb::ONE)
        } else {
            palette::uniform(rng)
        };
        Self {
            width: log_within(rng, 0.009, 0.065),
            colour,
            opacity: 1.0 - sometimes(rng, 0.2, 0.0, 0.4),
            wobble: within(rng, 0.0, 0.022),
            pressure: sometimes(rng, 0.5, 0.0, 0.6),
            gaps: sometimes(rng, 0.3, 0.0, 0.25),
            grain: sometimes(rng, 0.2, 0.1, 0.6),
        }
    }

    /// Its colour on a ground of some colour.
    pub(crate) fn colour_on(&self, ground: Rgb) -> Rgb {
        // Thin lines need more contrast to be seen.
        let least = if self.width < 0.03 { 0.26 } else { 0.16 };
        visible_on(self.colour, ground, least)
    }
}

/// Any colour between two.
fn between(rng: &mut ChaCha8Rng, low: Rgb, high: Rgb) -> Rgb {
    low + (high - low).map(|range| range * rng.random::<f32>())
}

/// The colours a web page offers for skin, and their neighbours.
pub(crate) fn tan(rng: &mut ChaCha8Rng) -> Rgb {
    if chance(rng, 0.5) {
        let beige = vec3(0.94, 0.78, 0.63).lerp(vec3(0.72, 0.52, 0.38), rng.random());
        return palette::near(beige, 0.08, rng);
    }
    palette::skin(rng)
}

/// Small values as likely as large ones by their ratio.
pub(crate) fn log_within(rng: &mut ChaCha8Rng, low: f32, high: f32) -> f32 {
    low * (high / low).powf(rng.random::<f32>())
}

/// The colour, or black or white when it differs from the ground by less than `least`, 0 to 1.
pub(crate) fn visible_on(colour: Rgb, ground: Rgb, least: f32) -> Rgb {
    if (colour - ground).abs().dot(vec3(0.35, 0.5, 0.15)) > least {
        colour
    } else if luma(ground) > 0.45 {
        Rgb::splat(0.08)
    } else {
        Rgb::splat(0.95)
    }
}

/// Mean colour of a canvas.
pub(crate) fn mean(canvas: &Canvas) -> Rgb {
    canvas.pixels().iter().sum::<Rgb>() / canvas.pixels().len() as f32
}

/// How a line strays, how hard it's pressed, where it breaks off: one draw for a drawing.
pub(crate) struct Motion {
    pen: Pen,
    side: f32,
    stray: [Field; 2],
    press: Option<Field>,
    breaks: Option<Field>,
    specks: Option<Field>,
}

impl Motion {
    pub(crate) fn new(pen: &Pen, canvas: &Canvas, side: f32, rng: &mut ChaCha8Rng) -> Self {
        let mut noise = |cell: f32| Field::noise(canvas.width(), canvas.height(), cell, rng);
        let cell = (side * 0.16).max(2.0);
        Self {
            pen: *pen,
            side,
            stray: [noise(cell), noise(cell)],
            press: (pen.pressure > 0.0).then(|| noise(cell * 0.7)),
            breaks: (pen.gaps > 0.0).then(|| noise(cell * 0.5)),
            specks: (pen.grain > 0.0).then(|| noise(1.6)),
        }
    }

    /// The pixel whose place a pixel takes: it strays along with its neighbours. The second of
    /// two strokes over the same line strays otherwise.
    pub(crate) fn astray(&self, x: usize, y: usize, second: bool) -> Vec2 {
        let reach = self.pen.wobble * self.side;
        let mut away = vec2(self.stray[0].at(x, y), self.stray[1].at(x, y)) * reach;
        if second {
            away = vec2(-away.y, away.x) + vec2(0.02, -0.015) * self.side;
        }
        vec2(x as f32, y as f32) + away
    }

    /// The ink's opacity at a distance in pixels from the line's middle.
    pub(crate) fn ink(&self, x: usize, y: usize, distance: f32) -> f32 {
        let mut half = (self.pen.width * self.side / 2.0).max(0.3);
        if let Some(press) = &self.press {
            half *= 1.0 + self.pen.pressure * 0.8 * press.at(x, y);
        }
        // A line thinner than a pixel is fainter rather than thinner.
        let soft = 0.6;
        let mut ink = smoothstep(half + soft, half - soft, distance);
        if ink <= 0.0 {
            return 0.0;
        }
        ink *= self.pen.opacity;
        if let Some(breaks) = &self.breaks {
            let threshold = self.pen.gaps * 2.0 - 1.0;
            ink *= smoothstep(threshold - 0.12, threshold + 0.12, breaks.at(x, y));
        }
        if let Some(specks) = &self.specks {
            ink *= 1.0 - self.pen.grain * smoothstep(-0.1, 0.7, specks.at(x, y));
        }
        ink
    }
}

/// Draws polylines, given in layer coordinates, with a pen: stick figures, strokes that make up a
/// hand, drawings that have just begun. A polyline of one point is a dot.
pub fn strokes(
    canvas: &mut Canvas,
    strokes: &[Vec<Vec2>],
    placement: &Placement,
    pen: &Pen,
    rng: &mut ChaCha8Rng,
) {
    let (width, height) = (canvas.width(), canvas.height());
    let motion = Motion::new(pen, canvas, placement.side, rng);
    let colour = pen.colour_on(mean(canvas));
    let reach = placement.side * (pen.width + pen.wobble) + 2.0;
    let far = reach * 4.0;
    let mut nearest = vec![far; width * height];
    for stroke in strokes {
        // Pixels' centres have whole coordinates here.
        let points = stroke.iter().filter_map(|at| placement.to_canvas(*at));
        let points: Vec<Vec2> = points.map(|point| point - 0.5).collect();
        let dot = points.first().map(|point| (*point, *point));
        let pairs = points.windows(2).map(|pair| (pair[0], pair[1]));
        for (from, to) in dot.into_iter().chain(pairs) {
            let span = |axis: usize, most: usize| {
                let low = from[axis].min(to[axis]) - reach;
                let high = from[axis].max(to[axis]) + reach + 1.0;
                low.clamp(0.0, most as f32) as usize..high.clamp(0.0, most as f32) as usize
            };
            for y in span(1, height) {
                for x in span(0, width) {
                    let distance = distance_to_segment(vec2(x as f32, y as f32), from, to);
                    let least = &mut nearest[y * width + x];
                    *least = least.min(distance);
                }
            }
        }
    }
    let nearest = Field::from_fn(width, height, |x, y| nearest[y * width + x]);
    for y in 0..height {
        for x in 0..width {
            let away = nearest.between(motion.astray(x, y, false));
            canvas.blend(x, y, colour, motion.ink(x, y, away));
        }
    }
}

fn distance_to_segment(point: Vec2, from: Vec2, to: Vec2) -> f32 {
    let (along, away) = (to - from, point - from);
    let share = away.dot(along) / along.length_squared().max(1e-12);
    away.distance(along * share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn a_stroke_lies_where_its_points_are() {
        let mut canvas = Canvas::new(50, 40, [1.0; 3]);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let pen = Pen {
            width: 0.1,
            ..Pen::STEADY
        };
        let placement = Placement::centred(&canvas);
        let line = vec![vec2(0.1, 0.5), vec2(0.9, 0.5)];
        let line = [line, vec![vec2(0.5, 0.1)], Vec::new()];
        strokes(&mut canvas, &line, &placement, &pen, &mut rng);
        let red = |x: usize, y: usize| canvas.pixels()[y * 50 + x].x;
        assert!(red(25, 19) < 0.01 && red(40, 20) < 0.01 && red(25, 4) < 0.01);
        assert!(red(25, 24) > 0.99 && red(46, 20) > 0.99 && red(25, 9) > 0.99);
    }

    #[test]
    fn ink_can_be_seen() {
        let [black, white] = [0.08, 0.95].map(Rgb::splat);
        assert_eq!(visible_on(Rgb::splat(0.9), Rgb::ONE, 0.16), black);
        assert_eq!(visible_on(Rgb::splat(0.1), Rgb::ZERO, 0.16), white);
        assert_eq!(visible_on(Rgb::X, Rgb::ONE, 0.16), Rgb::X);
    }
}
