//! Contact sheets: many pictures in one, to be looked at.

use crate::plot::COLOURS;
use crate::{files, output};
use anyhow::{Context, Result};
use image::{ImageFormat, Rgb, RgbImage, imageops};
use plotters::style::{BLACK, RGBColor, WHITE};
use signet_recognizer::InputImage;
use std::io::Cursor;
use std::path::Path;

/// Tiles in a row.
const COLUMNS: u32 = 16;

/// Width of the frame around a tile, in pixels.
const FRAME: u32 = 2;

/// Draws tiles with the index of their label as a PNG file; `usize::MAX` stands for no sign. A frame's
/// colour tells the label, repeated beyond the sixth. What has no label has no frame, what shows no
/// sign has a black one.
pub fn png<'a>(tiles: impl Iterator<Item = (&'a InputImage, Option<usize>)>) -> Result<Vec<u8>> {
    let tiles: Vec<_> = tiles.collect();
    let side = tiles.first().map_or(1, |(input, _)| input.side()) as u32;
    let cell = side + 2 * FRAME;
    let rows = (tiles.len() as u32).div_ceil(COLUMNS).max(1);
    let mut sheet = RgbImage::from_pixel(COLUMNS * cell, rows * cell, Rgb([255; 3]));
    for (index, (input, label)) in (0..).zip(tiles) {
        let RGBColor(red, green, blue) = match label {
            None => WHITE,
            Some(usize::MAX) => BLACK,
            Some(label) => COLOURS[label % 6],
        };
        let mut tile = RgbImage::from_pixel(cell, cell, Rgb([red, green, blue]));
        let picture = RgbImage::from_raw(side, side, input.rgb().to_vec());
        let picture = picture.context("tiles differ in size")?;
        imageops::replace(&mut tile, &picture, FRAME.into(), FRAME.into());
        let [left, top] = [index % COLUMNS, index / COLUMNS].map(|at| i64::from(at * cell));
        imageops::replace(&mut sheet, &tile, left, top);
    }
    let mut file = Cursor::new(Vec::new());
    sheet.write_to(&mut file, ImageFormat::Png)?;
    Ok(file.into_inner())
}

/// Draws the `most` mistakes that the network was surest of, the surest first, as
/// FOLDER/mistakes-NAME.png; nothing where there is none. A mistake is how sure, and its tile.
pub fn save_mistakes(
    folder: &Path,
    name: &str,
    most: usize,
    mistakes: impl Iterator<Item = (f32, (InputImage, Option<usize>))>,
) -> Result<()> {
    let mut mistakes: Vec<_> = mistakes.collect();
    if mistakes.is_empty() {
        return Ok(());
    }
    mistakes.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    mistakes.truncate(most);
    let tiles = mistakes.iter().map(|(_, (input, label))| (input, *label));
    let path = folder.join(format!("mistakes-{name}.png"));
    files::write(&path, &png(tiles)?)?;
    output::note(format_args!("drew {}", path.display()));
    Ok(())
}
