//! Negatives: pictures without a sign, on which the detector is trained to refuse.

use crate::canvas::{CANVAS, Canvas};
use crate::distractor;
use crate::drawing::paper::Paper;
use crate::drawing::pen::{self, Pen};
use crate::hand::{Hand, HandSource};
use crate::mix::Spread;
use crate::palette;
use crate::scene::Scene;
use glam::{Vec2, vec2};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use signet_recognizer::Picture;

/// A scene without a hand, with a hard negative, with one that is all but out of the
/// picture, or a sheet of paper with nothing on it or only the beginning of a drawing.
///
/// `hands` gives hard negatives, too, `cutout` is one that would show a sign.
pub fn without_sign(hands: &HandSource, cutout: &Hand, rng: &mut ChaCha8Rng) -> Picture {
    let mut canvas = Canvas::blank();
    match rng.random_range(0..10) {
        0..3 => {
            let hand = hands(rng.random(), false);
            let placement = Spread::FRAMED.draw(CANVAS, CANVAS, rng);
            Scene::random(rng).paint(&mut canvas, &hand.layer, &placement, rng);
        }
        3..5 => {
            let mut placement = Spread::ANYWHERE.draw(CANVAS, CANVAS, rng);
            let out = placement.side * 0.5 * rng.random_range(0.75..1.0);
            let beyond = [-out, CANVAS as f32 + out][rng.random_range(0..2)];
            placement.centre[rng.random_range(0..2)] = beyond;
            Scene::random(rng).paint(&mut canvas, &cutout.layer, &placement, rng);
        }
        5..7 => {
            Paper::random(rng).apply(&mut canvas, rng);
            if rng.random_bool(0.75) {
                let begun = begun(&hands(rng.random(), true).strokes, rng);
                let placement = Spread::FRAMED.draw(CANVAS, CANVAS, rng);
                let pen = Pen::random(rng);
                pen::strokes(&mut canvas, &begun, &placement, &pen, rng);
            }
        }
        _ => {
            let scene = Scene::random(rng);
            scene.paint_behind(&mut canvas, rng);
            if scene.person {
                let skin = palette::skin(rng);
                distractor::paint_person(&mut canvas, skin, rng);
            }
            scene.finish(&mut canvas, rng);
        }
    }
    canvas.to_picture()
}

/// The beginning of a drawing of a hand, and scribbles.
fn begun(strokes: &[Vec<Vec2>], rng: &mut ChaCha8Rng) -> Vec<Vec<Vec2>> {
    let mut kept = Vec::new();
    // The palm comes first. Whole it could be a fist, so its stroke is cut short.
    if let Some(first) = strokes.first() {
        let end = (first.len() / 3).max(2).min(first.len());
        kept.push(first[..end].to_vec());
    }
    for _ in 0..rng.random_range(0..3) {
        kept.push((0..3).map(|_| vec2(rng.random(), rng.random())).collect());
    }
    kept
}
