//! Colours as rooms have them: walls, wood, clothes, plants, skin, and any at all.

use glam::{Vec3, vec3};
use rand::Rng;
use std::ops::Range;

/// Display values of red, green and blue in 0 to 1.
pub type Rgb = Vec3;

/// Perceived brightness of a display colour.
pub fn luma(colour: Rgb) -> f32 {
    colour.dot(vec3(0.299, 0.587, 0.114))
}

/// A colour of its hue in turns, its saturation and its value.
pub fn hsv(hue: f32, saturation: f32, value: f32) -> Rgb {
    let turns = hue + vec3(0.0, 2.0 / 3.0, 1.0 / 3.0);
    let ramp = ((turns.fract_gl() * 6.0 - 3.0).abs() - 1.0).clamp(Vec3::ZERO, Vec3::ONE);
    value * (1.0 - saturation * (1.0 - ramp))
}

/// A colour with hue, saturation and value each from a range.
pub fn hsv_within(
    hue: Range<f32>,
    saturation: Range<f32>,
    value: Range<f32>,
    rng: &mut impl Rng,
) -> Rgb {
    let (hue, saturation) = (rng.random_range(hue), rng.random_range(saturation));
    hsv(hue, saturation, rng.random_range(value))
}

/// A colour near another: other light, other hue by up to `spread`.
pub fn near(colour: Rgb, spread: f32, rng: &mut impl Rng) -> Rgb {
    let light = 1.0 + rng.random_range(-1.0..1.0) * spread;
    colour.map(|value| (value * light + rng.random_range(-0.3..0.3) * spread).clamp(0.0, 1.0))
}

/// Any colour of the colour cube's hues, dull or strong.
pub fn uniform(rng: &mut impl Rng) -> Rgb {
    let saturation = rng.random::<f32>() * rng.random::<f32>().max(0.3);
    hsv(rng.random(), saturation, rng.random_range(0.03..1.0))
}

/// A wall's paint: mostly bright and pale, now and then strong or dark.
pub fn wall(rng: &mut impl Rng) -> Rgb {
    match rng.random_range(0..10) {
        // White, cream and beige.
        0..=3 => hsv_within(0.05..0.18, 0.0..0.25, 0.6..1.0, rng),
        // Grey, warm or cold.
        4..=5 => hsv_within(0.0..1.0, 0.0..0.1, 0.2..0.95, rng),
        // Pastel.
        6..=7 => hsv_within(0.0..1.0, 0.08..0.35, 0.55..0.98, rng),
        _ => hsv_within(0.0..1.0, 0.2..0.85, 0.12..0.8, rng),
    }
}

/// Wood from birch to walnut, rarely stained.
pub fn wood(rng: &mut impl Rng) -> Rgb {
    hsv_within(0.03..0.125, 0.2..0.75, 0.15..0.9, rng)
}

/// Cloth: black, white, grey, denim, and every hue.
pub fn cloth(rng: &mut impl Rng) -> Rgb {
    match rng.random_range(0..8) {
        0 => hsv(rng.random(), 0.15, rng.random_range(0.03..0.2)),
        1 => hsv(rng.random(), 0.04, rng.random_range(0.75..1.0)),
        2 => hsv(rng.random(), 0.08, rng.random_range(0.2..0.8)),
        3 => hsv_within(0.56..0.66, 0.25..0.7, 0.15..0.6, rng),
        _ => hsv_within(0.0..1.0, 0.2..0.95, 0.15..0.9, rng),
    }
}

/// Leaves, from olive to fresh green, some withered.
pub fn plant(rng: &mut impl Rng) -> Rgb {
    hsv_within(0.16..0.42, 0.25..0.85, 0.1..0.75, rng)
}

/// Human skin in any tone and under warm or cold light.
pub fn skin(rng: &mut impl Rng) -> Rgb {
    let depth: f32 = rng.random();
    let value = 0.97 - 0.75 * depth + rng.random_range(-0.1..0.08);
    let saturation = 0.26 + 0.3 * depth + rng.random_range(-0.12..0.16);
    let hue = rng.random_range(0.0..0.095);
    hsv(hue, saturation, value.clamp(0.12, 1.0))
}

/// Hair: black to blond, red, grey, seldom dyed.
pub fn hair(rng: &mut impl Rng) -> Rgb {
    let (hue, saturation, value) = match rng.random_range(0..12) {
        0..=5 => (0.07, 0.1..0.5, 0.03..0.2),
        6..=7 => (0.07, 0.4..0.6, 0.2..0.5),
        8 => (0.12, 0.3..0.55, 0.55..0.9),
        9 => (0.04, 0.6..0.8, 0.3..0.6),
        10 => (0.1, 0.0..0.1, 0.5..0.9),
        _ => return uniform(rng),
    };
    hsv(hue, rng.random_range(saturation), rng.random_range(value))
}

/// A thing's colour, of any of the kinds.
pub fn any(rng: &mut impl Rng) -> Rgb {
    match rng.random_range(0..12) {
        0..=2 => wall(rng),
        3..=4 => wood(rng),
        5..=7 => cloth(rng),
        8 => plant(rng),
        9 => skin(rng),
        _ => uniform(rng),
    }
}

/// Some colours that go together: near one, or of one kind, or without rule.
pub fn set<const COUNT: usize>(rng: &mut impl Rng) -> [Rgb; COUNT] {
    let first = any(rng);
    let rule = rng.random_range(0..6);
    std::array::from_fn(|_| match rule {
        0..=1 => near(first, 0.35, rng),
        2 => cloth(rng),
        3 => wall(rng),
        4 => uniform(rng),
        _ => any(rng),
    })
}
