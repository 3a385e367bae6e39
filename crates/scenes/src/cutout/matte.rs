//! What becomes of a mask: soft edges, colours without the old background, and the creases.

use super::segment::components;
use crate::blur::blur;
use glam::{Vec3, Vec4, vec3};

/// The layer's pixels: alpha from the mask and the photo, colour of the hand alone.
pub(crate) fn matte(rgb: &[Vec3], mask: &[bool], side: usize) -> Vec<u8> {
    let hard: Vec<f32> = mask.iter().map(|&inside| f32::from(inside)).collect();
    let soft = blurred(&hard, side, 0.7);
    let wide = blurred(&hard, side, 1.0);
    // Pixels at which nothing of the other side shows.
    let core: Vec<bool> = soft.iter().map(|&share| share > 0.97).collect();
    let clear: Vec<bool> = wide.iter().map(|&share| share < 0.02).collect();
    let band: Vec<bool> = (0..mask.len()).map(|at| !core[at] && !clear[at]).collect();
    let hand = spread(rgb, &core, &band, side, 4);
    let backdrop = spread(rgb, &clear, &band, side, 4);

    let mut alpha = soft;
    let mut colours = rgb.to_vec();
    for at in 0..mask.len() {
        if !band[at] {
            alpha[at] = f32::from(core[at]);
            continue;
        }
        // Where between the backdrop's colour and the hand's the pixel lies, tempered by the
        // mask, as JPEG's ringing and a shadow make the colour alone unsteady.
        let way = hand[at] - backdrop[at];
        let along = (rgb[at] - backdrop[at]).dot(way) / (1.0 + way.length_squared());
        let seen = along.clamp(alpha[at] - 0.4, alpha[at] + 0.4);
        alpha[at] = (0.55 * (alpha[at] + seen) - 0.07).clamp(0.0, 1.0);
        let pure = rgb[at] - (1.0 - alpha[at]) * backdrop[at];
        colours[at] = (pure / alpha[at].max(0.5)).clamp(Vec3::ZERO, Vec3::splat(255.0));
    }
    // What is mostly hand keeps its own colour, often a dark outline, and hands it on outward.
    let known: Vec<bool> = alpha.iter().map(|&alpha| alpha > 0.8).collect();
    let wanted: Vec<bool> = known
        .iter()
        .zip(&wide)
        .map(|(known, &near)| !known && near > 0.0)
        .collect();
    let colours = spread(&colours, &known, &wanted, side, 4);
    let pixel =
        |(colour, alpha): (&Vec3, f32)| colour.extend(255.0 * alpha).to_array().map(to_byte);
    colours.iter().zip(alpha).flat_map(pixel).collect()
}

/// How strongly each pixel is a dark crease of the hand: the border of a finger that lies over
/// the palm, a fold.
pub(crate) fn creases(rgb: &[Vec3], mask: &[bool], side: usize) -> Vec<u8> {
    let scale = side as f32 / 100.0;
    let hard: Vec<f32> = mask.iter().map(|&inside| f32::from(inside)).collect();
    let light = rgb.iter().zip(&hard);
    let light = light.map(|(pixel, inside)| inside * (pixel.dot(vec3(0.3, 0.6, 0.1)) + 16.0).ln());
    let light: Vec<f32> = light.collect();
    // Normalised by the mask, so that the silhouette itself is no crease.
    let level = |sigma: f32| -> Vec<f32> {
        let (sum, weight) = (blurred(&light, side, sigma), blurred(&hard, side, sigma));
        sum.iter()
            .zip(weight)
            .map(|(sum, weight)| sum / weight.max(0.05))
            .collect()
    };
    let (fine, coarse) = (level((0.8 * scale).max(0.7)), level((2.6 * scale).max(2.0)));
    let edge = blurred(&hard, side, (1.4 * scale).max(0.9));
    let depth: Vec<f32> = (0..mask.len())
        .map(|at| {
            let inside = ((edge[at] - 0.85) / 0.13).clamp(0.0, 1.0);
            inside * (coarse[at] - fine[at]).max(0.0)
        })
        .collect();
    // Hysteresis: a crease has a deep place and some length.
    let mut found: Vec<f32> = depth
        .iter()
        .copied()
        .filter(|&depth| depth > 0.01)
        .collect();
    let mut lines = vec![0; mask.len()];
    if found.is_empty() {
        return lines;
    }
    let rank = found.len() * 9 / 10;
    let strong = found
        .select_nth_unstable_by(rank, f32::total_cmp)
        .1
        .max(0.08);
    let weak = 0.4 * strong;
    let shown: Vec<bool> = depth.iter().map(|&depth| depth > weak).collect();
    for part in components(&shown, side) {
        let deep = part.iter().any(|&at| depth[at] > 0.9 * strong);
        if deep && part.len() as f32 > (6.0 * scale).max(5.0) {
            for at in part {
                lines[at] = to_byte(255.0 * ((depth[at] - weak) / (strong - weak)).min(1.0));
            }
        }
    }
    lines
}

fn to_byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// Carries the colours of the `known` pixels over the `wanted` ones, a pixel farther each round;
/// the rest gets their mean.
fn spread(rgb: &[Vec3], known: &[bool], wanted: &[bool], side: usize, rounds: usize) -> Vec<Vec3> {
    // The last value is a colour's weight: one where it is known.
    let weighted = rgb.iter().zip(known);
    let weighted = weighted.map(|(colour, known)| colour.extend(1.0) * f32::from(*known));
    let mut colours: Vec<Vec4> = weighted.collect();
    let sum: Vec4 = colours.iter().sum();
    let mean = sum.truncate() / sum.w.max(1.0);
    let mut frontier: Vec<usize> = (0..known.len()).filter(|&at| wanted[at]).collect();
    for _ in 0..rounds {
        let mut fresh = Vec::new();
        frontier.retain(|&at| {
            let (x, y) = (at % side, at / side);
            let mut sum = Vec4::ZERO;
            for v in y.saturating_sub(1)..(y + 2).min(side) {
                for u in x.saturating_sub(1)..(x + 2).min(side) {
                    sum += colours[v * side + u] * if u == x || v == y { 2.0 } else { 1.0 };
                }
            }
            let reached = sum.w > 0.0;
            if reached {
                fresh.push((at, sum / sum.w));
            }
            !reached
        });
        for (at, colour) in fresh {
            colours[at] = colour;
        }
    }
    let pick = |colour: Vec4| {
        if colour.w > 0.0 {
            colour.truncate()
        } else {
            mean
        }
    };
    colours.into_iter().map(pick).collect()
}

/// The plane blurred by a deviation of `sigma` pixels.
fn blurred(plane: &[f32], side: usize, sigma: f32) -> Vec<f32> {
    let mut plane = plane.to_vec();
    blur(&mut plane, side, sigma);
    plane
}
