//! How a hand's own colours are changed before it is laid down: skin of every tone.

use crate::field::{luma, mix, sometimes, within};
use crate::layer::Layer;
use crate::palette;
use rand_chacha::ChaCha8Rng;

/// How the hand's own colours are changed before it is laid down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tone {
    /// Factor of each channel's display value, after the skin's shift.
    pub gain: [f32; 3],
    /// Exponent of the display values: above 1 the hand gets darker.
    pub gamma: f32,
    /// The mean colour that the hand takes on.
    pub skin: [f32; 3],
    /// How far the hand goes from its own mean colour to `skin`: 0 leaves it, 1 reaches it.
    pub skin_shift: f32,
    /// Exponent of the hand's shading about its mean while its skin shifts.
    pub relief: f32,
}

impl Tone {
    /// The hand as it is.
    pub const NONE: Self = Self {
        gain: [1.0; 3],
        gamma: 1.0,
        skin: [0.80, 0.61, 0.49],
        skin_shift: 0.0,
        relief: 1.0,
    };

    /// Another skin and another light on it; `strength` 0 changes nothing, 1 is the most.
    pub fn random(rng: &mut ChaCha8Rng, strength: f32) -> Self {
        let strength = strength.clamp(0.0, 1.0);
        let [red, green, blue] = palette::skin(rng);
        // Shading a very red skin would make a glove of it.
        let skin = [red, green.max(red * 0.62), blue.max(red * 0.45)];
        let shift = sometimes(rng, 0.7, 0.4, 1.0);
        let brightness = within(rng, -0.15, 0.15);
        let gain = [0; 3].map(|_| 1.0 + (brightness + within(rng, -0.06, 0.06)) * strength);
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
        let mean = mean_colour(layer);
        [0, 1, 2].map(|channel| {
            let mean = mean[channel].max(0.02);
            let mut table = [0.0; 256];
            for (byte, value) in table.iter_mut().enumerate() {
                let own = byte as f32 / 255.0;
                let mut shifted = own;
                if self.skin_shift > 0.0 {
                    // Shading is a factor on the skin's colour; it is bounded, for dark source
                    // hands have bright specks that would burn out.
                    let shading = (own / mean).powf(self.relief).min(1.8);
                    shifted = mix(own, self.skin[channel] * shading, self.skin_shift);
                }
                if self.gamma != 1.0 {
                    shifted = shifted.max(0.0).powf(self.gamma);
                }
                *value = (shifted * self.gain[channel]).clamp(0.0, 1.0);
            }
            table
        })
    }
}

/// Mean display colour of what the layer shows; grey when it shows nothing.
fn mean_colour(layer: &Layer) -> [f32; 3] {
    let mut sum = [0.0_f64; 3];
    let mut weight = 0.0;
    for pixel in layer.rgba().chunks_exact(4) {
        let alpha = f64::from(pixel[3]);
        weight += alpha;
        for (sum, value) in sum.iter_mut().zip(pixel) {
            *sum += f64::from(*value) * alpha;
        }
    }
    if weight == 0.0 {
        return [0.5; 3];
    }
    sum.map(|sum| (sum / weight / 255.0) as f32)
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
            ([1.0; 3], 1.0, 0.0)
        );
    }

    #[test]
    fn a_full_shift_reaches_the_skin() {
        let tone = Tone {
            skin: [0.3, 0.2, 0.1],
            skin_shift: 1.0,
            ..Tone::NONE
        };
        let tables = tone.tables(&plain([200, 150, 120]));
        let reached = [tables[0][200], tables[1][150], tables[2][120]];
        for (value, wanted) in reached.into_iter().zip(tone.skin) {
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
