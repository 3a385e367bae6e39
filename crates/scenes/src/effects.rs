//! What all effects promise: a seed is one picture, and every value is finite on any canvas.

use crate::camera::Camera;
use crate::canvas::Canvas;
use crate::complexion::Tone;
use crate::drawing::Drawing;
use crate::drawing::paper::Paper;
use crate::drawing::pen::{Pen, strokes};
use crate::hand::Hand;
use crate::light::Light;
use crate::place::{Placement, Shadow, place};
use crate::procedural::procedural_hands;
use crate::{arm, background, distractor, occlude};
use glam::{vec2, vec3};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::ops::Range;

type Effect = fn(&mut Canvas, &Hand, &mut ChaCha8Rng);

/// Effects that cover the whole canvas, whatever was on it.
const COVERING: [(&str, Effect); 3] = [
    ("background", |canvas, _, rng| {
        background::paint(canvas, rng)
    }),
    ("wall", |canvas, _, rng| background::paint_wall(canvas, rng)),
    ("paper", |canvas, _, rng| {
        Paper::random(rng).apply(canvas, rng)
    }),
];

/// Effects over a picture.
const OVER: [(&str, Effect); 13] = [
    ("things", |canvas, _, rng| distractor::paint(canvas, rng)),
    ("person", |canvas, _, rng| {
        distractor::paint_person(canvas, vec3(0.8, 0.6, 0.5), rng)
    }),
    ("light", |canvas, _, rng| Light::random(rng).apply(canvas)),
    ("dim light", |canvas, _, rng| Light::dim(rng).apply(canvas)),
    ("back light", |canvas, _, rng| {
        Light::back_lit(rng).apply(canvas)
    }),
    ("camera", |canvas, _, rng| {
        Camera::random(rng).apply(canvas, rng)
    }),
    ("hand", |canvas, hand, rng| {
        let tone = Tone::random(rng, 1.0);
        for side in [0.0, 0.4, 30.0, 900.0] {
            let placement = Placement {
                side,
                ..skewed(canvas)
            };
            Shadow::random(rng).apply(canvas, &hand.layer, &placement);
            place(canvas, &hand.layer, &placement, &tone);
        }
    }),
    ("arm", |canvas, hand, rng| {
        arm::extend_arm(canvas, &hand.layer, &skewed(canvas), &Tone::NONE, rng);
    }),
    ("sleeve", |canvas, hand, rng| {
        occlude::sleeve(canvas, &hand.layer, &skewed(canvas), rng)
    }),
    ("occlusion", |canvas, _, rng| {
        occlude::bar(canvas, &skewed(canvas), rng);
        occlude::frame(canvas, rng);
    }),
    ("outline", |canvas, hand, rng| {
        Drawing::outline(rng).apply(&hand.layer, &skewed(canvas), canvas, rng);
    }),
    ("filled", |canvas, hand, rng| {
        Drawing::filled(rng).apply(&hand.layer, &skewed(canvas), canvas, rng);
    }),
    ("strokes", |canvas, hand, rng| {
        let pen = Pen::random(rng);
        strokes(canvas, &hand.strokes, &skewed(canvas), &pen, rng);
    }),
];

/// Sizes of canvases, and how many seeds each is painted with.
const CANVASES: [((usize, usize), u64); 6] = [
    ((1, 1), 100),
    ((2, 50), 60),
    ((33, 20), 60),
    ((3, 200), 50),
    ((64, 64), 50),
    ((640, 480), 2),
];

fn skewed(canvas: &Canvas) -> Placement {
    Placement {
        rotation: 0.7,
        mirror: true,
        perspective: vec2(0.2, -0.15),
        shear: 0.1,
        ..Placement::centred(canvas)
    }
}

fn textured((width, height): (usize, usize)) -> Canvas {
    let mut canvas = Canvas::new(width, height, [0.5, 0.4, 0.6]);
    canvas.each(|x, y, pixel| pixel[0] = ((x * 3 + y * 5) % 7) as f32 / 7.0);
    canvas
}

/// Paints on copies of a canvas with each seed twice, and hands the pictures to `check`.
fn paint_all(
    effects: &[(&str, Effect)],
    under: impl Fn((usize, usize)) -> Canvas,
    values: Range<f32>,
) {
    let hand = procedural_hands()(9, true);
    for (name, effect) in effects {
        for (size, seeds) in CANVASES {
            for seed in 0..seeds {
                let paint = || {
                    let mut canvas = under(size);
                    effect(&mut canvas, &hand, &mut ChaCha8Rng::seed_from_u64(seed));
                    canvas
                };
                let canvas = paint();
                assert_eq!(canvas, paint(), "{name}, seed {seed} at {size:?}");
                assert_eq!((canvas.width(), canvas.height()), size);
                let mut of = canvas.pixels().iter().flat_map(|pixel| pixel.to_array());
                assert!(
                    of.all(|value| values.contains(&value)),
                    "{name}, seed {seed} at {size:?}"
                );
            }
        }
    }
}

#[test]
fn backgrounds_cover_every_pixel_of_any_canvas() {
    let unpainted = |(width, height)| Canvas::new(width, height, [f32::NAN; 3]);
    paint_all(&COVERING, unpainted, -0.5..2.0);
}

#[test]
fn effects_keep_every_canvas_finite() {
    paint_all(&OVER[..2], textured, -0.5..2.5);
    paint_all(&OVER[2..], textured, f32::MIN..f32::MAX);
}

#[test]
fn every_seed_is_another_picture() {
    let hand = procedural_hands()(9, true);
    for (name, effect) in COVERING[..2].iter().chain(&OVER) {
        for seed in 0..20 {
            let [one, other] = [seed, seed + 1].map(|seed| {
                let mut canvas = textured((40, 30));
                effect(&mut canvas, &hand, &mut ChaCha8Rng::seed_from_u64(seed));
                canvas
            });
            assert_ne!(one, other, "{name}, seed {seed}");
        }
    }
}
