//! Cutting a hand out of a photo with a plain, bright background.

mod matte;
mod mixture;
mod segment;
mod surface;

use crate::layer::Layer;
use glam::Vec3;
use segment::{Scene, components, on_border};
use signet_recognizer::Picture;

/// The longest side of a layer: more pixels than a network reads twice over are no use.
const MAX_SIDE: usize = 160;
/// Below this the fingers are too thin to tell them from the background.
const MIN_SIDE: usize = 24;

/// Cuts the hand out of the centre square of a photo whose background is plain and bright, or
/// returns `None` where the photo is another one or the result isn't plausible.
///
/// The layer keeps the photo's resolution up to a side of 160. Its colours are free of the
/// background, also where it is transparent, so that it can be resized and laid over anything.
pub fn cut_out(picture: &Picture) -> Option<Layer> {
    let (width, height) = (picture.width(), picture.height());
    let side = usize::try_from(width.min(height)).ok()?.min(MAX_SIDE);
    if side < MIN_SIDE {
        return None;
    }
    let input = picture.to_input(side);
    let pixels = input.rgb().as_chunks().0.iter();
    let rgb: Vec<Vec3> = pixels.map(|pixel| pixel.map(f32::from).into()).collect();
    let mut scene = Scene::new(&rgb, side)?;
    let foreground = scene.segment()?;
    let mask = hand(&scene, &foreground)?;
    if !is_plausible(&scene, &mask) {
        return None;
    }
    let rgba = matte::matte(&rgb, &mask, side);
    let lines = matte::creases(&rgb, &mask, side);
    Layer::new(side, rgba, lines).ok()
}

/// The hand alone: the largest part of the foreground, with its holes closed where they aren't
/// background seen through the hand.
fn hand(scene: &Scene, foreground: &[bool]) -> Option<Vec<bool>> {
    let side = scene.side;
    let parts = components(foreground, side);
    let largest = parts.iter().max_by_key(|part| part.len())?;
    // A second large object means that it is anybody's guess which one is the hand.
    let rest = parts.iter().map(Vec::len).sum::<usize>() - largest.len();
    if rest * 2 > largest.len() {
        return None;
    }
    let mut mask = vec![false; side * side];
    largest.iter().for_each(|&at| mask[at] = true);

    let outside: Vec<bool> = mask.iter().map(|inside| !inside).collect();
    for part in components(&outside, side) {
        let is_hole = !part.iter().any(|&at| on_border(at, side));
        // A tiny one is a highlight or noise; with a larger one its colour tells an opening from
        // a painted nail or a ring.
        if is_hole && (part.len() * 1200 < side * side || !scene.looks_like_backdrop(&part)) {
            part.iter().for_each(|&at| mask[at] = true);
        }
    }
    Some(mask)
}

fn is_plausible(scene: &Scene, mask: &[bool]) -> bool {
    let side = scene.side;
    let share = mask.iter().filter(|&&inside| inside).count() as f32 / mask.len() as f32;
    // An arm leaves the frame through one border, or two at a corner.
    let touched = |at: &dyn Fn(usize) -> usize| (0..side).filter(|&k| mask[at(k)]).count();
    let borders = [
        touched(&|k| k),
        touched(&|k| (side - 1) * side + k),
        touched(&|k| k * side),
        touched(&|k| k * side + side - 1),
    ];
    let crossed = borders.iter().filter(|&&count| count * 8 > side).count();
    let around = borders.iter().sum::<usize>();
    (0.06..=0.75).contains(&share)
        && crossed <= 2
        && around * 10 < side * 4 * 4
        && scene.contrast(mask) > 0.75
        && scene.clutter(mask) < 0.2
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    const SIDE: usize = 96;

    fn picture(pixel: impl Fn(f32, f32) -> [f32; 3]) -> Picture {
        let side = SIDE as u32;
        Picture::from_image(RgbImage::from_fn(side, side, |x, y| {
            let place = |k: u32| k as f32 / side as f32;
            Rgb(pixel(place(x), place(y)).map(|value| value.round() as u8))
        }))
    }

    fn disc(x: f32, y: f32, centre: (f32, f32), radii: (f32, f32)) -> f32 {
        ((x - centre.0) / radii.0).hypot((y - centre.1) / radii.1)
    }

    fn in_hole(x: f32, y: f32) -> bool {
        disc(x, y, (0.52, 0.45), (0.08, 0.1)) < 1.0
    }

    fn in_hand(x: f32, y: f32) -> bool {
        let arm = (0.42..0.6).contains(&x) && y > 0.6;
        (arm || disc(x, y, (0.5, 0.5), (0.22, 0.3)) < 1.0) && !in_hole(x, y)
    }

    /// Bright, falling off to the corners, with a soft shadow to the right.
    fn wall(x: f32, y: f32) -> [f32; 3] {
        let falloff = 1.0 - 0.35 * disc(x, y, (0.45, 0.4), (0.75, 0.75)).powi(2);
        let shade = disc(x, y, (0.66, 0.6), (0.25, 0.3)).powi(2);
        let light = falloff * (1.0 - 0.35 * (-shade).exp());
        [228.0, 226.0, 222.0].map(|value| value * light)
    }

    fn photo() -> Picture {
        picture(|x, y| {
            if !in_hand(x, y) {
                return wall(x, y);
            }
            // Lit from the left, with one deep crease.
            let crease = if (y - 0.66).abs() < 0.012 && (0.4..0.6).contains(&x) {
                0.55
            } else {
                1.0
            };
            [205.0, 150.0, 115.0].map(|value| value * crease * (1.15 - 0.5 * x))
        })
    }

    fn alpha(layer: &Layer, x: f32, y: f32) -> u8 {
        let at = |share: f32| (share * layer.side() as f32) as usize;
        layer.rgba()[(at(y) * layer.side() + at(x)) * 4 + 3]
    }

    #[test]
    fn a_hand_is_cut_out_with_its_opening_and_without_its_shadow() {
        let layer = cut_out(&photo()).expect("a plain photo");
        assert_eq!(layer.side(), SIDE);
        let (mut both, mut either) = (0, 0);
        for (at, pixel) in layer.rgba().as_chunks::<4>().0.iter().enumerate() {
            let place = |k: usize| k as f32 / SIDE as f32;
            let truth = in_hand(place(at % SIDE), place(at / SIDE));
            let found = pixel[3] >= 128;
            both += usize::from(truth && found);
            either += usize::from(truth || found);
        }
        let iou = both as f32 / either as f32;
        assert!(iou >= 0.95, "intersection over union {iou}");
        assert_eq!(alpha(&layer, 0.52, 0.45), 0, "the opening");
        assert_eq!(alpha(&layer, 0.78, 0.65), 0, "the shadow");
        assert_eq!(alpha(&layer, 0.5, 0.3), 255, "the hand");
        assert_eq!(alpha(&layer, 0.5, 0.99), 255, "the arm at the border");
    }

    #[test]
    fn no_background_is_left_in_the_colours() {
        let layer = cut_out(&photo()).expect("a plain photo");
        for pixel in layer.rgba().as_chunks::<4>().0 {
            let [red, _, blue, _] = pixel.map(f32::from);
            assert!(red > 1.3 * blue, "{pixel:?} is the wall's colour");
        }
    }

    #[test]
    fn a_crease_is_a_line_and_plain_skin_is_none() {
        let layer = cut_out(&photo()).expect("a plain photo");
        let line = |x: f32, y: f32| {
            let at = |share: f32| (share * SIDE as f32) as usize;
            layer.lines()[at(y) * SIDE + at(x)]
        };
        assert!(line(0.5, 0.66) > 200);
        assert_eq!(line(0.4, 0.35), 0);
        assert_eq!(line(0.5, 0.9), 0);
        assert_eq!(line(0.1, 0.1), 0);
    }

    #[test]
    fn large_photos_are_scaled_down_and_tiny_ones_refused() {
        let scaled = |width: u32, height: u32| {
            let filter = image::imageops::FilterType::Triangle;
            let image = photo().image().into_owned();
            cut_out(&Picture::from_image(image::imageops::resize(
                &image, width, height, filter,
            )))
        };
        assert_eq!(scaled(400, 400).map(|layer| layer.side()), Some(MAX_SIDE));
        assert_eq!(scaled(120, 120).map(|layer| layer.side()), Some(120));
        assert_eq!(scaled(16, 16), None);
    }

    #[test]
    fn clutter_darkness_and_empty_walls_are_refused() {
        let cluttered = picture(|x, y| {
            let wave = (x * 31.0).sin() * (y * 23.0).cos();
            let red = 60.0 + 50.0 * wave;
            [red, 50.0 + 40.0 * (x * 17.0).cos(), 45.0 - 30.0 * wave]
        });
        assert_eq!(cut_out(&cluttered), None);
        let dark = picture(|x, y| {
            let wall = wall(x, y).map(|value| value * 0.2);
            if in_hand(x, y) {
                [120.0, 80.0, 60.0]
            } else {
                wall
            }
        });
        assert_eq!(cut_out(&dark), None);
        assert_eq!(cut_out(&picture(wall)), None);
        assert_eq!(cut_out(&picture(|_, _| [230.0; 3])), None);
    }
}
