//! The forearm: where it leaves the layer's frame, and its continuation beyond.

use crate::canvas::Canvas;
use crate::complexion::Tone;
use crate::field::{Field, within};
use crate::layer::Layer;
use crate::place::Placement;
use crate::texture::{Texture, lay_over};
use glam::{Vec2, vec2, vec4};
use rand_chacha::ChaCha8Rng;

/// Where a layer's forearm leaves the frame. Lengths are shares of the frame's side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arm {
    /// The middle of the cut, in layer coordinates.
    pub origin: Vec2,
    /// Unit vector from the hand out of the frame.
    pub direction: Vec2,
    /// Half of the arm's thickness at the cut.
    pub half_width: f32,
    /// From the cut back to where the arm widens into the hand.
    pub length: f32,
    /// How far within the frame the cut lies.
    pub inset: f32,
}

impl Arm {
    /// Finds the widest place at which the hand touches the frame's border; none when it doesn't.
    pub fn find(layer: &Layer) -> Option<Self> {
        let side = layer.side();
        let solid = |x: usize, y: usize| layer.rgba()[(y * side + x) * 4 + 3] > 127;
        // A cut-out may have lost the outermost pixels.
        let (inset, border, run) = (0..=side / 16).find_map(|inset| {
            let ring = side.checked_sub(2 * inset).filter(|ring| *ring > 1)?;
            let at = |border: usize, step: usize| {
                let (low, along, high) = (inset, inset + step, inset + ring - 1);
                [(along, low), (high, along), (along, high), (low, along)][border]
            };
            let (border, run) = (0..4)
                .map(|border| {
                    let solid = |step: usize| {
                        let (x, y) = at(border, step);
                        solid(x, y)
                    };
                    (border, longest_run(ring, solid))
                })
                .max_by_key(|(_, run)| run.1 - run.0)?;
            ((run.1 - run.0) * 16 >= side).then_some((inset, border, run))
        })?;

        let unit = |x: usize, y: usize| (vec2(x as f32, y as f32) + 0.5) / side as f32;
        let middle = ((run.0 + run.1) as f32 / 2.0 + inset as f32) / side as f32;
        let edge = (inset as f32 + 0.5) / side as f32;
        let (origin, normal) = [
            (vec2(middle, edge), Vec2::NEG_Y),
            (vec2(1.0 - edge, middle), Vec2::X),
            (vec2(middle, 1.0 - edge), Vec2::Y),
            (vec2(edge, middle), Vec2::NEG_X),
        ][border];
        let cut = (run.1 - run.0) as f32 / side as f32;

        // The axis runs from the middle of what is solid a little further in.
        let reach = (cut * 0.9).clamp(0.1, 0.35);
        let (mut sum, mut count) = (Vec2::ZERO, 0.0);
        for y in 0..side {
            for x in 0..side {
                let away = unit(x, y) - origin;
                let near = -away.dot(normal) > reach * 0.5 && away.length() < reach * 1.3;
                if near && solid(x, y) {
                    sum += away;
                    count += 1.0;
                }
            }
        }
        let mut direction = normal;
        if count > 0.0 {
            let inward = (sum / count).normalize_or_zero();
            direction = (normal * 0.4 - inward).normalize_or_zero();
        }
        if direction.dot(normal) < 0.5 {
            direction = normal;
        }
        let mut arm = Self {
            origin,
            direction,
            half_width: cut / 2.0 * direction.dot(normal),
            length: 0.0,
            inset: inset as f32 / side as f32,
        };
        arm.length = arm.measure(|point| {
            let at = point * side as f32;
            let inside = at.min_element() >= 0.0 && at.max_element() < side as f32;
            inside && solid(at.x as usize, at.y as usize)
        });
        Some(arm)
    }

    /// A layer point's place along the arm (0 at the cut, above 0 beyond) and across it.
    pub fn along_and_across(&self, point: Vec2) -> Vec2 {
        let away = point - self.origin;
        vec2(away.dot(self.direction), away.dot(self.direction.perp()))
    }

    /// The layer point of a place along and across the arm.
    pub fn point(&self, along: f32, across: f32) -> Vec2 {
        self.origin + self.direction.rotate(vec2(along, across))
    }

    /// From the cut back to where the arm gets clearly wider: the wrist.
    fn measure(&self, solid: impl Fn(Vec2) -> bool) -> f32 {
        let step = 0.01;
        let mut narrowest = f32::MAX;
        let mut depth = 0.02;
        while depth < 0.6 {
            let extent = |sign: f32| {
                let mut across = 0.0;
                while across < 0.5 && solid(self.point(-depth, sign * across)) {
                    across += step;
                }
                across
            };
            let width = extent(1.0) + extent(-1.0);
            narrowest = narrowest.min(width.max(0.05));
            if width > narrowest * 1.3 {
                return depth;
            }
            depth += step;
        }
        0.1
    }
}

/// The longest stretch of solid pixels: the first and one past the last.
fn longest_run(count: usize, solid: impl Fn(usize) -> bool) -> (usize, usize) {
    let mut longest = (0, 0);
    let mut start = 0;
    for at in 0..count {
        if !solid(at) {
            start = at + 1;
        } else if at + 1 - start > longest.1 - longest.0 {
            longest = (start, at + 1);
        }
    }
    longest
}

/// The arm drawn on beyond the layer's frame: what lies there takes the cut's colours.
pub(crate) struct Continuation {
    arm: Arm,
    /// Borders of the part of the frame that is sampled.
    low: f32,
    high: f32,
    /// Growth of the arm's thickness per frame side.
    taper: f32,
}

impl Continuation {
    pub(crate) fn new(layer: &Layer, arm: Arm, taper: f32) -> Self {
        // The last texel of a cut-out is often half background.
        let low = arm.inset + 1.5 / layer.side() as f32;
        Self {
            arm,
            low,
            high: 1.0 - low,
            taper,
        }
    }

    /// Which point of the layer stands for a point; none when it isn't on the arm's continuation.
    pub(crate) fn source(&self, point: Vec2) -> Option<Vec2> {
        let inside = |point: Vec2, slack: f32| {
            point.min_element() >= self.low - slack && point.max_element() <= self.high + slack
        };
        if inside(point, 0.0) {
            return None;
        }
        let [along, across] = self.arm.along_and_across(point).to_array();
        let width = self.arm.half_width.max(0.02);
        let narrow = across / (1.0 + self.taper * along.max(0.0) / width);
        if along < -width * 2.0 - 0.1 || narrow.abs() > width * 1.4 + 0.02 {
            return None;
        }
        // Back along the arm to the border.
        let point = self.arm.point(along, narrow);
        let mut back = 0.0_f32;
        for axis in 0..2 {
            let (value, toward) = (point[axis], self.arm.direction[axis]);
            if value > self.high && toward > 1e-3 {
                back = back.max((value - self.high) / toward);
            } else if value < self.low && toward < -1e-3 {
                back = back.max((value - self.low) / toward);
            }
        }
        Some(point - self.arm.direction * back).filter(|source| inside(*source, 1e-3))
    }
}

/// Continues the forearm from where the layer's frame cuts it to beyond the canvas' border. To be
/// called before the layer is placed, which then covers the seam.
pub fn extend_arm(
    canvas: &mut Canvas,
    layer: &Layer,
    placement: &Placement,
    tone: &Tone,
    rng: &mut ChaCha8Rng,
) {
    let taper = within(rng, 0.0, 0.06);
    let (width, height) = (canvas.width(), canvas.height());
    let cell = (placement.side * 0.2).max(2.0);
    let shades = Field::noise(width, height, cell, rng);
    let Some(arm) = Arm::find(layer) else {
        return;
    };
    let texture = Texture::colours(layer, tone, placement.side);
    let continuation = Continuation::new(layer, arm, taper);
    let points = placement.points(canvas);
    canvas.each(|x, y, pixel| {
        let source = points[y * width + x].and_then(|point| continuation.source(point));
        if let Some(source) = source {
            // A constant colour along the arm would look like a smear.
            let shade = 1.0 + 0.07 * shades.at(x, y);
            lay_over(
                pixel,
                texture.sample(source) * vec4(shade, shade, shade, 1.0),
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    /// A palm with an arm that leaves at the bottom, between columns 12 and 20 of 32.
    fn hand() -> Layer {
        let pixel = |at: usize| {
            let (x, y) = (at % 32, at / 32);
            let palm = (6..26).contains(&x) && (6..20).contains(&y);
            let arm = (12..20).contains(&x) && y >= 6;
            [200, 150, 120, if palm || arm { 255 } else { 0 }]
        };
        Layer::new(32, (0..32 * 32).flat_map(pixel).collect(), Vec::new()).expect("the lengths fit")
    }

    #[test]
    fn finds_the_arm() {
        let arm = Arm::find(&hand()).expect("there is one");
        assert!((arm.origin.x - 0.5).abs() < 0.02 && arm.origin.y > 0.95);
        assert!(arm.direction.y > 0.99);
        assert!((arm.half_width - 0.125).abs() < 0.02);
        assert!((arm.length - 12.0 / 32.0).abs() < 0.06);
    }

    #[test]
    fn the_arm_reaches_the_border_and_nothing_else_changes() {
        let layer = hand();
        let mut canvas = Canvas::new(64, 64, [0.0; 3]);
        let placement = Placement {
            side: 32.0,
            ..Placement::centred(&canvas)
        };
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        extend_arm(&mut canvas, &layer, &placement, &Tone::NONE, &mut rng);
        let red = |x: usize, y: usize| canvas.pixels()[y * 64 + x][0];
        assert!(red(32, 63) > 0.6 && red(32, 50) > 0.6);
        assert_eq!((red(10, 60), red(32, 5), red(60, 32)), (0.0, 0.0, 0.0));
    }

    #[test]
    fn no_arm_no_change() {
        let layer = Layer::new(8, vec![0; 256], Vec::new()).expect("the lengths fit");
        assert_eq!(Arm::find(&layer), None);
        let mut canvas = Canvas::new(5, 9, [0.3; 3]);
        let before = canvas.clone();
        let placement = Placement::centred(&canvas);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        extend_arm(&mut canvas, &layer, &placement, &Tone::NONE, &mut rng);
        assert_eq!(canvas, before);
    }
}
