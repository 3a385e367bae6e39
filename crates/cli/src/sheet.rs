//! Contact sheets: many pictures in one, to be looked at.

use anyhow::Result;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, codecs::png::PngEncoder};
use signet_recognizer::InputImage;

/// Tiles in a row.
const COLUMNS: usize = 16;

/// Width of the frame around a tile, in pixels.
const FRAME: usize = 2;

/// A frame's colour for each label, repeated beyond the sixth: Okabe and Ito's palette. What has
/// no label has no frame, what shows no sign has a black one.
const COLOURS: [[u8; 3]; 6] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [230, 159, 0],
    [86, 180, 233],
];

/// Draws tiles with the index of their label as a PNG file; `usize::MAX` stands for no sign.
pub fn png<'a>(tiles: impl Iterator<Item = (&'a InputImage, Option<usize>)>) -> Result<Vec<u8>> {
    let tiles: Vec<_> = tiles.collect();
    let side = tiles.first().map_or(1, |(input, _)| input.side());
    let cell = side + 2 * FRAME;
    let rows = tiles.len().div_ceil(COLUMNS).max(1);
    let (width, height) = (COLUMNS * cell, rows * cell);
    let mut sheet = RgbImage::from_pixel(width as u32, height as u32, Rgb([255; 3]));
    for (index, (input, label)) in tiles.into_iter().enumerate() {
        let (left, top) = (index % COLUMNS * cell, index / COLUMNS * cell);
        let colour = label.map(|label| COLOURS.get(label % 6).filter(|_| label < usize::MAX));
        for y in 0..cell {
            for x in 0..cell {
                let inside = |at: usize| (FRAME..FRAME + side).contains(&at);
                let pixel = if inside(x) && inside(y) {
                    let at = ((y - FRAME) * side + x - FRAME) * 3;
                    [0, 1, 2].map(|channel| input.rgb()[at + channel])
                } else {
                    match colour {
                        Some(Some(colour)) => *colour,
                        Some(None) => [0; 3],
                        None => [255; 3],
                    }
                };
                sheet.put_pixel((left + x) as u32, (top + y) as u32, Rgb(pixel));
            }
        }
    }
    let mut file = Vec::new();
    PngEncoder::new(&mut file).write_image(
        &sheet,
        width as u32,
        height as u32,
        ExtendedColorType::Rgb8,
    )?;
    Ok(file)
}
