//! How a hand's own colours are changed before it is laid down: skin of every tone.

use crate::field::{sometimes, within};
use crate::layer::Layer;
use crate::palette::{self, Rgb, luma};
use glam::{DVec4, FloatExt, Vec3, dvec4, vec3};
use rand_chacha::ChaCha8Rng;

/// How the hand's own colours are changed before it is laid down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// Factor of each channel's display value, after the skin's shift.
    pub gain: Vec3,
    /// Exponent of the display values: above 1 the hand gets darker.
    pub gamma: f32,
    /// The mean colour that the hand takes on.
    pub skin: Rgb,
    /// How far the hand goes from its own mean colour to `skin`: 0 leaves it, 1 reaches it.
    pub skin_shift: f32,
    /// Exponent of the hand's shading about its mean while its skin shifts.
    pub relief: f32,
}

impl Tone {
    /// The hand as it is.
    pub const NONE: Self = Self {
        gain: Vec3::ONE,
        gamma: 1.0,
        skin: vec3(0.80, 0.61, 0.49),
        skin_shift: 0.0,
        relief: 1.0,
    };

    /// Another skin and another light on it; `strength` 0 changes nothing, 1 is the most.
    pub fn random(rng: &mut ChaCha8Rng, strength: f32) -> Self {
        let strength = strength.clamp(0.0, 1.0);
        let skin = palette::skin(rng);
        // Shading a very red skin would make a glove of it.
        let skin = skin.max(skin.x * vec3(1.0, 0.62, 0.45));
        let shift = sometimes(rng, 0.7, 0.4, 1.0);
        let brightness = within(rng, -0.15, 0.15);
        let gain = Vec3::ONE.map(|one| one + (brightness + within(rng, -0.06, 0.06)) * strength);
        // Dark skin shows its highlights more than light skin does.
        let relief = within(rng, 0.75, 1.1) + 0.35 * (0.6 - luma(skin)).max(0.0);
        Self {
            gain,
            gamma: 1.0 + within(rng, -0.2, 0.3) * strength,
            skin,
            skin_shift: shift * strength,
            relief,
        }
    }

    /// The new display value for each byte of each channel of this layer's colours.
    pub(crate) fn tables(&self, layer: &Layer) -> [[f32; 256]; 3] {
        let mean = mean_colour(layer).max(Rgb::splat(0.02));
        [0, 1, 2].map(|channel| {
            std::array::from_fn(|byte| {
                let own = byte as f32 / 255.0;
                // Shading is a factor on the skin's colour; it is bounded, for dark source hands
                // have bright specks that would burn out.
                let shading = (own / mean[channel]).powf(self.relief).min(1.8);
                let shifted = own.lerp(self.skin[channel] * shading, self.skin_shift);
                (shifted.powf(self.gamma) * self.gain[channel]).clamp(0.0, 1.0)
            })
        })
    }
}

/// Mean display colour of what the layer shows; grey when it shows nothing.
fn mean_colour(layer: &Layer) -> Rgb {
    let pixels = layer.rgba().as_chunks::<4>().0.iter();
    let sum = pixels.fold(DVec4::ZERO, |sum, pixel| {
        let [red, green, blue, alpha] = pixel.map(f64::from);
        sum + dvec4(red, green, blue, 255.0) * alpha
    });
    if sum.w == 0.0 {
        return Rgb::splat(0.5);
    }
    (sum.truncate() / sum.w).as_vec3()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn plain(colour: [u8; 3]) -> Layer {
        let [r, g, b] = colour;
        Layer::new(4, [r, g, b, 255].repeat(16), Vec::new()).expect("the lengths fit")
    }

    #[test]
    fn no_tone_changes_nothing() {
        let tables = Tone::NONE.tables(&plain([180, 120, 90]));
        for table in tables {
            for (byte, value) in table.iter().enumerate() {
                assert_eq!(*value, byte as f32 / 255.0);
            }
        }
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let weak = Tone::random(&mut rng, 0.0);
        assert_eq!(
            (weak.gain, weak.gamma, weak.skin_shift),
            (Vec3::ONE, 1.0, 0.0)
        );
    }

    #[test]
    fn a_full_shift_reaches_the_skin() {
        let tone = Tone {
            skin: vec3(0.3, 0.2, 0.1),
            skin_shift: 1.0,
            ..Tone::NONE
        };
        let tables = tone.tables(&plain([200, 150, 120]));
        let reached = [tables[0][200], tables[1][150], tables[2][120]];
        for (value, wanted) in reached.into_iter().zip(tone.skin.to_array()) {
            assert!((value - wanted).abs() < 1e-4);
        }
    }

    #[test]
    fn tones_keep_values_in_range() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let layer = plain([40, 20, 10]);
        for _ in 0..50 {
            let tone = Tone::random(&mut rng, 1.0);
            for value in tone.tables(&layer).into_iter().flatten() {
                assert!((0.0..=1.0).contains(&value));
            }
        }
    }
}
