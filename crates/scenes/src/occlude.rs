//! What covers parts of the hand or of the picture: a sleeve, the picture's frame, a bar.

use crate::arm::Arm;
use crate::canvas::Canvas;
use crate::field::{Field, chance, smoothstep, sometimes, within};
use crate::layer::Layer;
use crate::palette::{self, Rgb, luma};
use crate::place::Placement;
use glam::{Vec2, vec2};
use rand_chacha::ChaCha8Rng;
use std::f32::consts::TAU;

/// Lays things over the placed hand that leave its fingers to be seen. `strength` in 0 to 1 is how
/// likely each is; 0 changes nothing.
pub fn occlude(
    canvas: &mut Canvas,
    layer: &Layer,
    placement: &Placement,
    rng: &mut ChaCha8Rng,
    strength: f32,
) {
    if chance(rng, strength * 0.6) {
        sleeve(canvas, layer, placement, rng);
    }
    if chance(rng, strength * 0.15) {
        bar(canvas, placement, rng);
    }
    if chance(rng, strength * 0.12) {
        frame(canvas, rng);
    }
}

/// A sleeve from somewhere on the forearm to beyond the canvas: it hides the end of the layer's
/// arm. A layer without an arm gets none.
pub fn sleeve(canvas: &mut Canvas, layer: &Layer, placement: &Placement, rng: &mut ChaCha8Rng) {
    let Some(arm) = Arm::find(layer) else {
        return;
    };
    let cloth = palette::cloth(rng);
    let stripe_colour = palette::near(cloth, 0.6, rng);
    let stripes = sometimes(rng, 0.25, 0.2, 0.9);
    let stripe_rate = TAU / within(rng, 0.04, 0.14);
    let stripes_run_along = chance(rng, 0.4);
    // Never as far as the palm, however long the arm was taken to be.
    let cut = -within(rng, 0.0, (arm.length * 0.7).min(0.14));
    let half_width = arm.half_width.max(0.04) * within(rng, 1.12, 1.7) + 0.01;
    let flare = within(rng, 0.0, 0.35);
    let (curve, tilt) = (within(rng, -0.04, 0.05), within(rng, -0.35, 0.35));
    let cuff = sometimes(rng, 0.6, 0.03, 0.1);
    let cuff_shade = within(rng, 0.8, 1.15);
    let wrinkles = within(rng, 0.03, 0.25);
    let wrinkle_rate = TAU / within(rng, 0.06, 0.16);
    let (round, lit_side) = (within(rng, 0.1, 0.5), within(rng, -0.4, 0.4));
    let cell = (placement.side * 0.1).max(2.0);
    let folds = Field::noise(canvas.width(), canvas.height(), cell, rng);
    // One canvas pixel in layer units: the width of soft edges.
    let soft = 0.7 / placement.side.max(1.0);
    let (points, columns) = (placement.points(canvas), canvas.width());
    canvas.each(|x, y, pixel| {
        let Some(point) = points[y * columns + x] else {
            return;
        };
        let [along, across] = arm.along_and_across(point).to_array();
        let beyond = along - cut;
        let relative = across / half_width;
        let beyond = beyond - curve * relative * relative - tilt * across;
        let fold = folds.at(x, y);
        let width = half_width + flare * beyond.max(0.0) + 0.012 * fold;
        let lateral = smoothstep(width + soft, width - soft, across.abs());
        // The cuff's shadow on the skin before it.
        let shadow = 0.35 * smoothstep(-0.03, 0.0, beyond) * lateral;
        let opacity = lateral * smoothstep(-soft, soft, beyond);
        if shadow <= 0.0 {
            return;
        }
        *pixel *= 1.0 - shadow;
        let mut colour = cloth;
        if stripes > 0.0 {
            let place = if stripes_run_along { across } else { beyond };
            let wave = smoothstep(-0.2, 0.2, (place * stripe_rate).sin());
            colour = colour.lerp(stripe_colour, stripes * wave);
        }
        let position = across / width.max(1e-3);
        let mut shade = 1.0 - round * (position - lit_side) * (position - lit_side);
        shade *= 1.0 + wrinkles * (beyond * wrinkle_rate + 3.0 * fold).sin();
        if beyond < cuff {
            shade *= cuff_shade;
            shade *= 1.0 - 0.3 * smoothstep(cuff - 0.02, cuff, beyond);
        }
        *pixel = pixel.lerp(colour * shade.max(0.1), opacity);
    });
}

/// A straight bar across the canvas that keeps away from the hand's middle.
pub fn bar(canvas: &mut Canvas, placement: &Placement, rng: &mut ChaCha8Rng) {
    let colour = palette::any(rng);
    let across = Vec2::from_angle(within(rng, 0.0, TAU));
    let away = within(rng, 0.36, 0.55) * placement.side;
    let half = within(rng, 0.008, 0.035) * canvas.short_side();
    canvas.each(|x, y, pixel| {
        let place = vec2(x as f32, y as f32) + 0.5;
        let off = across.dot(place - placement.centre) - away;
        let opacity = smoothstep(half + 0.7, half - 0.7, off.abs());
        let shade = 1.0 - 0.4 * (off / half).clamp(-1.0, 1.0);
        *pixel = pixel.lerp(colour * shade, opacity);
    });
}

/// The edge of a window, of a picture or of a letterbox along one to four sides.
pub fn frame(canvas: &mut Canvas, rng: &mut ChaCha8Rng) {
    let colour = if chance(rng, 0.6) {
        Rgb::splat(within(rng, 0.0, 0.1))
    } else {
        palette::any(rng)
    };
    // A line in a contrasting shade separates the frame from the picture.
    let line = if luma(colour) > 0.5 { 0.6 } else { 1.5 };
    let most = canvas.short_side();
    let thick = within(rng, 0.01, 0.09) * most;
    let sides = match (within(rng, 0.0, 3.0)) as usize {
        0 => [true; 4],
        1 if chance(rng, 0.5) => [true, false, true, false],
        1 => [false, true, false, true],
        _ => [0; 4].map(|_| chance(rng, 0.35)),
    };
    let [width, height] = canvas.size().to_array();
    canvas.each(|x, y, pixel| {
        let (x, y) = (x as f32 + 0.5, y as f32 + 0.5);
        let distances = [y, width - x, height - y, x];
        let from = distances.iter().zip(sides).filter(|(_, wanted)| *wanted);
        let from = from.fold(f32::MAX, |nearest, (distance, _)| nearest.min(*distance));
        let shade = if from > thick - 0.01 * most {
            line
        } else {
            1.0
        };
        let opacity = smoothstep(thick + 0.5, thick - 0.5, from);
        *pixel = pixel.lerp(colour * shade, opacity);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn hand() -> Layer {
        let pixel = |at: usize| {
            [
                200,
                150,
                120,
                if (6..10).contains(&(at % 16)) { 255 } else { 0 },
            ]
        };
        Layer::new(16, (0..256).flat_map(pixel).collect(), Vec::new()).expect("the lengths fit")
    }

    #[test]
    fn zero_strength_changes_nothing() {
        let layer = hand();
        let mut canvas = Canvas::new(20, 13, [0.4; 3]);
        let before = canvas.clone();
        let placement = Placement::centred(&canvas);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        occlude(&mut canvas, &layer, &placement, &mut rng, 0.0);
        assert_eq!(canvas, before);
    }
}
