//! Procedural hands as something to compose pictures with.

use crate::hand::{Hand, HandSource};
use crate::layer::Layer;
use signet_hands::Subject;
use std::sync::Arc;

/// Side of their pictures, in pixels: a little more than a hand has on a training canvas.
const SIDE: usize = 128;

/// Every seed gives a hand; signs of all six labels are alike frequent.
pub fn procedural_hands() -> HandSource {
    Arc::new(|seed, sign| {
        let subject = match u8::try_from(seed % 6) {
            Ok(fingers) if sign => Subject::Sign(fingers),
            _ => Subject::HardNegative,
        };
        composable(&signet_hands::Hand::random(subject, seed / 6))
    })
}

/// Renders a hand. Its label is how many fingers are up, which is also the index of the label.
pub fn composable(hand: &signet_hands::Hand) -> Hand {
    let rendering = hand.render(SIDE);
    let layer = Layer::new(rendering.side, rendering.rgba, rendering.lines);
    Hand {
        layer: layer.expect("a rendering has four bytes and a line value for each pixel"),
        label: hand.label().map(usize::from),
        strokes: hand.stick_figure(),
    }
}
