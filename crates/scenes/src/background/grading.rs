//! What a whole scenery's look depends on: focus, contrast, saturation, tint, fall of light.

use crate::canvas::Canvas;
use crate::noise;
use crate::palette::{Rgb, hsv};
use rand::Rng;

/// Blurs a picture as if it were out of focus by about `radius` pixels.
pub fn blur(canvas: &mut Canvas, radius: f32) {
    let reach = (radius.ceil().max(0.0) as usize).min(canvas.short_side() / 2);
    if reach == 0 {
        return;
    }
    // The mean over whole pixels has whole radii; what lies between is mixed.
    let share = (radius / reach as f32).min(1.0);
    let (width, height) = (canvas.width(), canvas.height());
    let mut line: Vec<Rgb> = Vec::new();
    for _ in 0..2 {
        for y in 0..height {
            let row = &mut canvas.pixels_mut()[y * width..(y + 1) * width];
            line.clear();
            line.extend_from_slice(row);
            let mut sum = start(|at| line[at.min(width - 1)], reach);
            for x in 0..width {
                add(&mut sum, line[(x + reach).min(width - 1)], 1.0);
                settle(&mut row[x], sum, reach, share);
                add(&mut sum, line[x.saturating_sub(reach)], -1.0);
            }
        }
        // Down all columns at once, so that memory is read in its order.
        let source = canvas.pixels().to_vec();
        let row = |y: usize| &source[y.min(height - 1) * width..][..width];
        let mut sums: Vec<Rgb> = (0..width).map(|x| start(|at| row(at)[x], reach)).collect();
        for (y, pixels) in canvas.pixels_mut().chunks_exact_mut(width).enumerate() {
            let (entering, leaving) = (row(y + reach), row(y.saturating_sub(reach)));
            for (x, sum) in sums.iter_mut().enumerate() {
                add(sum, entering[x], 1.0);
                settle(&mut pixels[x], *sum, reach, share);
                add(sum, leaving[x], -1.0);
            }
        }
    }
}

/// The sum over a window that is about to move onto the first pixel.
fn start(pixel: impl Fn(usize) -> Rgb, reach: usize) -> Rgb {
    let mut sum = pixel(0).map(|value| value * reach as f32);
    for at in 0..reach {
        add(&mut sum, pixel(at), 1.0);
    }
    sum
}

fn add(sum: &mut Rgb, pixel: Rgb, sign: f32) {
    for (sum, value) in sum.iter_mut().zip(pixel) {
        *sum += value * sign;
    }
}

fn settle(pixel: &mut Rgb, sum: Rgb, reach: usize, share: f32) {
    let scale = ((2 * reach + 1) as f32).recip();
    for (value, sum) in pixel.iter_mut().zip(sum) {
        *value += (sum * scale - *value) * share;
    }
}

/// Gives a picture a look: contrast, saturation, brightness, tint, and uneven light.
pub fn grade(canvas: &mut Canvas, rng: &mut impl Rng) {
    let contrast = 1.0 + rng.random_range(-0.6..0.5) * rng.random::<f32>();
    let saturation = 1.0 + rng.random_range(-0.9..0.6) * rng.random::<f32>();
    let middle = rng.random_range(0.35..0.65);
    let shift = rng.random_range(-0.15..0.15) * rng.random::<f32>();
    let tint = hsv(
        rng.random(),
        rng.random_range(0.0..0.2) * rng.random::<f32>(),
        1.0,
    );
    // Lifts or lowers what is neither black nor white, as a camera's curve does.
    let curve = rng.random_range(-0.5..0.5) * rng.random::<f32>();
    let (width, height) = (canvas.width() as f32, canvas.height() as f32);
    let strength = rng.random_range(0.0..0.35) * rng.random::<f32>();
    let slope = [0; 2].map(|_| rng.random_range(-1.0..1.0) * strength);
    let vignette = if rng.random_bool(0.3) {
        rng.random_range(0.0..0.35)
    } else {
        0.0
    };
    canvas.each(|x, y, pixel| {
        let (right, down) = (x as f32 / width - 0.5, y as f32 / height - 0.5);
        let light = 1.0 + slope[0] * right + slope[1] * down
            - vignette * (right * right + down * down) * 2.0;
        let grey = 0.3 * pixel[0] + 0.59 * pixel[1] + 0.11 * pixel[2];
        for (value, tint) in pixel.iter_mut().zip(tint) {
            let coloured = (grey + (*value - grey) * saturation) * tint * light;
            let stretched = (middle + (coloured - middle) * contrast + shift).clamp(0.0, 1.0);
            *value = stretched + curve * stretched * (1.0 - stretched);
        }
    });
}

/// Adds soft patches of more and less light: shadows, reflections, dirt.
pub fn mottle(canvas: &mut Canvas, cell: f32, octaves: usize, strength: f32, rng: &mut impl Rng) {
    let size = (canvas.width(), canvas.height());
    let aspect = rng.random_range(0.6..1.6);
    let values = noise::fractal(size, [cell * aspect, cell / aspect], octaves, 0.6, rng);
    for (pixel, value) in canvas.pixels_mut().iter_mut().zip(values) {
        *pixel = pixel.map(|light| light * (1.0 + value * strength));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_keeps_a_plain_picture_and_spreads_a_dot() {
        let mut plain = Canvas::new(9, 7, [0.25; 3]);
        blur(&mut plain, 2.3);
        assert!(
            plain
                .pixels()
                .iter()
                .all(|pixel| (pixel[0] - 0.25).abs() < 1e-5)
        );
        let mut dot = Canvas::new(21, 21, [0.0; 3]);
        dot.blend(10, 10, [1.0; 3], 1.0);
        blur(&mut dot, 2.0);
        let sum: f32 = dot.pixels().iter().map(|pixel| pixel[0]).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        assert!(dot.pixels()[10 * 21 + 10][0] < 0.2);
        let at = |x: usize, y: usize| dot.pixels()[y * 21 + x][1];
        assert!((at(8, 10) - at(12, 10)).abs() < 1e-6);
        assert!((at(8, 10) - at(10, 12)).abs() < 1e-6);
    }
}
