//! The hand as somebody draws it: outlines, silhouettes, cartoons.

pub(crate) mod paper;
pub(crate) mod pen;

use crate::arm::{Arm, Continuation};
use crate::canvas::Canvas;
use crate::field::{Field, chance, smoothstep, sometimes, within};
use crate::layer::Layer;
use crate::palette::{self, Rgb, luma};
use crate::place::Placement;
use crate::texture::Texture;
use glam::{Vec2, vec3};
use paper::Paper;
use pen::{Motion, Pen, log_within, mean, tan, visible_on};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// Where a drawing ends below the wrist.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wrist {
    /// The arm goes on to the canvas' border.
    Beyond,
    /// The contour ends this share of the forearm above the cut, and stays open.
    Open(f32),
    /// It ends there with a straight line.
    Closed(f32),
}

/// A way to draw a hand. Lengths are shares of the placed frame's side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawing {
    /// What is drawn on, covering the canvas.
    pub paper: Paper,
    /// The contour's pen; none leaves the contour out.
    pub pen: Option<Pen>,
    /// Whether the contour is drawn twice, as in a sketch.
    pub doubled: bool,
    /// From 0, ink half on either side of the contour, to 1, ink inside of it. Thick ink is best at
    /// the contour, where it leaves both fingers and the gaps between them.
    pub inset: f32,
    /// How many of the lines inside of the silhouette are drawn, 0 (none) to 1, and how thick.
    pub lines: f32,
    /// The colour inside; none leaves the paper to be seen.
    pub fill: Option<Rgb>,
    /// Distance between the hatches that fill it; 0 fills it evenly.
    pub hatch: f32,
    /// By how much the shape is simplified before it's drawn.
    pub smoothing: f32,
    /// How far the shape strays as a whole, as by an unsteady hand.
    pub warp: f32,
    /// Where it ends.
    pub wrist: Wrist,
}

impl Drawing {
    /// An outline, nothing inside but lines.
    pub fn outline(rng: &mut ChaCha8Rng) -> Self {
        let pen = Pen::ink(rng);
        Self {
            paper: Paper::random(rng),
            pen: Some(pen),
            doubled: pen.width < 0.03 && chance(rng, 0.15),
            inset: if pen.width < 0.035 {
                within(rng, 0.0, 1.0)
            } else {
                within(rng, 0.0, 0.4)
            },
            lines: sometimes(rng, 0.7, 0.5, 1.0),
            fill: None,
            hatch: 0.0,
            smoothing: within(rng, 0.002, 0.014),
            warp: within(rng, 0.0, 0.02),
            wrist: Wrist::random(rng),
        }
    }

    /// A filled shape: a silhouette, or a cartoon with contour and lines.
    pub fn filled(rng: &mut ChaCha8Rng) -> Self {
        let mut drawing = Self::outline(rng);
        let kind = within(rng, 0.0, 1.0);
        let fill = if kind < 0.45 {
            tan(rng)
        } else if kind < 0.55 {
            // The yellow of pictograms.
            vec3(1.0, within(rng, 0.72, 0.9), within(rng, 0.1, 0.4))
        } else if kind < 0.75 {
            Rgb::splat(within(rng, 0.0, 0.35))
        } else {
            palette::uniform(rng)
        };
        drawing.fill = Some(fill);
        if luma(fill) < 0.25 && chance(rng, 0.75) {
            drawing.lines = 0.0;
        }
        if chance(rng, 0.1) {
            drawing.hatch = log_within(rng, 0.025, 0.06);
        }
        if chance(rng, 0.4) {
            // No contour; lines inside are in a darker shade of the fill.
            drawing.pen = None;
        } else if let Some(pen) = &mut drawing.pen {
            pen.width = log_within(rng, 0.01, 0.035);
            if chance(rng, 0.7) && luma(fill) > 0.3 {
                pen.colour = Rgb::splat(rng.random::<f32>() * 0.15);
            }
        }
        drawing
    }

    /// Draws the shape of a layer's hand.
    pub fn apply(
        &self,
        layer: &Layer,
        placement: &Placement,
        canvas: &mut Canvas,
        rng: &mut ChaCha8Rng,
    ) {
        self.paper.apply(canvas, rng);
        let Some(shape) = Shape::new(layer, placement, canvas, self) else {
            return;
        };
        let side = placement.side;
        let ground = mean(canvas);
        let fill = self.fill.map(|fill| visible_on(fill, ground, 0.16));
        let pen = self.pen.unwrap_or(Pen {
            colour: fill.unwrap_or_default() * 0.5,
            ..Pen::STEADY
        });
        // Inside, ink stands out from the fill, or else is a shade of it.
        let contour = pen.colour_on(ground);
        let inner = match (fill, self.pen) {
            (Some(fill), Some(pen)) if pen.colour_on(fill) == pen.colour => pen.colour,
            (Some(fill), _) if luma(fill) > 0.25 => fill * 0.55,
            (Some(fill), _) => fill.lerp(Rgb::ONE, 0.35),
            (None, _) => contour,
        };
        let warped = Pen {
            wobble: pen.wobble.max(self.warp),
            ..pen
        };
        let motion = Motion::new(&warped, canvas, side, rng);
        let slant = within(rng, 0.0, std::f32::consts::PI);
        let inset = self.inset * pen.width * side / 2.0;
        for y in 0..canvas.height() {
            for x in 0..canvas.width() {
                let from = motion.astray(x, y, false);
                let (edge, end) = shape.at(from);
                if let Some(fill) = fill {
                    let opacity = self.hatching(x as f32, y as f32, slant, side)
                        * smoothstep(0.7, -0.7, edge.max(end));
                    canvas.blend(x, y, fill, opacity);
                }
                if let Some(lines) = &shape.lines {
                    let away = lines.between(from) / self.lines;
                    let within = smoothstep(0.5, -0.5, edge.max(end));
                    let ink = motion.ink(x, y, away) * within;
                    canvas.blend(x, y, inner, ink);
                }
                if self.pen.is_none() {
                    continue;
                }
                let mut ink = motion.ink(x, y, self.off_contour(edge + inset, end));
                if self.doubled {
                    let (edge, end) = shape.at(motion.astray(x, y, true));
                    let second = motion.ink(x, y, self.off_contour(edge + inset, end));
                    ink = ink.max(second * 0.8);
                }
                canvas.blend(x, y, contour, ink);
            }
        }
    }

    /// Distance in pixels from the drawn contour, given those from the silhouette's edge and from
    /// the wrist's end, both negative on the hand.
    fn off_contour(&self, edge: f32, end: f32) -> f32 {
        match self.wrist {
            Wrist::Closed(_) => edge.max(end).abs(),
            // Round pens end round.
            Wrist::Open(_) | Wrist::Beyond => edge.hypot(end.max(0.0)),
        }
    }

    /// The fill's opacity between hatches.
    fn hatching(&self, x: f32, y: f32, slant: f32, side: f32) -> f32 {
        if self.hatch <= 0.0 {
            return 1.0;
        }
        let place = (x * slant.cos() + y * slant.sin()) / (self.hatch * side).max(2.0);
        let off = (place.fract().abs() - 0.5).abs();
        0.15 + 0.85 * smoothstep(0.4, 0.2, off)
    }
}

impl Wrist {
    fn random(rng: &mut ChaCha8Rng) -> Self {
        let share = within(rng, 0.0, 0.9);
        match rng.random_range(0..10) {
            0..3 => Self::Beyond,
            3..7 => Self::Open(share),
            _ => Self::Closed(share),
        }
    }
}

/// Distances from a placed hand's contours, in canvas pixels.
struct Shape {
    edge: Field,
    end: Option<Field>,
    lines: Option<Field>,
}

impl Shape {
    fn new(
        layer: &Layer,
        placement: &Placement,
        canvas: &Canvas,
        drawing: &Drawing,
    ) -> Option<Self> {
        placement.inverse()?;
        let side = placement.side;
        let (width, height) = (canvas.width(), canvas.height());
        let texture = Texture::shape(layer, side);
        let arm = Arm::find(layer);
        let continuation = arm.map(|arm| Continuation::new(layer, arm, 0.02));
        let points = placement.points(canvas);
        let field = |beyond: f32, value: &dyn Fn(Vec2) -> f32| {
            Field::from_fn(width, height, |x, y| {
                points[y * width + x].map_or(beyond, value)
            })
        };
        let mut mask = field(0.0, &|point| {
            let own = texture.sample(point).w;
            let source = continuation.as_ref().and_then(|arm| arm.source(point));
            source.map_or(own, |source| own.max(texture.sample(source).w))
        });
        mask.blur(drawing.smoothing * side);
        let mut edge = mask.signed_distance();
        // Pixels are either in or out: their staircase is smoothed away.
        edge.blur(0.8);
        let end = match (drawing.wrist, arm) {
            (Wrist::Open(share) | Wrist::Closed(share), Some(arm)) => {
                // However long the arm was taken to be, the palm stays.
                let cut = -(share * arm.length).min(0.25);
                Some(field(side, &|point| {
                    (arm.along_and_across(point).x - cut) * side
                }))
            }
            _ => None,
        };
        let lines = (drawing.lines > 0.0 && !layer.lines().is_empty()).then(|| {
            let mut strength = field(0.0, &|point| texture.sample(point).x);
            strength.blur(0.008 * side);
            let least = 0.5 - 0.3 * drawing.lines;
            ridges(&strength, least, side).distance_to(|value| value > 0.5)
        });
        Some(Self { edge, end, lines })
    }

    /// Distances from the silhouette's edge and from the wrist's end, negative on the hand.
    fn at(&self, place: Vec2) -> (f32, f32) {
        let end = self.end.as_ref().map(|end| end.between(place));
        (self.edge.between(place), end.unwrap_or(f32::MIN))
    }
}

/// One where a line of at least some strength has its middle, else zero: a pen draws a line of its
/// own width, however broad the shade is. Specks are left out, for nobody draws them.
fn ridges(strength: &Field, least: f32, side: f32) -> Field {
    let (width, height) = (strength.width() as isize, strength.height() as isize);
    let at = |x: isize, y: isize| {
        let (x, y) = (x.clamp(0, width - 1), y.clamp(0, height - 1));
        strength.at(x as usize, y as usize)
    };
    let far = (side * 0.025).max(2.0) as isize;
    Field::from_fn(strength.width(), strength.height(), |x, y| {
        let value = strength.at(x, y);
        if value < least {
            return 0.0;
        }
        let (x, y) = (x as isize, y as isize);
        let ridge = [(1, 0), (0, 1), (1, 1), (1, -1)].iter().any(|(dx, dy)| {
            let across = value >= at(x + dx, y + dy) && value > at(x - dx, y - dy);
            // At a right angle it goes on.
            let (ax, ay) = (-dy * far, dx * far);
            let along = at(x + ax, y + ay).max(at(x - ax, y - ay));
            across && along > value * 0.75
        });
        f32::from(ridge)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    /// A disc with an arm to the lower border and a line across.
    fn hand() -> Layer {
        let inside = |x: usize, y: usize| {
            let (dx, dy) = (x as f32 - 15.5, y as f32 - 12.0);
            dx.hypot(dy) < 9.0 || (y > 12 && dx.abs() < 4.0)
        };
        let alpha = |at: usize| if inside(at % 32, at / 32) { 255 } else { 0 };
        let pixel = |at: usize| [200, 150, 120, alpha(at)];
        let line = |at: usize| if at / 32 == 12 { 255 } else { 0 };
        let rgba = (0..1024).flat_map(pixel).collect();
        Layer::new(32, rgba, (0..1024).map(line).collect()).expect("the lengths fit")
    }

    #[test]
    fn ink_follows_the_contour_and_the_lines() {
        let layer = hand();
        let mut canvas = Canvas::new(64, 64, [1.0; 3]);
        let placement = Placement::centred(&canvas);
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let drawing = Drawing {
            paper: Paper::WHITE,
            pen: Some(Pen {
                width: 0.06,
                ..Pen::STEADY
            }),
            doubled: false,
            inset: 0.0,
            lines: 1.0,
            fill: None,
            hatch: 0.0,
            smoothing: 0.0,
            warp: 0.0,
            wrist: Wrist::Beyond,
        };
        drawing.apply(&layer, &placement, &mut canvas, &mut rng);
        let red = |x: usize, y: usize| canvas.pixels()[y * 64 + x].x;
        // The disc's top, its middle line, between them, outside.
        assert!(red(32, 7) < 0.3 && red(32, 25) < 0.3);
        assert!(red(32, 16) > 0.9 && red(3, 3) > 0.9 && red(32, 60) > 0.9);
    }
}
