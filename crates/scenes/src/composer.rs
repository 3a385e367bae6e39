//! The training set that is never seen twice: every example is composed when it is asked for.

use crate::canvas::{CANVAS, Canvas};
use crate::complexion::Tone;
use crate::drawing::Drawing;
use crate::drawing::paper::Paper;
use crate::drawing::pen::{self, Pen};
use crate::hand::{Hand, HandSource};
use crate::mix::{self, Kind, Mix, Spread};
use crate::negatives::without_sign;
use crate::photos::RealPhotos;
use crate::place::{Placement, place};
use crate::scene::Scene;
use rand::seq::IteratorRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_core::{Augmentation, AugmentationKey, Example, Sample, Target, TrainingSet};
use signet_recognizer::{Error, INPUT_SIDE, Picture, Result};

/// Share of a hand that lies in the picture at least where the hand is labelled as a sign.
const RECOGNISABLE: f32 = 0.75;

/// Side of the smallest frame of a hand that is labelled as a sign, as a share of the picture.
const SMALLEST: f32 = 0.3;

/// A hand of which a smaller share is in the picture makes a negative. Between the two limits only
/// the bounding box is trained.
const HIDDEN: f32 = 0.25;

/// Composes training pictures of photos on plain bright backgrounds and of procedural hands.
pub struct Composer {
    labels: Vec<String>,
    photos: Vec<Sample>,
    /// The hands of those photos that could be cut out.
    cut: Vec<Hand>,
    hands: HandSource,
    mix: Mix,
    per_epoch: usize,
    augmentations: usize,
    /// Photos with boxes, and their share of the pictures.
    real: Option<(RealPhotos, f64)>,
}

impl Composer {
    /// Cuts the hands out of `photos`; `per_epoch` is how many pictures an epoch has.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] when there is no photo, or none could be cut out.
    pub fn new(
        labels: Vec<String>,
        photos: impl IntoIterator<Item = (Picture, usize)>,
        hands: HandSource,
        mix: Mix,
        per_epoch: usize,
    ) -> Result<Self> {
        let (mut samples, mut cut) = (Vec::new(), Vec::new());
        for (picture, label) in photos {
            cut.extend(Hand::of_photo(&picture, label));
            let input = picture.to_input(INPUT_SIDE);
            samples.push(Sample { input, label });
        }
        if cut.is_empty() {
            return Err(Error::Setting {
                name: "training set",
                reason: format!(
                    "not one hand could be cut out of {} photos: they need plain bright \
                     backgrounds",
                    samples.len()
                ),
            });
        }
        Ok(Self {
            labels,
            photos: samples,
            cut,
            hands,
            mix,
            per_epoch,
            augmentations: 1,
            real: None,
        })
    }

    /// The same with that many augmentations of each picture, at least one; the first is the picture
    /// itself. Composing takes longer than a training step on a GPU.
    #[must_use]
    pub fn with_augmentations(self, augmentations: usize) -> Self {
        let augmentations = augmentations.max(1);
        Self {
            augmentations,
            ..self
        }
    }

    /// The same where a share of the pictures, from 0 to 1, are crops of `photos`.
    #[must_use]
    pub fn with_real_photos(self, photos: RealPhotos, share: f64) -> Self {
        Self {
            real: Some((photos, share)),
            ..self
        }
    }

    /// `indices` in runs of augmentations of one picture each.
    pub fn pictures<'a>(&self, indices: &'a [usize]) -> impl Iterator<Item = &'a [usize]> {
        let each = self.augmentations;
        indices.chunk_by(move |a, b| a / each == b / each)
    }

    /// Photos, and how many of them could be cut out.
    pub fn counts(&self) -> (usize, usize) {
        (self.photos.len(), self.cut.len())
    }

    /// A hand cut out of a photo, of every label alike often.
    pub fn cutout(&self, rng: &mut ChaCha8Rng) -> Hand {
        let wanted = rng.random_range(0..self.labels.len());
        let fitting = self.cut.iter().filter(|hand| hand.label == Some(wanted));
        // A label may have no photo at all.
        let hand = fitting.choose(rng);
        hand.unwrap_or_else(|| &self.cut[rng.random_range(0..self.cut.len())])
            .clone()
    }

    /// A procedural hand.
    pub fn hand(&self, sign: bool, rng: &mut ChaCha8Rng) -> Hand {
        (self.hands)(rng.random(), sign)
    }

    /// The example that belongs to an index of an epoch.
    pub fn example(&self, seed: u64, epoch: usize, index: usize) -> Example {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(((epoch as u64) << 32) | index as u64);
        let rng = &mut rng;
        if let Some((photos, share)) = &self.real
            && rng.random_bool(*share)
        {
            return photos.example(rng);
        }
        match self.mix.draw(rng) {
            Kind::Photo => self.photo(seed, epoch, index, rng),
            Kind::Cutout => scene(&self.cutout(rng), rng),
            Kind::Hand => scene(&self.hand(true, rng), rng),
            Kind::Drawing => {
                let hand = if rng.random_bool(0.5) {
                    self.cutout(rng)
                } else {
                    self.hand(true, rng)
                };
                drawing(&hand, rng)
            }
            Kind::Negative => {
                let cutout = self.cutout(rng);
                Example {
                    input: without_sign(&self.hands, &cutout, rng).to_input(INPUT_SIDE),
                    target: negative(),
                }
            }
        }
    }

    fn photo(&self, seed: u64, epoch: usize, index: usize, rng: &mut ChaCha8Rng) -> Example {
        let photo = &self.photos[rng.random_range(0..self.photos.len())];
        Example {
            input: Augmentation::LIGHT.apply(&photo.input, seed, epoch, index),
            target: Target {
                label: Some(photo.label),
                presence: Some(true),
                bounding_box: None,
            },
        }
    }
}

impl TrainingSet for Composer {
    fn labels(&self) -> &[String] {
        &self.labels
    }

    fn len(&self) -> usize {
        self.per_epoch * self.augmentations
    }

    fn knows_signs(&self) -> bool {
        true
    }

    /// Composed pictures bring their own changes: of the key only seed and epoch count.
    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example> {
        let (seed, epoch) = key.map_or((0, 0), |key| (key.seed, key.epoch));
        let mut examples = Vec::with_capacity(indices.len());
        for of_one in self.pictures(indices) {
            let example = self.example(seed, epoch, of_one[0] / self.augmentations);
            let each = of_one
                .iter()
                .map(|&index| match index % self.augmentations {
                    0 => example.clone(),
                    _ => augmented(&example, seed, epoch, index),
                });
            examples.extend(each);
        }
        examples
    }

    /// One after the other: any order of pictures that are all drawn alike is as good, and the
    /// augmentations of one are composed together.
    fn order(&self, _: u64, _: usize) -> Vec<usize> {
        (0..self.len()).collect()
    }
}

/// A composed picture changed lightly, as another camera would have taken it a moment later.
fn augmented(example: &Example, seed: u64, epoch: usize, index: usize) -> Example {
    // Not the randomness that another picture is composed by.
    let change = Augmentation::SLIGHT.transform(!seed, epoch, index);
    Example {
        input: change.apply(&example.input),
        target: Target {
            bounding_box: example
                .target
                .bounding_box
                .map(|from| change.bounding_box(from)),
            ..example.target
        },
    }
}

fn negative() -> Target {
    Target {
        label: None,
        presence: Some(false),
        bounding_box: None,
    }
}

fn finished(canvas: &Canvas, target: Target) -> Example {
    Example {
        input: canvas.to_picture().to_input(INPUT_SIDE),
        target,
    }
}

/// A hand in a scene, framed or anywhere.
fn scene(hand: &Hand, rng: &mut ChaCha8Rng) -> Example {
    let spread = if rng.random_bool(0.6) {
        Spread::FRAMED
    } else {
        Spread::ANYWHERE
    };
    let placement = spread.draw(CANVAS, CANVAS, rng);
    let mut canvas = Canvas::blank();
    Scene::random(rng).paint(&mut canvas, &hand.layer, &placement, rng);
    finished(&canvas, target(hand.label, &placement))
}

/// What is known of a picture with this hand at this place.
fn target(label: Option<usize>, placement: &Placement) -> Target {
    let visible = mix::visible(placement, CANVAS);
    let large = placement.side >= SMALLEST * CANVAS as f32;
    let Some(label) = label else {
        return negative();
    };
    if visible < HIDDEN {
        return negative();
    }
    let clear = visible >= RECOGNISABLE && large;
    Target {
        label: clear.then_some(label),
        presence: clear.then_some(true),
        bounding_box: Some(mix::bounding_box(placement, CANVAS)),
    }
}

/// A hand as a drawing.
fn drawing(hand: &Hand, rng: &mut ChaCha8Rng) -> Example {
    let placement = Spread::FRAMED.draw(CANVAS, CANVAS, rng);
    let mut canvas = Canvas::blank();
    match rng.random_range(0..10) {
        0..5 => {
            let drawing = Drawing::outline(rng);
            drawing.apply(&hand.layer, &placement, &mut canvas, rng);
        }
        5..8 => {
            let drawing = Drawing::filled(rng);
            drawing.apply(&hand.layer, &placement, &mut canvas, rng);
        }
        _ if !hand.strokes.is_empty() => {
            Paper::random(rng).apply(&mut canvas, rng);
            let pen = Pen::random(rng);
            pen::strokes(&mut canvas, &hand.strokes, &placement, &pen, rng);
        }
        _ => {
            Paper::random(rng).apply(&mut canvas, rng);
            // The hand itself on a sheet of paper: stickers, cartoons, cut-out photos.
            let tone = Tone::random(rng, 0.5);
            place(&mut canvas, &hand.layer, &placement, &tone);
        }
    }
    finished(&canvas, target(hand.label, &placement))
}
