//! The light of the scene, over the finished composition.

use crate::canvas::Canvas;
use crate::field::{chance, within};
use crate::palette::{self, Rgb, luma};
use glam::{FloatExt, Vec2, Vec3, vec2, vec3};
use rand_chacha::ChaCha8Rng;
use std::f32::consts::TAU;

/// Display colours of white paper in the light of a black body, by its temperature in kelvin.
const BLACK_BODY: [(f32, Rgb); 7] = [
    (2500.0, vec3(1.0, 0.63, 0.28)),
    (3500.0, vec3(1.0, 0.77, 0.54)),
    (4500.0, vec3(1.0, 0.86, 0.73)),
    (5500.0, vec3(1.0, 0.93, 0.88)),
    (6500.0, vec3(1.0, 1.0, 0.98)),
    (7500.0, vec3(0.90, 0.92, 1.0)),
    (9000.0, vec3(0.82, 0.87, 1.0)),
];

/// The light of a scene. Lengths are shares of the canvas' shorter side, places are shares of its
/// width and height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Light {
    /// Factor of each channel's display value: the light's colour, as far as the camera's white
    /// balance leaves it.
    pub tint: Vec3,
    /// Exposure in stops: -1 has half of the light.
    pub exposure: f32,
    /// How much darker one side is than the other, -1 to 1 in x and y: the direction of the light.
    pub gradient: Vec2,
    /// Centre of a brighter spot.
    pub spot: Vec2,
    /// Radius of the spot.
    pub spot_radius: f32,
    /// How much brighter the spot is: 1 doubles the display value there; below 0 a shade.
    pub spot_gain: f32,
    /// How much of the light the corners lose, 0 to 1.
    pub vignette: f32,
    /// The colour of the stray light.
    pub haze_colour: Rgb,
    /// How much of the picture stray light replaces everywhere, 0 to 1.
    pub haze: f32,
    /// How much more it replaces about the spot, 0 to 1: a window behind the hand.
    pub spot_haze: f32,
    /// Coloured light from one side, a monitor's say: its colour and strength.
    pub glow: Vec3,
    /// Where the coloured light comes from, a unit vector.
    pub glow_from: Vec2,
    /// Exponent of the display values.
    pub gamma: f32,
    /// Factor of the distance from middle grey.
    pub contrast: f32,
    /// Factor of the distance from grey of the same brightness.
    pub saturation: f32,
}

impl Light {
    /// The scene as it is.
    pub const NONE: Self = Self {
        tint: Vec3::ONE,
        exposure: 0.0,
        gradient: Vec2::ZERO,
        spot: Vec2::splat(0.5),
        spot_radius: 0.5,
        spot_gain: 0.0,
        vignette: 0.0,
        haze_colour: Rgb::ONE,
        haze: 0.0,
        spot_haze: 0.0,
        glow: Vec3::ZERO,
        glow_from: Vec2::X,
        gamma: 1.0,
        contrast: 1.0,
        saturation: 1.0,
    };

    /// The light of any room, mostly a usable one.
    pub fn random(rng: &mut ChaCha8Rng) -> Self {
        // White balance takes most of the colour away, sometimes none.
        let left = within(rng, 0.0, 1.0);
        let mut light = Self {
            tint: temperature(within(rng, 2700.0, 8500.0), left * left),
            exposure: within(rng, -1.0, 0.8),
            contrast: within(rng, 0.75, 1.25),
            gamma: within(rng, 0.85, 1.2),
            saturation: within(rng, 0.6, 1.3),
            ..Self::NONE
        };
        if chance(rng, 0.5) {
            let (angle, most) = (within(rng, 0.0, TAU), within(rng, 0.1, 0.7));
            light.gradient = Vec2::from_angle(angle) * most;
        }
        if chance(rng, 0.3) {
            light.spot = vec2(within(rng, -0.1, 1.1), within(rng, -0.1, 1.1));
            light.spot_radius = within(rng, 0.25, 0.8);
            light.spot_gain = within(rng, -0.4, 0.7);
        }
        if chance(rng, 0.4) {
            light.vignette = within(rng, 0.05, 0.5);
        }
        if chance(rng, 0.2) {
            light.haze = within(rng, 0.03, 0.25);
            light.haze_colour = Rgb::splat(within(rng, 0.5, 0.95));
        }
        if chance(rng, 0.15) {
            light.shine_from_side(rng, 0.3);
        }
        if chance(rng, 0.07) {
            light.saturation = 0.0;
        }
        light
    }

    /// A dim room: in the evening, by a lamp or by the monitor alone.
    pub fn dim(rng: &mut ChaCha8Rng) -> Self {
        let mut light = Self::random(rng);
        light.exposure = within(rng, -2.8, -0.8);
        light.gamma = within(rng, 0.9, 1.15);
        light.contrast = within(rng, 0.9, 1.15);
        // Cameras lose colours in the dark, and raise the black.
        light.saturation = within(rng, 0.2, 1.0);
        light.haze = within(rng, 0.0, 0.08);
        light.gradient *= 0.6;
        light.vignette *= 0.5;
        light.haze_colour = Rgb::splat(within(rng, 0.2, 0.6));
        if chance(rng, 0.6) {
            light.tint = temperature(within(rng, 2500.0, 4000.0), within(rng, 0.2, 0.9));
        }
        if chance(rng, 0.5) {
            light.shine_from_side(rng, 0.4);
        }
        light
    }

    /// A window or a lamp behind the hand: bright about there, veiled, the rest dark.
    pub fn back_lit(rng: &mut ChaCha8Rng) -> Self {
        let mut light = Self::random(rng);
        light.exposure = within(rng, -1.0, 0.5);
        light.spot = vec2(within(rng, 0.0, 1.0), within(rng, -0.1, 0.7));
        light.spot_radius = within(rng, 0.3, 0.8);
        light.spot_gain = within(rng, 0.1, 0.9);
        light.spot_haze = within(rng, 0.15, 0.6);
        light.haze = within(rng, 0.0, 0.2);
        let white = within(rng, 0.8, 1.05);
        light.haze_colour = temperature(within(rng, 4500.0, 8500.0), 0.6) * white;
        light
    }

    /// Coloured light from any side.
    fn shine_from_side(&mut self, rng: &mut ChaCha8Rng, most: f32) {
        let strength = within(rng, 0.08, most);
        self.glow = if chance(rng, 0.6) {
            vec3(0.45, 0.65, 1.0) * strength
        } else {
            palette::hsv(within(rng, 0.0, 1.0), within(rng, 0.5, 1.0), strength)
        };
        self.glow_from = Vec2::from_angle(within(rng, 0.0, TAU));
    }

    /// Puts the canvas into this light.
    pub fn apply(&self, canvas: &mut Canvas) {
        if *self == Self::NONE {
            return;
        }
        let size = canvas.size();
        // A stop halves linear light, that is a display value by 2 to the power of 1 / 2.2.
        let gains = self.tint * (self.exposure / 2.2).exp2();
        let curve = Curve::new(self.gamma, self.contrast);
        let spread = 1.0 / (self.spot_radius.max(0.01) * canvas.short_side());
        let spot = self.spot * size;
        let diagonal = 4.0 / size.length_squared();
        canvas.each(|x, y, pixel| {
            let place = vec2(x as f32, y as f32) + 0.5;
            let from = place - size / 2.0;
            let side = 2.0 * from / size;
            // A bump without an exponential: one in the middle, a quarter at the radius.
            let falloff = 1.0 / (1.0 + ((place - spot) * spread).length_squared());
            let near = falloff * falloff;
            let local = (1.0 + 0.5 * self.gradient.dot(side))
                * (1.0 + self.spot_gain * near)
                * (1.0 - self.vignette * from.length_squared() * diagonal);
            let lit_side = 0.5 + 0.5 * self.glow_from.dot(side);
            let veil = (self.haze + self.spot_haze * near).clamp(0.0, 1.0);
            // Light that falls on things is reflected by their own colour; a little of it is stray
            // light.
            let glow = self.glow * lit_side.max(0.0);
            let reflected = *pixel * (gains * local.max(0.0) + glow * 1.5) + glow * 0.1;
            let colour = reflected
                .lerp(self.haze_colour, veil)
                .map(|value| curve.at(value));
            *pixel = Vec3::splat(luma(colour)).lerp(colour, self.saturation);
        });
    }
}

/// The tint of a light of some kelvin, of which `share` is left after white balance. Green stays,
/// so that brightness does as well.
fn temperature(kelvin: f32, share: f32) -> Vec3 {
    let above = BLACK_BODY.partition_point(|(known, _)| *known <= kelvin);
    let above = above.clamp(1, BLACK_BODY.len() - 1);
    let [(low, from), (high, to)] = [BLACK_BODY[above - 1], BLACK_BODY[above]];
    let colour = from.lerp(to, ((kelvin - low) / (high - low)).clamp(0.0, 1.0));
    1.0 + (colour / luma(colour) - 1.0) * share
}

/// Gamma, contrast and a soft shoulder in a table, for powers are slow.
struct Curve {
    knots: Vec<f32>,
}

/// Knots of a curve up to the display value 2, above which all is white.
const KNOTS: usize = 256;

impl Curve {
    fn new(gamma: f32, contrast: f32) -> Self {
        let knot = |at: usize| {
            let value = (at as f32 * 2.0 / KNOTS as f32).powf(gamma);
            let value = (value - 0.5) * contrast + 0.5;
            // What is brighter than nine tenths runs into white and doesn't break off.
            let shoulder = 0.9;
            if value > shoulder {
                1.0 - (1.0 - shoulder) * (-(value - shoulder) / (1.0 - shoulder)).exp()
            } else {
                value.max(0.0)
            }
        };
        Self {
            knots: (0..=KNOTS).map(knot).collect(),
        }
    }

    fn at(&self, value: f32) -> f32 {
        let place = value.clamp(0.0, 2.0) * (KNOTS / 2) as f32;
        let knot = (place as usize).min(KNOTS - 1);
        self.knots[knot].lerp(self.knots[knot + 1], place - knot as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_light_changes_nothing() {
        let mut canvas = Canvas::new(9, 5, [0.3, 0.6, 1.2]);
        let before = canvas.clone();
        Light::NONE.apply(&mut canvas);
        assert_eq!(canvas, before);
    }

    #[test]
    fn a_stop_halves_linear_light_and_warm_light_is_red() {
        let mut canvas = Canvas::new(3, 3, [0.5; 3]);
        let darker = Light {
            exposure: -1.0,
            ..Light::NONE
        };
        darker.apply(&mut canvas);
        let halved = (0.5_f32.powf(2.2) / 2.0).powf(1.0 / 2.2);
        assert!((canvas.pixels()[4][0] - halved).abs() < 0.01);
        let warm = temperature(2700.0, 1.0);
        assert!(warm.x > 1.2 && warm.z < 0.6);
        assert_eq!(temperature(5000.0, 0.0), Vec3::ONE);
    }
}
