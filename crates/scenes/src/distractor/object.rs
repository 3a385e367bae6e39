//! Things that people have about them, each in a frame of its own.

use super::thing::Thing;
use super::{everyday, slender};
use crate::canvas::Canvas;
use rand::Rng;

/// Paints one of them somewhere.
pub fn paint(canvas: &mut Canvas, rng: &mut impl Rng) {
    let thing = Thing::draw(canvas, rng);
    match rng.random_range(0..23) {
        0..=1 => everyday::cup(canvas, &thing, rng),
        2..=3 => everyday::book(canvas, &thing, rng),
        4..=5 => everyday::plant(canvas, &thing, rng),
        6..=7 => everyday::bottle(canvas, &thing, rng),
        8..=9 => slender::chair(canvas, &thing, rng),
        10..=11 => slender::cable(canvas, &thing, rng),
        12..=13 => slender::sticks(canvas, &thing, rng),
        14..=16 => slender::comb(canvas, &thing, rng),
        17..=18 => slender::bars(canvas, &thing, rng),
        19 => everyday::keys(canvas, &thing, rng),
        20 => everyday::phone(canvas, &thing, rng),
        _ => everyday::ball(canvas, &thing, rng),
    }
}
