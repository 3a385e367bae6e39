//! Value noise: random values on a coarse grid, interpolated, in octaves.

use glam::{FloatExt, Vec2, vec2};
use rand::Rng;

/// Fractal value noise of `width` times `height`, about -1 to 1, row by row.
///
/// `cell` is the width and height in pixels of the coarsest grid's cells; each further octave has
/// cells half as wide and `gain` times the strength.
pub fn fractal(
    (width, height): (usize, usize),
    mut cell: Vec2,
    octaves: usize,
    gain: f32,
    rng: &mut impl Rng,
) -> Vec<f32> {
    let mut values = vec![0.0; width * height];
    let mut strength = 1.0;
    let mut total = 0.0f32;
    for _ in 0..octaves.max(1) {
        cell = cell.max(Vec2::ONE);
        add_octave(&mut values, width, cell, strength, rng);
        total += strength * strength;
        strength *= gain;
        cell /= 2.0;
    }
    // Octaves are independent, so that strengths add as squares do.
    let scale = total.sqrt().recip();
    for value in &mut values {
        *value *= scale;
    }
    values
}

fn add_octave(values: &mut [f32], width: usize, cell: Vec2, strength: f32, rng: &mut impl Rng) {
    let place = |at: usize, shift: f32, cell: f32| {
        let place = (at as f32 + shift) / cell;
        let part = place.fract();
        (place as usize, part * part * (3.0 - 2.0 * part))
    };
    let shift = vec2(rng.random(), rng.random()) * cell;
    let columns: Vec<_> = (0..width).map(|x| place(x, shift.x, cell.x)).collect();
    let count = columns.last().map_or(0, |last| last.0) + 2;
    let mut draw = || -> Vec<f32> { (0..count).map(|_| rng.random_range(-1.0..1.0)).collect() };
    let (mut above, mut below) = (draw(), draw());
    let mut between = vec![0.0; count];
    let mut at = 0;
    for (y, row) in values.chunks_exact_mut(width).enumerate() {
        let (cell, share) = place(y, shift.y, cell.y);
        while at < cell {
            above = std::mem::replace(&mut below, draw());
            at += 1;
        }
        for ((value, above), below) in between.iter_mut().zip(&above).zip(&below) {
            *value = (above + (below - above) * share) * strength;
        }
        for (value, &(cell, share)) in row.iter_mut().zip(&columns) {
            let (left, right) = (between[cell], between[cell + 1]);
            *value += left + (right - left) * share;
        }
    }
}

/// A number in 0 to 1 that looks random and belongs to a place of a grid.
pub fn hash(seed: u32, x: i32, y: i32) -> f32 {
    let mut bits =
        seed ^ (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77);
    bits ^= bits >> 15;
    bits = bits.wrapping_mul(0x2C1B_3C6D);
    bits ^= bits >> 12;
    bits = bits.wrapping_mul(0x297A_2D39);
    bits ^= bits >> 15;
    (bits >> 8) as f32 / (1 << 24) as f32
}

/// The next whole number below, for places near enough to fit an `i32`; quicker than the standard
/// library's, which is a call on targets without an instruction for it.
pub fn floor(value: f32) -> f32 {
    let whole = value as i32 as f32;
    if whole > value { whole - 1.0 } else { whole }
}

/// What is left of a place after whole periods of one; 0 to 1.
pub fn part(value: f32) -> f32 {
    value - floor(value)
}

/// Noise to look up at any place, cells being one unit wide; -1 to 1.
pub fn grain(seed: u32, u: f32, v: f32) -> f32 {
    let (column, row) = (floor(u), floor(v));
    let at = |right: i32, down: i32| hash(seed, column as i32 + right, row as i32 + down);
    let above = at(0, 0).lerp(at(1, 0), u - column);
    let below = at(0, 1).lerp(at(1, 1), u - column);
    above.lerp(below, v - row) * 2.0 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn noise_fills_its_range_and_no_more() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let values = fractal((97, 61), vec2(12.0, 5.0), 4, 0.5, &mut rng);
        assert_eq!(values.len(), 97 * 61);
        assert!(values.iter().all(|value| value.abs() < 2.0));
        assert!(values.iter().any(|value| *value > 0.4));
        assert!(values.iter().any(|value| *value < -0.4));
    }

    #[test]
    fn grain_is_continuous_and_differs_from_cell_to_cell() {
        assert!((grain(2, 4.999_9, 2.0) - grain(2, 5.000_1, 2.0)).abs() < 1e-3);
        assert!((grain(2, -7.5, 2.999_9) - grain(2, -7.5, 3.000_1)).abs() < 1e-3);
        assert!((grain(2, 4.0, 2.0) - grain(2, 5.0, 2.0)).abs() > 1e-3);
    }
}
