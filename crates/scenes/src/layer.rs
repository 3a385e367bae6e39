//! A hand cut free of its background: what is laid over new ones.

use signet_recognizer::{Error, Result};

/// A square picture of a hand with transparency.
///
/// Its frame is the ideal crop: a hand fills it as hands fill the training photos, about four
/// fifths of it, and a forearm leaves it at a border.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    side: usize,
    rgba: Vec<u8>,
    lines: Vec<u8>,
}

impl Layer {
    /// Takes pixels of red, green, blue and straight alpha, and `lines`, one value per pixel, that
    /// says how strongly somebody who draws this hand would draw a line there inside of the
    /// silhouette: where one finger lies over another, a fold, a nail. Empty `lines` are none.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] when the lengths don't fit `side`.
    pub fn new(side: usize, rgba: Vec<u8>, lines: Vec<u8>) -> Result<Self> {
        let pixels = side * side;
        if side == 0 || rgba.len() != pixels * 4 || ![0, pixels].contains(&lines.len()) {
            return Err(Error::Setting {
                name: "layer",
                reason: format!(
                    "{} bytes and {} lines for a side of {side}",
                    rgba.len(),
                    lines.len()
                ),
            });
        }
        Ok(Self { side, rgba, lines })
    }

    /// Side in pixels.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Red, green, blue, straight alpha, row by row.
    pub fn rgba(&self) -> &[u8] {
        &self.rgba
    }

    /// How strongly a line is drawn at each pixel inside of the silhouette; empty for none.
    pub fn lines(&self) -> &[u8] {
        &self.lines
    }
}
