//! Training pictures of real photos: crops about the hands in them, as localization and the centre
//! crop give them to the network.

mod view;

use crate::camera::Camera;
use crate::canvas::{CANVAS, Canvas};
use crate::field::{chance, within};
use crate::light::Light;
use crate::palette::luma;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use signet_core::{Example, Target};
use signet_recognizer::{BoundingBox, Crop, Error, INPUT_SIDE, Picture, Result};
use view::View;

/// Side of the square that a bounding box is, in longer sides of the hand in it: as much air as the
/// frames of composed hands have.
const AIR: f32 = 1.3;

/// Share of the pictures without a sign.
const NEGATIVES: f32 = 0.25;

/// Side of the smallest hand that is labelled as a sign, as a share of the crop.
const SMALLEST: f32 = 0.24;

/// Share of a hand that lies in the crop at least where the hand is labelled as a sign, and at most
/// where the crop is a negative.
const RECOGNISABLE: f32 = 0.85;
const HIDDEN: f32 = 0.2;

/// Share of a crop that another light may make white, at most: a photo has been exposed already.
const WHITENED: f32 = 0.06;

/// Where a photo's hand is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Framing {
    /// In this box: left, top, right, bottom, in pixels of the photo.
    Boxed([f32; 4]),
    /// Somewhere, all of it, in the centre square; in photos without a sign nowhere.
    Centred,
}

/// A photo and what is known of it.
#[derive(Debug, Clone)]
pub struct RealPhoto {
    /// The whole photo.
    pub picture: Picture,
    /// The index of its label; none for a photo without a sign.
    pub label: Option<usize>,
    /// Where the hand is.
    pub framing: Framing,
}

impl RealPhoto {
    /// The crop in which a classifier that knows where the hand is would read it.
    pub fn true_crop(&self) -> Crop {
        let Framing::Boxed(bounds) = self.framing else {
            return self.picture.center_crop();
        };
        let (center, side) = square(bounds);
        let (width, height) = (self.picture.width(), self.picture.height());
        Crop::around(center, side.min(width.min(height) as f32), width, height)
    }
}

/// The square about a box that the detector is to predict: its centre and side.
fn square([left, top, right, bottom]: [f32; 4]) -> ([f32; 2], f32) {
    let centre = [f32::midpoint(left, right), f32::midpoint(top, bottom)];
    (centre, (right - left).max(bottom - top) * AIR)
}

/// The photos of one source.
#[derive(Debug, Clone)]
pub struct PhotoSource {
    /// About how many people, or rooms that make as much of a difference, the photos show. A burst
    /// of one person doesn't count for as much as many people.
    pub people: f32,
    /// The photos.
    pub photos: Vec<RealPhoto>,
}

/// Photos to draw training pictures from.
#[derive(Debug, Clone)]
pub struct RealPhotos {
    photos: Vec<RealPhoto>,
    /// For every label the sources that show it: how often they are drawn, and their photos.
    by_label: Vec<Vec<(f32, Vec<usize>)>>,
    /// The same of the photos without a sign.
    negatives: Vec<(f32, Vec<usize>)>,
}

impl RealPhotos {
    /// Photos with `labels` labels. A label is drawn as often as any other; of its sources each by
    /// the square root of its people, or of its photos where these are fewer.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] when no photo shows a sign.
    pub fn new(labels: usize, sources: Vec<PhotoSource>) -> Result<Self> {
        let mut all = Self {
            photos: Vec::new(),
            by_label: vec![Vec::new(); labels],
            negatives: Vec::new(),
        };
        for source in sources {
            let first = all.photos.len();
            all.photos.extend(source.photos);
            let drawn = |label: Option<usize>| {
                let of_label =
                    (first..all.photos.len()).filter(|&at| all.photos[at].label == label);
                let photos: Vec<usize> = of_label.collect();
                let weight = source.people.min(photos.len() as f32).sqrt();
                (!photos.is_empty()).then_some((weight, photos))
            };
            for (label, of_label) in all.by_label.iter_mut().enumerate() {
                of_label.extend(drawn(Some(label)));
            }
            let negatives = drawn(None);
            all.negatives.extend(negatives);
        }
        if all.by_label.iter().all(Vec::is_empty) {
            return Err(Error::Setting {
                name: "photos",
                reason: "none of them shows a sign".into(),
            });
        }
        Ok(all)
    }

    /// How many photos there are.
    pub fn len(&self) -> usize {
        self.photos.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.photos.is_empty()
    }

    /// A training picture.
    pub fn example(&self, rng: &mut ChaCha8Rng) -> Example {
        let (photo, view) = if chance(rng, NEGATIVES) {
            self.negative(rng)
        } else {
            let photo = self.sign(rng);
            (photo, sign_view(photo, rng))
        };
        let mut canvas = view.render(&photo.picture);
        develop(&mut canvas, rng);
        Example {
            input: canvas.to_picture().to_input(INPUT_SIDE),
            target: target(photo, &view),
        }
    }

    fn sign(&self, rng: &mut ChaCha8Rng) -> &RealPhoto {
        loop {
            let label = rng.random_range(0..self.by_label.len());
            // A label may have no photo at all, but some label has one.
            if let Some(photo) = self.drawn(&self.by_label[label], rng) {
                return photo;
            }
        }
    }

    /// Of a photo without a sign, or beside the hand of another.
    fn negative(&self, rng: &mut ChaCha8Rng) -> (&RealPhoto, View) {
        if chance(rng, 0.4) {
            for _ in 0..32 {
                let photo = self.sign(rng);
                let Framing::Boxed(bounds) = photo.framing else {
                    continue;
                };
                let view = View::anywhere(&photo.picture, [0.2, 0.75], rng);
                if share_inside(bounds, &view) == 0.0 {
                    return (photo, view);
                }
            }
        }
        let photo = self.drawn(&self.negatives, rng);
        let photo = photo.unwrap_or_else(|| self.sign(rng));
        let view = if photo.label.is_none() {
            View::anywhere(&photo.picture, [0.3, 1.0], rng)
        } else {
            sign_view(photo, rng)
        };
        (photo, view)
    }

    fn drawn(&self, sources: &[(f32, Vec<usize>)], rng: &mut ChaCha8Rng) -> Option<&RealPhoto> {
        let total: f32 = sources.iter().map(|(weight, _)| weight).sum();
        let mut left = rng.random::<f32>() * total;
        let found = sources.iter().find(|(weight, _)| {
            left -= weight;
            left < 0.0
        });
        let (_, photos) = found.or(sources.last())?;
        Some(&self.photos[photos[rng.random_range(0..photos.len())]])
    }
}

/// A crop of a photo that shows a sign, mostly framed as localization frames it.
fn sign_view(photo: &RealPhoto, rng: &mut ChaCha8Rng) -> View {
    let picture = &photo.picture;
    let Framing::Boxed(bounds) = photo.framing else {
        return View::anywhere(picture, [0.88, 1.0], rng).shaken(rng);
    };
    let (centre, side) = square(bounds);
    let hand = side / AIR;
    match rng.random_range(0..100) {
        // What the page's centre crop shows.
        0..12 => View::centred(picture, within(rng, 0.9, 1.0)).shaken(rng),
        // What a search meets: the hand small, or anywhere in the crop.
        12..28 => {
            let side = hand / within(rng, 0.22, 0.7);
            let [x, y] = [0; 2].map(|_| within(rng, -0.4, 0.4) * side);
            View::within(picture, [centre[0] + x, centre[1] + y], side).shaken(rng)
        }
        _ => {
            let share = within(rng, 0.55_f32.ln(), 1.05_f32.ln()).exp();
            let side = hand / share;
            // The less air there is, the less the crop is beside the hand.
            let most = (0.15 * side).min((side - 0.8 * hand) / 2.0);
            let [x, y] = [0; 2].map(|_| within(rng, -most, most));
            View::within(picture, [centre[0] + x, centre[1] + y], side).shaken(rng)
        }
    }
}

/// Share of a box's area that a crop shows, its rotation left aside.
fn share_inside([left, top, right, bottom]: [f32; 4], view: &View) -> f32 {
    let seen = |from: f32, to: f32, centre: f32| {
        let half = view.side / 2.0;
        let seen = to.min(centre + half) - from.max(centre - half);
        seen.max(0.0) / (to - from).max(1.0)
    };
    seen(left, right, view.centre[0]) * seen(top, bottom, view.centre[1])
}

/// What is known of a crop of a photo.
fn target(photo: &RealPhoto, view: &View) -> Target {
    let negative = Target {
        label: None,
        presence: Some(false),
        bounding_box: None,
    };
    let Some(label) = photo.label else {
        return negative;
    };
    let Framing::Boxed(bounds) = photo.framing else {
        return Target {
            label: Some(label),
            presence: Some(true),
            bounding_box: None,
        };
    };
    let inside = share_inside(bounds, view);
    if inside <= HIDDEN {
        return negative;
    }
    let (centre, side) = square(bounds);
    let clear = inside >= RECOGNISABLE && side / AIR >= SMALLEST * view.side;
    let [x, y] = view.place_of(centre);
    Target {
        label: clear.then_some(label),
        presence: clear.then_some(true),
        bounding_box: Some(BoundingBox {
            x,
            y,
            side: side / view.side,
        }),
    }
}

/// Another light and another camera.
fn develop(canvas: &mut Canvas, rng: &mut ChaCha8Rng) {
    let light = match rng.random_range(0..100) {
        0..20 => Light::random(rng),
        20..28 => Light::dim(rng),
        28..85 => Light {
            tint: [0; 3].map(|_| within(rng, 0.9, 1.1)).into(),
            exposure: within(rng, -0.7, 0.4),
            contrast: within(rng, 0.75, 1.2),
            gamma: within(rng, 0.8, 1.25),
            saturation: within(rng, 0.4, 1.4),
            ..Light::NONE
        },
        _ => Light::NONE,
    };
    shine(canvas, light);
    if chance(rng, 0.08) {
        cover(canvas, rng);
    }
    if chance(rng, 0.6) {
        Camera::random(rng).apply(canvas, rng);
    }
}

/// Puts a photo into a light, a weaker one where this one would leave nothing of it.
fn shine(canvas: &mut Canvas, mut light: Light) {
    let white = |canvas: &Canvas| {
        let bright = canvas.pixels().iter().filter(|pixel| luma(**pixel) > 0.93);
        bright.count() as f32 / canvas.pixels().len() as f32
    };
    let before = white(canvas);
    for _ in 0..4 {
        let mut lit = canvas.clone();
        light.apply(&mut lit);
        if white(&lit) <= before + WHITENED {
            *canvas = lit;
            return;
        }
        light.exposure -= 0.5;
        light.spot_gain = light.spot_gain.min(0.0);
    }
}

/// A small thing before the picture.
fn cover(canvas: &mut Canvas, rng: &mut ChaCha8Rng) {
    let colour = [0; 3].map(|_| within(rng, 0.0, 1.0)).into();
    let mut range = || {
        let length = within(rng, 0.06, 0.22);
        let from = within(rng, 0.0, 1.0 - length);
        [from, from + length].map(|at| (at * CANVAS as f32) as usize)
    };
    let ([left, right], [top, bottom]) = (range(), range());
    for y in top..bottom {
        for x in left..right {
            canvas.blend(x, y, colour, 1.0);
        }
    }
}

#[cfg(test)]
mod tests;
