//! Where the hand lies in the picture, and laying it there.

use crate::canvas::Canvas;
use crate::complexion::Tone;
use crate::field::{Field, within};
use crate::homography::project;
use crate::layer::Layer;
use crate::texture::{Texture, lay_over};
use glam::{Mat3, Vec2, Vec3, vec3};
use rand_chacha::ChaCha8Rng;

/// Where the frame of a layer comes to lie on a canvas.
///
/// Canvas coordinates are in pixels from the canvas' upper left corner (the first pixel's centre
/// is at 0.5, 0.5); layer coordinates go from 0 to 1 over the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Where the frame's centre lies, in canvas pixels.
    pub centre: [f32; 2],
    /// Side of the frame in canvas pixels.
    pub side: f32,
    /// Rotation in radians, clockwise.
    pub rotation: f32,
    /// Whether the hand is mirrored: a left hand for a right one.
    pub mirror: bool,
    /// Keystone in x and y, -0.3 to 0.3: above zero the right (the lower) border is farther away.
    pub perspective: [f32; 2],
    /// By how much of its height the frame leans sideways.
    pub shear: f32,
}

impl Placement {
    /// The frame upright in the middle of the canvas, as large as its short side.
    pub fn centred(canvas: &Canvas) -> Self {
        Self {
            centre: [canvas.width() as f32 / 2.0, canvas.height() as f32 / 2.0],
            side: canvas.short_side() as f32,
            rotation: 0.0,
            mirror: false,
            perspective: [0.0; 2],
            shear: 0.0,
        }
    }

    /// Where a point of the layer lies on the canvas; nowhere when it is behind the camera.
    pub fn to_canvas(&self, point: [f32; 2]) -> Option<[f32; 2]> {
        project(&self.matrix(), point)
    }

    /// From layer to canvas coordinates, homogeneous.
    fn matrix(&self) -> Mat3 {
        let flip = if self.mirror { -1.0 } else { 1.0 };
        let [across, down] = self.perspective;
        let middle = Mat3::from_translation(Vec2::splat(-0.5));
        let lean = Mat3::from_cols(vec3(flip, 0.0, 0.0), vec3(self.shear, 1.0, 0.0), Vec3::Z);
        let keystone = Mat3::from_cols(vec3(1.0, 0.0, across), vec3(0.0, 1.0, down), Vec3::Z);
        let (side, centre) = (Vec2::splat(self.side), Vec2::from(self.centre));
        let lay = Mat3::from_scale_angle_translation(side, self.rotation, centre);
        lay * keystone * lean * middle
    }

    /// From canvas to layer coordinates; none for a frame without extent.
    pub(crate) fn inverse(&self) -> Option<Mat3> {
        // The frame's centre divides by one: what divides by less than nothing is behind the
        // camera.
        let inverse = self.matrix().inverse();
        inverse.is_finite().then_some(inverse)
    }

    /// The canvas' columns and rows that the frame may touch: first and one past the last.
    fn bounds(&self, canvas: &Canvas) -> [usize; 4] {
        let matrix = self.matrix();
        let mut bounds = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for corner in [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]] {
            let Some([x, y]) = project(&matrix, corner) else {
                return [0, 0, canvas.width(), canvas.height()];
            };
            bounds = [
                bounds[0].min(x),
                bounds[1].min(y),
                bounds[2].max(x),
                bounds[3].max(y),
            ];
        }
        let limit = |value: f32, most: usize| value.clamp(0.0, most as f32) as usize;
        // Samples reach half a texel beyond the frame.
        let margin = 2.0 + self.side / 32.0;
        [
            limit(bounds[0] - margin, canvas.width()),
            limit(bounds[1] - margin, canvas.height()),
            limit(bounds[2] + margin, canvas.width()),
            limit(bounds[3] + margin, canvas.height()),
        ]
    }
}

/// Lays a layer over the canvas.
pub fn place(canvas: &mut Canvas, layer: &Layer, placement: &Placement, tone: &Tone) {
    let Some(inverse) = placement.inverse() else {
        return;
    };
    let texture = Texture::colours(layer, tone, placement.side);
    let [left, top, right, bottom] = placement.bounds(canvas);
    let width = canvas.width();
    for y in top..bottom {
        for x in left..right {
            let Some(point) = project(&inverse, [x as f32 + 0.5, y as f32 + 0.5]) else {
                continue;
            };
            let sample = texture.sample(point);
            lay_over(&mut canvas.pixels_mut()[y * width + x], sample);
        }
    }
}

/// The shadow that a hand casts on a wall behind it; laid down before the hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shadow {
    /// Where it falls, as a share of the frame's side.
    pub offset: [f32; 2],
    /// Its softness, as a share of the frame's side.
    pub softness: f32,
    /// How much of the background's light it takes, 0 to 1.
    pub depth: f32,
}

impl Shadow {
    /// A shadow of a lamp somewhere before the hand.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        let (angle, far) = (
            within(rng, 0.0, std::f32::consts::TAU),
            within(rng, 0.02, 0.14),
        );
        Self {
            offset: [angle.cos() * far, angle.sin() * far],
            softness: within(rng, 0.01, 0.08),
            depth: within(rng, 0.15, 0.6),
        }
    }

    /// Darkens the canvas where the shadow falls.
    pub fn apply(&self, canvas: &mut Canvas, layer: &Layer, placement: &Placement) {
        if self.depth <= 0.0 {
            return;
        }
        let mut moved = *placement;
        moved.centre[0] += self.offset[0] * placement.side;
        moved.centre[1] += self.offset[1] * placement.side;
        let mut mask = coverage(canvas, layer, &moved);
        mask.blur(self.softness * placement.side);
        for (pixel, shade) in canvas.pixels_mut().iter_mut().zip(mask.values()) {
            *pixel = pixel.map(|value| value * (1.0 - shade * self.depth));
        }
    }
}

/// How much of each canvas pixel the placed hand covers, 0 to 1.
pub fn coverage(canvas: &Canvas, layer: &Layer, placement: &Placement) -> Field {
    let inverse = placement.inverse();
    let texture = Texture::shape(layer, placement.side);
    let [left, top, right, bottom] = placement.bounds(canvas);
    Field::from_fn(canvas.width(), canvas.height(), |x, y| {
        let touched = (left..right).contains(&x) && (top..bottom).contains(&y);
        let point = inverse.filter(|_| touched);
        let point = point.and_then(|map| project(&map, [x as f32 + 0.5, y as f32 + 0.5]));
        point.map_or(0.0, |point| texture.sample(point)[3])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKEWED: Placement = Placement {
        centre: [40.0, 30.0],
        side: 50.0,
        rotation: 0.7,
        mirror: true,
        perspective: [0.2, -0.15],
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
            perspective: [0.0; 2],
            shear: 0.0,
            ..SKEWED
        };
        // The upper border goes to the right.
        let near = |a: Option<[f32; 2]>, b: [f32; 2]| {
            a.is_some_and(|a| (a[0] - b[0]).abs() < 1e-3 && (a[1] - b[1]).abs() < 1e-3)
        };
        assert!(near(turned.to_canvas([0.5, 0.0]), [65.0, 30.0]));
        let mirrored = Placement {
            rotation: 0.0,
            mirror: true,
            ..turned
        };
        assert!(near(mirrored.to_canvas([0.0, 0.5]), [65.0, 30.0]));
        assert!(near(SKEWED.to_canvas([0.5, 0.5]), [40.0, 30.0]));
    }

    #[test]
    fn points_come_back() {
        for point in [[0.0, 0.0], [0.3, 0.9], [1.0, 0.2]] {
            let there = SKEWED.to_canvas(point);
            let back = there.and_then(|there| project(&SKEWED.inverse()?, there));
            let back = back.expect("there is one");
            assert!((back[0] - point[0]).abs() < 1e-4 && (back[1] - point[1]).abs() < 1e-4);
        }
    }

    #[test]
    fn a_dot_lands_where_the_placement_says() {
        for (column, row) in [(3, 5), (16, 2), (9, 17)] {
            let wanted = [(column as f32 + 0.5) / 20.0, (row as f32 + 0.5) / 20.0];
            let wanted = SKEWED.to_canvas(wanted);
            let mut canvas = Canvas::new(80, 64, [0.0; 3]);
            let layer = dot(column, row);
            place(&mut canvas, &layer, &SKEWED, &Tone::NONE);

            let (mut sum, mut middle) = (0.0, [0.0; 2]);
            canvas.each(|x, y, pixel| {
                sum += pixel[0];
                middle[0] += pixel[0] * (x as f32 + 0.5);
                middle[1] += pixel[0] * (y as f32 + 0.5);
            });
            assert!(sum > 1.0);
            let wanted = wanted.expect("in front of the camera");
            assert!((middle[0] / sum - wanted[0]).abs() < 0.3);
            assert!((middle[1] / sum - wanted[1]).abs() < 0.3);
        }
    }

    #[test]
    fn no_shadow_and_an_empty_layer_change_nothing() {
        let mut canvas = Canvas::new(20, 20, [0.5; 3]);
        let before = canvas.clone();
        let shadow = Shadow {
            offset: [0.1; 2],
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
