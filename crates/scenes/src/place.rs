//! Where the hand lies in the picture, and laying it there.

use crate::canvas::Canvas;
use crate::complexion::Tone;
use crate::field::{Field, within};
use crate::homography::project;
use crate::layer::Layer;
use crate::texture::{Texture, lay_over};
use glam::{Mat3, Vec2, Vec3, vec2, vec3};
use rand_chacha::ChaCha8Rng;
use std::f32::consts::TAU;

/// Where the frame of a layer comes to lie on a canvas.
///
/// Canvas coordinates are in pixels from the canvas' upper left corner (the first pixel's centre
/// is at 0.5, 0.5); layer coordinates go from 0 to 1 over the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Where the frame's centre lies, in canvas pixels.
    pub centre: Vec2,
    /// Side of the frame in canvas pixels.
    pub side: f32,
    /// Rotation in radians, clockwise.
    pub rotation: f32,
    /// Whether the hand is mirrored: a left hand for a right one.
    pub mirror: bool,
    /// Keystone in x and y, -0.3 to 0.3: above zero the right (the lower) border is farther away.
    pub perspective: Vec2,
    /// By how much of its height the frame leans sideways.
    pub shear: f32,
}

impl Placement {
    /// The frame upright in the middle of the canvas, as large as its short side.
    pub fn centred(canvas: &Canvas) -> Self {
        Self {
            centre: canvas.size() / 2.0,
            side: canvas.short_side(),
            rotation: 0.0,
            mirror: false,
            perspective: Vec2::ZERO,
            shear: 0.0,
        }
    }

    /// Where a point of the layer lies on the canvas; nowhere when it is behind the camera.
    pub fn to_canvas(&self, point: Vec2) -> Option<Vec2> {
        project(&self.matrix(), point)
    }

    /// From layer to canvas coordinates, homogeneous.
    fn matrix(&self) -> Mat3 {
        let flip = if self.mirror { -1.0 } else { 1.0 };
        let middle = Mat3::from_translation(Vec2::splat(-0.5));
        let lean = Mat3::from_cols(vec3(flip, 0.0, 0.0), vec3(self.shear, 1.0, 0.0), Vec3::Z);
        let [across, down] = self.perspective.to_array();
        let keystone = Mat3::from_cols(vec3(1.0, 0.0, across), vec3(0.0, 1.0, down), Vec3::Z);
        let side = Vec2::splat(self.side);
        let lay = Mat3::from_scale_angle_translation(side, self.rotation, self.centre);
        lay * keystone * lean * middle
    }

    /// From canvas to layer coordinates; none for a frame without extent.
    pub(crate) fn inverse(&self) -> Option<Mat3> {
        // The frame's centre divides by one: what divides by less than nothing is behind the
        // camera.
        let inverse = self.matrix().inverse();
        inverse.is_finite().then_some(inverse)
    }

    /// The points of the layer that lie under the canvas' pixels, row by row; none where the frame
    /// doesn't reach.
    pub(crate) fn points(&self, canvas: &Canvas) -> Vec<Option<Vec2>> {
        let inverse = self.inverse();
        let width = canvas.width();
        let point = |at: usize| {
            let pixel = vec2((at % width) as f32, (at / width) as f32) + 0.5;
            project(&inverse?, pixel)
        };
        (0..canvas.pixels().len()).map(point).collect()
    }
}

/// Lays a layer over the canvas.
pub fn place(canvas: &mut Canvas, layer: &Layer, placement: &Placement, tone: &Tone) {
    let texture = Texture::colours(layer, tone, placement.side);
    let points = placement.points(canvas);
    for (pixel, point) in canvas.pixels_mut().iter_mut().zip(points) {
        if let Some(point) = point {
            lay_over(pixel, texture.sample(point));
        }
    }
}

/// The shadow that a hand casts on a wall behind it; laid down before the hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shadow {
    /// Where it falls, as a share of the frame's side.
    pub offset: Vec2,
    /// Its softness, as a share of the frame's side.
    pub softness: f32,
    /// How much of the background's light it takes, 0 to 1.
    pub depth: f32,
}

impl Shadow {
    /// A shadow of a lamp somewhere before the hand.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        let (angle, far) = (within(rng, 0.0, TAU), within(rng, 0.02, 0.14));
        Self {
            offset: Vec2::from_angle(angle) * far,
            softness: within(rng, 0.01, 0.08),
            depth: within(rng, 0.15, 0.6),
        }
    }

    /// Darkens the canvas where the shadow falls.
    pub fn apply(&self, canvas: &mut Canvas, layer: &Layer, placement: &Placement) {
        if self.depth <= 0.0 {
            return;
        }
        let moved = Placement {
            centre: placement.centre + self.offset * placement.side,
            ..*placement
        };
        let texture = Texture::shape(layer, placement.side);
        let (points, width) = (moved.points(canvas), canvas.width());
        let mut mask = Field::from_fn(width, canvas.height(), |x, y| {
            points[y * width + x].map_or(0.0, |point| texture.sample(point).w)
        });
        mask.blur(self.softness * placement.side);
        for (pixel, shade) in canvas.pixels_mut().iter_mut().zip(mask.values()) {
            *pixel *= 1.0 - shade * self.depth;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKEWED: Placement = Placement {
        centre: vec2(40.0, 30.0),
        side: 50.0,
        rotation: 0.7,
        mirror: true,
        perspective: vec2(0.2, -0.15),
        shear: 0.1,
    };

    fn dot(column: usize, row: usize) -> Layer {
        let pixel = |at: usize| [255, 0, 0, if at == row * 20 + column { 255 } else { 0 }];
        Layer::new(20, (0..400).flat_map(pixel).collect(), Vec::new()).expect("the lengths fit")
    }

    #[test]
    fn a_quarter_turn_is_clockwise_and_a_mirror_swaps_sides() {
        let turned = Placement {
            rotation: std::f32::consts::FRAC_PI_2,
            mirror: false,
            perspective: Vec2::ZERO,
            shear: 0.0,
            ..SKEWED
        };
        // The upper border goes to the right.
        let near = |a: Option<Vec2>, b: Vec2| a.is_some_and(|a| a.abs_diff_eq(b, 1e-3));
        assert!(near(turned.to_canvas(vec2(0.5, 0.0)), vec2(65.0, 30.0)));
        let mirrored = Placement {
            rotation: 0.0,
            mirror: true,
            ..turned
        };
        assert!(near(mirrored.to_canvas(vec2(0.0, 0.5)), vec2(65.0, 30.0)));
        assert!(near(SKEWED.to_canvas(vec2(0.5, 0.5)), vec2(40.0, 30.0)));
    }

    #[test]
    fn points_come_back() {
        for point in [vec2(0.0, 0.0), vec2(0.3, 0.9), vec2(1.0, 0.2)] {
            let there = SKEWED.to_canvas(point);
            let back = there.and_then(|there| project(&SKEWED.inverse()?, there));
            let back = back.expect("there is one");
            assert!(back.abs_diff_eq(point, 1e-4), "{back}");
        }
    }

    #[test]
    fn a_dot_lands_where_the_placement_says() {
        for (column, row) in [(3, 5), (16, 2), (9, 17)] {
            let wanted = (vec2(column as f32, row as f32) + 0.5) / 20.0;
            let wanted = SKEWED.to_canvas(wanted);
            let mut canvas = Canvas::new(80, 64, [0.0; 3]);
            let layer = dot(column, row);
            place(&mut canvas, &layer, &SKEWED, &Tone::NONE);

            let (mut sum, mut middle) = (0.0, Vec2::ZERO);
            canvas.each(|x, y, pixel| {
                sum += pixel.x;
                middle += pixel.x * (vec2(x as f32, y as f32) + 0.5);
            });
            assert!(sum > 1.0);
            let wanted = wanted.expect("in front of the camera");
            assert!((middle / sum).abs_diff_eq(wanted, 0.3));
        }
    }

    #[test]
    fn no_shadow_and_an_empty_layer_change_nothing() {
        let mut canvas = Canvas::new(20, 20, [0.5; 3]);
        let before = canvas.clone();
        let shadow = Shadow {
            offset: Vec2::splat(0.1),
            softness: 0.05,
            depth: 0.0,
        };
        let layer = dot(4, 4);
        shadow.apply(&mut canvas, &layer, &Placement::centred(&before));

        let layer = Layer::new(4, vec![0; 64], Vec::new()).expect("the lengths fit");
        place(
            &mut canvas,
            &layer,
            &Placement::centred(&before),
            &Tone::NONE,
        );

        assert_eq!(canvas, before);
    }
}
