//! `signet check-set`: the composed pictures that the page scores cuts on.

use crate::{files, output};
use anyhow::Result;
use image::codecs::jpeg::JpegEncoder;
use image::{RgbImage, imageops};
use signet_recognizer::{INPUT_SIDE, ResNetConfig};
use signet_scenes::Placed;
use std::path::PathBuf;
use std::process::ExitCode;

/// JPEG quality: the network reads what a camera's files are like.
const QUALITY: u8 = 88;

/// Compose the pictures that cuts are scored on
///
/// Draws hands from a seed, in rooms drawn from a seed, as one picture: a row of tiles of 64x64 pixels
/// for each of the signs 0 to 5. The page has such a file, and signet lesion reads it.
#[derive(clap::Args)]
#[command(after_help = "Example:
  signet check-set --out www/inside/check-set.jpg")]
pub struct Args {
    /// The JPEG file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Pictures for each sign
    #[arg(long, value_name = "N", default_value_t = 10)]
    per_label: usize,
}

impl Args {
    pub fn run(self) -> Result<ExitCode> {
        let labels = ResNetConfig::default().classes;
        let side = INPUT_SIDE as u32;
        let [width, height] = [self.per_label, labels].map(|n| n as u32 * side);
        let mut sprite = RgbImage::new(width, height);
        for number in 0..self.per_label * labels {
            let placed = Placed::framed(number);
            let tile = RgbImage::from_raw(side, side, placed.input.rgb().to_vec());
            let tile = tile.expect("an input is 64x64 pixels");
            let [left, top] = [number / labels, placed.label].map(|at| at as i64 * i64::from(side));
            imageops::replace(&mut sprite, &tile, left, top);
        }
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, QUALITY).encode_image(&sprite)?;
        files::write(&self.out, &file)?;
        output::line(format!(
            "wrote {}, {} bytes",
            self.out.display(),
            file.len()
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
