//! Properties of preprocessing that hold for pictures of every size.

use crate::fuzz::{Refusal, fuzz};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use proptest::prelude::*;
use proptest::sample::select;
use signet_recognizer::{Crop, INPUT_SIDE, Picture};

/// A picture: a size, and pixels that are a function of place and seed.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    width: u32,
    height: u32,
    seed: u32,
}

impl Drawn {
    fn pixel(&self, x: u32, y: u32) -> [u8; 4] {
        let mixed = (x / 3).wrapping_mul(2_654_435_761) ^ (y / 2).wrapping_mul(self.seed | 1);
        (mixed.wrapping_mul(0x9e37_79b9) ^ self.seed).to_be_bytes()
    }

    fn rgba(&self) -> Vec<u8> {
        let pixels = (0..self.height).flat_map(|y| (0..self.width).map(move |x| self.pixel(x, y)));
        pixels.flatten().collect()
    }

    fn rgb(&self) -> Vec<u8> {
        let pixels = self.rgba();
        pixels.chunks(4).flat_map(|p| [p[0], p[1], p[2]]).collect()
    }

    fn picture(&self) -> Picture {
        let picture = Picture::from_rgba(&self.rgba(), self.width, self.height);
        picture.expect("it has its pixels")
    }
}

fn sides() -> impl Strategy<Value = (u32, u32)> {
    prop_oneof![
        3 => (1..300_u32, 1..300_u32),
        1 => (1..8000_u32, 1..4_u32),
        1 => (1..4_u32, 1..8000_u32),
        1 => (select(vec![1, 2, 63, 64, 65, 127, 128, 129]), select(vec![1, 2, 63, 64, 65, 1000])),
    ]
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (sides(), any::<u32>()).prop_map(|((width, height), seed)| Drawn {
        width,
        height,
        seed,
    })
}

#[test]
fn every_picture_of_one_color_becomes_an_input_of_that_color_and_of_the_networks_size() {
    let inputs = (drawn(), any::<[u8; 3]>());
    fuzz("preprocessing-constant", 300, inputs, |(drawn, color)| {
        let Drawn { width, height, .. } = *drawn;
        let pixels = color.repeat((width * height) as usize);
        let picture = Picture::from_rgb(&pixels, width, height)?;
        let input = picture.to_input(INPUT_SIDE);
        assert_eq!(input.side(), INPUT_SIDE);
        assert_eq!(input.rgb(), color.repeat(INPUT_SIDE * INPUT_SIDE));
        Ok(())
    });
}

/// Where the center crop cuts off as much on the left as on the right.
#[test]
fn a_mirrored_picture_becomes_the_mirrored_input() {
    let inputs = drawn().prop_map(|mut drawn| {
        drawn.width += drawn.width.saturating_sub(drawn.height) % 2;
        drawn
    });
    fuzz("preprocessing-mirror", 300, inputs, |drawn| {
        let rgba = drawn.rgba();
        let rows = rgba.chunks(drawn.width as usize * 4);
        let mirrored: Vec<u8> = rows
            .flat_map(|row| row.rchunks(4).flatten())
            .copied()
            .collect();
        let mirrored = Picture::from_rgba(&mirrored, drawn.width, drawn.height);
        let expected = drawn.picture().to_input(INPUT_SIDE).mirrored();
        let found = mirrored?.to_input(INPUT_SIDE);
        let mut pairs = found.rgb().iter().zip(expected.rgb());
        assert!(pairs.all(|(a, b)| a.abs_diff(*b) <= 1), "they differ");
        Ok(())
    });
}

#[test]
fn what_is_transparent_is_white_and_what_is_opaque_is_itself() {
    fuzz("preprocessing-alpha", 200, drawn(), |drawn| {
        let (mut rgba, Drawn { width, height, .. }) = (drawn.rgba(), *drawn);
        let set_alpha = |rgba: &mut [u8], alpha| rgba.chunks_mut(4).for_each(|p| p[3] = alpha);
        set_alpha(&mut rgba, 0);
        let clear = Picture::from_rgba(&rgba, width, height)?;
        let clear = clear.to_input(INPUT_SIDE);
        assert!(clear.rgb().iter().all(|value| *value == 255));
        set_alpha(&mut rgba, 255);
        let opaque = Picture::from_rgba(&rgba, width, height)?;
        let same = Picture::from_rgb(&drawn.rgb(), width, height)?;
        assert_eq!(opaque, same);
        Ok(())
    });
}

#[test]
fn any_crop_is_moved_into_the_picture() {
    let number = || prop_oneof![0..400_u32, select(vec![0, 1, u32::MAX - 1, u32::MAX])];
    let crop = (number(), number(), number());
    let crop = crop.prop_map(|(left, top, side)| Crop { left, top, side });
    let inputs = (drawn(), crop);
    fuzz("preprocessing-window", 300, inputs, |(drawn, crop)| {
        let inside = crop.within(drawn.width, drawn.height);
        assert!(inside.side >= 1);
        assert!(inside.left + inside.side <= drawn.width);
        assert!(inside.top + inside.side <= drawn.height);
        assert_eq!(inside.within(drawn.width, drawn.height), inside);
        let input = drawn.picture().input_of(*crop, INPUT_SIDE);
        assert_eq!(input, drawn.picture().input_of(inside, INPUT_SIDE));
        assert_eq!(input.rgb().len(), INPUT_SIDE * INPUT_SIDE * 3);
        Ok(())
    });
}

#[test]
fn pixels_are_taken_only_where_there_are_as_many_as_is_said() {
    let side = || prop_oneof![0..20_u32, select(vec![50_000, 65_536, 1 << 31, u32::MAX])];
    let inputs = (0..2000_usize, side(), side());
    fuzz(
        "preprocessing-size",
        500,
        inputs,
        |&(count, width, height)| {
            let pixels = vec![9; count];
            let fits =
                |channels| count as u128 == u128::from(width) * u128::from(height) * channels;
            let rgba = Picture::from_rgba(&pixels, width, height);
            let rgb = Picture::from_rgb(&pixels, width, height);
            let none = width == 0 || height == 0;
            assert_eq!(rgba.is_ok(), fits(4) && !none);
            assert_eq!(rgb.is_ok(), fits(3) && !none);
            rgba.and(rgb).map(drop).map_err(Refusal::from)
        },
    );
}

/// EXIF defines an orientation by the sides at which the first row and the first column lie.
#[test]
fn every_exif_orientation_turns_every_picture_as_it_should() {
    let inputs = (1..40_u32, 1..40_u32, any::<u32>(), 0..10_u8);
    fuzz(
        "preprocessing-exif",
        300,
        inputs,
        |&(width, height, seed, orientation)| {
            let drawn = Drawn {
                width,
                height,
                seed,
            };
            let [upright, picture] = [1, orientation]
                .map(|orientation| Picture::decode(&jpeg(&drawn, orientation)).expect("whole"));
            let turned = (5..=8).contains(&orientation);
            let [w, h] = if turned {
                [height, width]
            } else {
                [width, height]
            };
            assert_eq!((picture.width(), picture.height()), (w, h));
            let (right, bottom) = (width - 1, height - 1);
            let rgb: Vec<u8> = (0..h)
                .flat_map(|y| (0..w).map(move |x| (x, y)))
                .flat_map(|(x, y)| {
                    let (x, y) = match orientation {
                        2 => (right - x, y),
                        3 => (right - x, bottom - y),
                        4 => (x, bottom - y),
                        5 => (y, x),
                        6 => (y, bottom - x),
                        7 => (right - y, bottom - x),
                        8 => (right - y, x),
                        _ => (x, y),
                    };
                    upright.image().get_pixel(x, y).0
                })
                .collect();
            let expected = Picture::from_rgb(&rgb, w, h)?;
            assert_eq!(picture, expected);
            Ok(())
        },
    );
}

/// A JPEG with an orientation in its EXIF data.
fn jpeg(drawn: &Drawn, orientation: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let encoder = JpegEncoder::new(&mut file);
    let (rgb, Drawn { width, height, .. }) = (drawn.rgb(), *drawn);
    let written = encoder.write_image(&rgb, width, height, ExtendedColorType::Rgb8);
    written.expect("a JPEG can be written");
    // Little-endian, one entry: the tag 0x0112 is a short. The segment follows the first two bytes.
    let mut exif = b"\xff\xe1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    file.splice(2..2, exif);
    file
}
