//! A layer's pixels as floats that can be sampled anywhere.

use crate::complexion::Tone;
use crate::layer::Layer;
use crate::palette::Rgb;
use glam::{Vec2, Vec4, vec4};

/// A layer's pixels ready for sampling: floats whose first three values are multiplied by the
/// fourth, the opacity, and no finer than the canvas can show.
pub(crate) struct Texture {
    side: usize,
    texels: Vec<Vec4>,
}

impl Texture {
    /// The layer's colours, changed by a tone, for a frame of `shown` canvas pixels.
    pub(crate) fn colours(layer: &Layer, tone: &Tone, shown: f32) -> Self {
        let tables = tone.tables(layer);
        let texels = layer.rgba().chunks_exact(4).map(|pixel| {
            let alpha = f32::from(pixel[3]) / 255.0;
            let colour = [0, 1, 2].map(|c| tables[c][usize::from(pixel[c])]);
            (Rgb::from(colour) * alpha).extend(alpha)
        });
        Self::reduced(layer.side(), texels.collect(), shown)
    }

    /// The layer's lines in the first value, the opacity in the last.
    pub(crate) fn shape(layer: &Layer, shown: f32) -> Self {
        let lines = layer.lines();
        let texels = layer.rgba().chunks_exact(4).enumerate().map(|(at, pixel)| {
            let line = lines.get(at).copied().unwrap_or(0);
            vec4(f32::from(line), 0.0, 0.0, f32::from(pixel[3])) / 255.0
        });
        Self::reduced(layer.side(), texels.collect(), shown)
    }

    /// Averages over areas when the texels are clearly finer than the canvas, and lays a border of
    /// nothing about them.
    fn reduced(mut side: usize, mut texels: Vec<Vec4>, shown: f32) -> Self {
        let target = (shown * 1.2).clamp(1.0, side as f32) as usize;
        if target * 5 <= side * 4 {
            texels = narrowed(&narrowed(&texels, side, target), side, target);
            side = target;
        }
        let mut bordered = vec![Vec4::ZERO; (side + 2) * (side + 2)];
        let rows = bordered.chunks_exact_mut(side + 2).skip(1);
        for (row, texels) in rows.zip(texels.chunks_exact(side)) {
            row[1..=side].copy_from_slice(texels);
        }
        Self {
            side,
            texels: bordered,
        }
    }

    /// The sample at a point of the layer; beyond the frame nothing.
    pub(crate) fn sample(&self, point: Vec2) -> Vec4 {
        // The border's first texel has its centre at zero.
        let place = point * self.side as f32 + 0.5;
        let end = (self.side + 1) as f32;
        if !(place.cmpgt(Vec2::ZERO).all() && place.cmplt(Vec2::splat(end)).all()) {
            return Vec4::ZERO;
        }
        let (first, part) = (place.floor(), place.fract());
        let at = first.y as usize * (self.side + 2) + first.x as usize;
        let (upper, lower) = (&self.texels[at..], &self.texels[at + self.side + 2..]);
        let (above, below) = (
            upper[0].lerp(upper[1], part.x),
            lower[0].lerp(lower[1], part.x),
        );
        above.lerp(below, part.y)
    }
}

/// Rows of `side` texels turned into columns and reduced to `target` means, whose ends count by
/// their share.
fn narrowed(texels: &[Vec4], side: usize, target: usize) -> Vec<Vec4> {
    let ratio = side as f32 / target as f32;
    let rows = texels.len() / side;
    let mean = |at: usize| {
        let (row, from) = (at % rows * side, (at / rows) as f32 * ratio);
        let to = (from + ratio).min(side as f32);
        let covered = |index: usize| to.min((index + 1) as f32) - from.max(index as f32);
        let means = (from as usize..to.ceil() as usize)
            .map(|index| texels[row + index] * (covered(index) / ratio));
        means.sum::<Vec4>()
    };
    (0..target * rows).map(mean).collect()
}

/// Lays a colour that is already multiplied by its opacity over a pixel.
pub(crate) fn lay_over(pixel: &mut Rgb, over: Vec4) {
    *pixel = *pixel * (1.0 - over.w) + over.truncate();
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::vec2;

    /// Left half opaque, right half clear.
    fn halves() -> Layer {
        let pixel = |at: usize| [200, 100, 50, if at % 16 < 8 { 255 } else { 0 }];
        Layer::new(16, (0..256).flat_map(pixel).collect(), Vec::new()).expect("the lengths fit")
    }

    #[test]
    fn samples_are_multiplied_by_their_opacity_at_any_size() {
        let layer = halves();
        for shown in [0.5, 3.0, 7.3, 16.0, 100.0] {
            let texture = Texture::colours(&layer, &Tone::NONE, shown);
            let [red, green, _, alpha] = texture.sample(vec2(0.25, 0.5)).to_array();
            assert!((red / alpha - 200.0 / 255.0).abs() < 1e-3);
            assert!((green / alpha - 100.0 / 255.0).abs() < 1e-3);
            assert_eq!(texture.sample(vec2(3.0, 0.5)), Vec4::ZERO);
            assert_eq!(texture.sample(vec2(f32::NAN, 0.5)), Vec4::ZERO);
            if shown > 3.0 {
                assert!((alpha - 1.0).abs() < 1e-3);
                assert!(texture.sample(vec2(0.85, 0.5)).w < 1e-3);
            }
        }
    }

    #[test]
    fn reducing_keeps_the_mean() {
        let layer = halves();
        let texture = Texture::shape(&layer, 5.0);
        assert_eq!(texture.side, 6);
        let sum: f32 = texture.texels.iter().map(|texel| texel.w).sum();
        assert!((sum / 36.0 - 0.5).abs() < 1e-3);
    }
}
