//! Inputs in one picture: a row of tiles for each sign.

use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::preprocess::{Crop, INPUT_SIDE, InputImage};

/// The tiles of a picture, 64x64 pixels each, row by row, and for each its label: the number of its row.
///
/// # Errors
///
/// [`Error::Setting`] where the picture is not made of such tiles.
pub fn read_sprite(picture: &Picture) -> Result<(Vec<InputImage>, Vec<String>)> {
    let side = INPUT_SIDE as u32;
    let [width, height] = [picture.width(), picture.height()];
    if !width.is_multiple_of(side) || !height.is_multiple_of(side) {
        return Err(Error::Setting {
            name: "sprite",
            reason: format!("{width} x {height} pixels are no tiles of {side} x {side}"),
        });
    }
    let tiles =
        (0..height / side).flat_map(|row| (0..width / side).map(move |column| [column, row]));
    let inputs = tiles.clone().map(|[column, row]| {
        let [left, top] = [column, row].map(|at| at * side);
        picture.input_of(Crop { left, top, side }, INPUT_SIDE)
    });
    Ok((
        inputs.collect(),
        tiles.map(|[_, row]| row.to_string()).collect(),
    ))
}
