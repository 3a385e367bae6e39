//! What a whole scenery's look depends on: contrast, saturation, tint, fall of light.

use crate::canvas::Canvas;
use crate::noise;
use crate::palette::hsv;
use rand::Rng;

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
