//! A hand to compose with, and where such hands come from.

use crate::cutout::cut_out;
use crate::layer::Layer;
use glam::Vec2;
use signet_recognizer::Picture;
use std::sync::Arc;

/// A hand to compose with, and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hand {
    /// Its picture.
    pub layer: Layer,
    /// The index of its label; none for a hand that shows no sign.
    pub label: Option<usize>,
    /// The hand as a few strokes, in the layer's coordinates from 0 to 1; empty where nobody has
    /// drawn any.
    pub strokes: Vec<Vec<Vec2>>,
}

impl Hand {
    /// The hand in a photo before a plain bright background; none where [`cut_out`] refuses.
    pub fn of_photo(photo: &Picture, label: usize) -> Option<Self> {
        Some(Self {
            layer: cut_out(photo)?,
            label: Some(label),
            strokes: Vec::new(),
        })
    }
}

/// Where hands come from that no photo shows: a seed in, a hand out. `sign` says whether it is to
/// show a sign or almost one.
pub type HandSource = Arc<dyn Fn(u64, bool) -> Hand + Send + Sync>;
