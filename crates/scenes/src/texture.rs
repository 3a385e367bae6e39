//! A layer's pixels as floats that can be sampled anywhere.

use crate::complexion::Tone;
use crate::layer::Layer;
use glam::{Vec4, vec4};

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
            let [red, green, blue] = [0, 1, 2].map(|c| tables[c][usize::from(pixel[c])]);
            vec4(red * alpha, green * alpha, blue * alpha, alpha)
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

    /// Averages over areas when the texels are clearly finer than the canvas.
    fn reduced(side: usize, texels: Vec<Vec4>, shown: f32) -> Self {
        let target = (shown * 1.2).clamp(1.0, side as f32) as usize;
        if target * 5 > side * 4 {
            return Self { side, texels };
        }
        let ratio = side as f32 / target as f32;
        // Each target texel is the mean over its own stretch, whose ends count by their share.
        let stretch = |at: usize| {
            let (from, to) = (
                at as f32 * ratio,
                ((at + 1) as f32 * ratio).min(side as f32),
            );
            let last = (to.ceil() as usize).clamp(1, side);
            (from as usize..last).map(move |index| {
                let covered = to.min((index + 1) as f32) - from.max(index as f32);
                (index, covered / ratio)
            })
        };
        let mut narrow = vec![Vec4::ZERO; target * side];
        for (row, source) in narrow.chunks_mut(target).zip(texels.chunks(side)) {
            for (at, texel) in row.iter_mut().enumerate() {
                for (index, weight) in stretch(at) {
                    *texel += source[index] * weight;
                }
            }
        }
        let mut small = vec![Vec4::ZERO; target * target];
        for (at, row) in small.chunks_mut(target).enumerate() {
            for (index, weight) in stretch(at) {
                let source = &narrow[index * target..(index + 1) * target];
                for (texel, source) in row.iter_mut().zip(source) {
                    *texel += *source * weight;
                }
            }
        }
        Self {
            side: target,
            texels: small,
        }
    }

    /// The sample at a point of the layer; beyond the frame nothing.
    pub(crate) fn sample(&self, [u, v]: [f32; 2]) -> [f32; 4] {
        let (x, y) = (u * self.side as f32 - 0.5, v * self.side as f32 - 0.5);
        let side = self.side as f32;
        if !(x > -1.0 && y > -1.0 && x < side && y < side) {
            return [0.0; 4];
        }
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (left, top) = (left as isize, top as isize);
        if left >= 0 && top >= 0 && x < side - 1.0 && y < side - 1.0 {
            let at = top as usize * self.side + left as usize;
            let (upper, lower) = (&self.texels[at..], &self.texels[at + self.side..]);
            let (above, below) = (upper[0].lerp(upper[1], fx), lower[0].lerp(lower[1], fx));
            return above.lerp(below, fy).into();
        }
        let mut sum = Vec4::ZERO;
        let mut take = |x: isize, y: isize, weight: f32| {
            let inside = x >= 0 && y >= 0 && x < self.side as isize && y < self.side as isize;
            if inside && weight > 0.0 {
                sum += self.texels[y as usize * self.side + x as usize] * weight;
            }
        };
        take(left, top, (1.0 - fx) * (1.0 - fy));
        take(left + 1, top, fx * (1.0 - fy));
        take(left, top + 1, (1.0 - fx) * fy);
        take(left + 1, top + 1, fx * fy);
        sum.into()
    }
}

/// Lays a colour that is already multiplied by its opacity over a pixel.
pub(crate) fn lay_over(pixel: &mut [f32; 3], [red, green, blue, alpha]: [f32; 4]) {
    if alpha > 0.0 {
        for (under, over) in pixel.iter_mut().zip([red, green, blue]) {
            *under = *under * (1.0 - alpha) + over;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let [red, green, _, alpha] = texture.sample([0.25, 0.5]);
            assert!((red / alpha - 200.0 / 255.0).abs() < 1e-3);
            assert!((green / alpha - 100.0 / 255.0).abs() < 1e-3);
            assert_eq!(texture.sample([3.0, 0.5]), [0.0; 4]);
            assert_eq!(texture.sample([f32::NAN, 0.5]), [0.0; 4]);
            if shown > 3.0 {
                assert!((alpha - 1.0).abs() < 1e-3);
                assert!(texture.sample([0.85, 0.5])[3] < 1e-3);
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
