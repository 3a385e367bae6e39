//! What a whole scenery's look depends on: contrast, saturation, tint, fall of light.

use crate::canvas::Canvas;
use crate::light::Light;
use crate::noise;
use crate::palette::hsv;
use glam::vec2;
use rand::Rng;

/// Gives a picture a look: contrast, saturation, brightness, tint, and uneven light.
pub fn grade(canvas: &mut Canvas, rng: &mut impl Rng) {
    let hue = rng.random();
    // Mostly slight.
    let mut draw = |low: f32, high: f32| rng.random_range(low..high) * rng.random::<f32>();
    let light = Light {
        contrast: 1.0 + draw(-0.6, 0.5),
        saturation: 1.0 + draw(-0.9, 0.6),
        exposure: draw(-0.8, 0.8),
        gamma: draw(-0.7, 0.7).exp2(),
        gradient: vec2(draw(-0.35, 0.35), draw(-0.35, 0.35)),
        vignette: draw(0.0, 0.3),
        tint: hsv(hue, draw(0.0, 0.2), 1.0),
        ..Light::NONE
    };
    light.apply(canvas);
}

/// Adds soft patches of more and less light: shadows, reflections, dirt.
pub fn mottle(canvas: &mut Canvas, cell: f32, octaves: usize, strength: f32, rng: &mut impl Rng) {
    let size = (canvas.width(), canvas.height());
    let aspect = rng.random_range(0.6..1.6);
    let values = noise::fractal(size, cell * vec2(aspect, 1.0 / aspect), octaves, 0.6, rng);
    for (pixel, value) in canvas.pixels_mut().iter_mut().zip(values) {
        *pixel *= 1.0 + value * strength;
    }
}
