//! Inputs, maps over them and activation maps as PNG files.

use crate::scale::{diverging, sequential};
use anyhow::Result;
use image::{ImageFormat, Rgb, RgbImage};
use signet_recognizer::InputImage;
use signet_recognizer::inspect::{CELL, CELLS, HeatMap, Maps};
use std::io::Cursor;

/// Pixels for one of the input.
const SCALE: u32 = 8;

/// How much of the input a map's strongest cell hides, as on the page.
const OPACITY: f32 = 0.72;

/// How far a sign's colour lies on the way to its scale's end, which is nearly black: as on the page.
const STRENGTH: f32 = 0.7;

/// Maps of a place are enlarged to about this width, in pixels.
const WIDTH: usize = 1024;

/// What the network reads.
pub fn input(input: &InputImage) -> Result<Vec<u8>> {
    png(enlarged(input.side(), |x, y| input.pixel(x, y)))
}

/// A map over the input in shades of grey: orange where it is above 0, blue below, the input hidden the more the
/// nearer a cell is to the largest.
pub fn over(input: &InputImage, map: &HeatMap) -> Result<Vec<u8>> {
    let largest = map
        .cells
        .iter()
        .fold(f32::MIN_POSITIVE, |most, cell| most.max(cell.abs()));
    png(enlarged(input.side(), |x, y| {
        let [red, green, blue] = input.pixel(x, y).map(f32::from);
        let grey = 0.3 * red + 0.59 * green + 0.11 * blue;
        let cell = map.cells[y / CELL * CELLS + x / CELL];
        let opacity = OPACITY * cell.abs() / largest;
        diverging(STRENGTH.copysign(cell))
            .map(|ink| (grey * (1.0 - opacity) + f32::from(ink) * opacity).round() as u8)
    }))
}

/// All maps of a place in a square, the lighter the higher, on one scale from 0 to the largest value.
pub fn maps(maps: &Maps) -> Result<Vec<u8>> {
    let [channels, height, width] = maps.size;
    let columns = (channels as f32).sqrt().ceil() as usize;
    let rows = channels.div_ceil(columns);
    let scale = (WIDTH / (columns * (width + 1))).max(1);
    let largest = maps
        .values
        .iter()
        .copied()
        .fold(f32::MIN_POSITIVE, f32::max);
    // A pixel of nothing between maps.
    let [cell_width, cell_height] = [width, height].map(|side| side * scale + 1);
    let size = [columns * cell_width, rows * cell_height].map(|side| side as u32);
    let image = RgbImage::from_fn(size[0], size[1], |x, y| {
        let [x, y] = [x, y].map(|at| at as usize);
        let channel = y / cell_height * columns + x / cell_width;
        let [x, y] = [x % cell_width, y % cell_height].map(|at| at / scale);
        if channel >= channels || x >= width || y >= height {
            return Rgb([255; 3]);
        }
        let value = maps.values[(channel * height + y) * width + x];
        Rgb(sequential(value / largest))
    });
    png(image)
}

fn enlarged(side: usize, pixel: impl Fn(usize, usize) -> [u8; 3]) -> RgbImage {
    let large = side as u32 * SCALE;
    let place = |at: u32| (at / SCALE) as usize;
    RgbImage::from_fn(large, large, |x, y| Rgb(pixel(place(x), place(y))))
}

fn png(image: RgbImage) -> Result<Vec<u8>> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png)?;
    Ok(file.into_inner())
}
