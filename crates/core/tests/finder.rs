//! The finder: learned beside the labels, kept or dropped with the features, and what is found
//! with it.
#![cfg(feature = "train")]

mod support;

use pollster::block_on;
use signet_core::{
    Augmentation, Classifier, Dataset, Device, Draw, Event, Example, NO_SIGN, Picture, Precision,
    Region, Sample, Scope, Square, Target, Track, TrainConfig, Trainer, TrainingSet, Weights,
    Window, labels,
};
use support::*;

/// A number from 0 to below `most` that belongs to a draw.
fn pick(seed: usize, most: usize) -> usize {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 33) as usize) % most
}

/// A picture with a bright disc in it, or without one.
fn disc_at(x: usize, y: usize, radius: usize, side: usize) -> Square {
    Square::from_fn(side, |column, row| {
        let inside = column.abs_diff(x).pow(2) + row.abs_diff(y).pow(2) < radius * radius;
        if inside {
            [250, 200, 60]
        } else {
            [30, (column % 40) as u8, 70]
        }
    })
}

/// Discs of all sizes anywhere: red ones mean 0; a third of the pictures has none.
struct Discs;

impl TrainingSet for Discs {
    fn labels(&self) -> &[String] {
        static LABELS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
        LABELS.get_or_init(labels::digits)
    }

    fn len(&self) -> usize {
        96
    }

    fn knows_signs(&self) -> bool {
        true
    }

    fn examples(&self, indices: &[usize], draw: Option<Draw<'_>>) -> Vec<Example> {
        let epoch = draw.map_or(0, |draw| draw.epoch);
        let examples = indices.iter().map(|index| {
            let at = (epoch * 1000 + index) * 4;
            if pick(at, 3) == 0 {
                return Example {
                    square: disc_at(500, 500, 1, 64),
                    target: Target {
                        sign: Some(false),
                        ..Target::default()
                    },
                };
            }
            let (x, y) = (8 + pick(at + 1, 48), 8 + pick(at + 2, 48));
            let radius = 6 + pick(at + 3, 16);
            let unit = |n: usize| n as f32 / 64.0;
            Example {
                square: disc_at(x, y, radius, 64),
                target: Target {
                    label: Some(0),
                    sign: Some(true),
                    region: Some(Region {
                        x: unit(x),
                        y: unit(y),
                        side: unit(radius * 3),
                    }),
                },
            }
        });
        examples.collect()
    }
}

fn with_finder() -> Weights {
    small_weights().with_finder(3)
}

/// A network that has learned to find discs.
fn finds_discs() -> Classifier {
    let config = TrainConfig {
        epochs: 50,
        batch_size: 16,
        learning_rate: 0.004,
        label_smoothing: 0.0,
        ..TrainConfig::default()
    };
    let device = Device::flex();
    let mut trainer = Trainer::new(with_finder(), Discs, Vec::new(), config, &device).unwrap();
    while !matches!(block_on(trainer.step()).unwrap(), Event::Done) {}
    Classifier::new(block_on(trainer.weights()).unwrap(), &device)
}

#[test]
fn a_finder_survives_a_file_and_leaves_with_its_labels() {
    let weights = with_finder();
    for precision in [Precision::F32, Precision::Int8] {
        let back = Weights::from_bytes(&weights.to_bytes(precision).unwrap()).unwrap();
        assert!(back.config().finder);
        let answers =
            block_on(Classifier::new(back, &Device::flex()).classify(&[Square::reference()]));
        let answer = answers.unwrap().remove(0);
        assert!(answer.sign.is_some() && answer.region.is_some());
    }
    let renamed = ["rock".to_owned(), "paper".to_owned()];
    let other = weights.clone().with_labels(renamed.to_vec()).unwrap();
    assert!(!other.config().finder);
    let same = weights.clone().with_labels(labels::digits()).unwrap();
    assert_eq!(same, weights);
    assert_eq!(
        weights.without_finder(),
        small_weights(),
        "all but the finder is as it was"
    );
}

#[test]
fn the_logits_are_the_same_with_and_without_a_finder() {
    let squares = [Square::reference(), disc_at(20, 30, 12, 64)];
    let logits =
        |weights| block_on(Classifier::new(weights, &Device::flex()).logits(&squares)).unwrap();
    assert_eq!(logits(with_finder()), logits(small_weights()));
}

#[test]
fn photos_alone_keep_the_finder_only_where_the_features_stay() {
    let samples = (0..6).map(|label| Sample {
        square: disc_at(10 * label, 32, 9, 64),
        label,
    });
    let photos = Dataset::new(labels::digits(), samples.collect()).unwrap();
    for (scope, kept) in [
        (Scope::Head, true),
        (Scope::Stage, false),
        (Scope::All, false),
    ] {
        let config = TrainConfig {
            epochs: 1,
            ..TrainConfig::fine_tuning(scope)
        };
        let weights = with_finder().fold();
        let finder = weights.tensors()["sign.kernel"].clone();
        let device = Device::flex();
        let trainer = Trainer::new(weights, photos.clone(), Vec::new(), config, &device);
        let mut trainer = trainer.unwrap();
        while !matches!(block_on(trainer.step()).unwrap(), Event::Done) {}
        let weights = block_on(trainer.weights()).unwrap();
        assert_eq!(weights.config().finder, kept, "{scope:?}");
        if kept {
            assert_eq!(weights.tensors()["sign.kernel"], finder);
        }
    }
}

#[test]
fn what_is_learned_is_found_again_in_squares_frames_and_videos() {
    let classifier = finds_discs();

    // Squares: whether there is a disc, and where.
    let examples = Discs.examples(
        &(0..60).collect::<Vec<_>>(),
        Some(Draw {
            augmentation: &Augmentation::NONE,
            seed: 0,
            epoch: 777,
        }),
    );
    let squares: Vec<_> = examples.iter().map(|e| e.square.clone()).collect();
    let answers = block_on(classifier.classify(&squares)).unwrap();
    let mut right = 0;
    let mut errors = Vec::new();
    for (example, answer) in examples.iter().zip(&answers) {
        let seen = answer.answer(0.5) != NO_SIGN;
        right += usize::from(Some(seen) == example.target.sign);
        if let (Some(truth), Some(found)) = (example.target.region, answer.region) {
            errors.push((truth.x - found.x).abs().max((truth.y - found.y).abs()));
        }
    }
    let mean = errors.iter().sum::<f32>() / errors.len() as f32;
    println!("{right} of 60 discs seen or not, rightly; mean error of their centres {mean:.3}");
    assert!(right >= 54, "{right} of 60");
    assert!(mean < 0.1, "{mean}");

    // A frame: the disc near the right border, a third of the height across.
    let (width, height) = (320, 240);
    let frame = |x: usize, y: usize, radius: usize| {
        let square = disc_at(x, y, radius, 320);
        Picture::from_rgb(&square.rgb()[..width * height * 3], 320, 240).unwrap()
    };
    let covers = |window: Window, x: u32, y: u32| {
        let Window { left, top, side } = window;
        (left..left + side).contains(&x) && (top..top + side).contains(&y)
    };
    let found = block_on(classifier.locate(&frame(262, 70, 24))).unwrap();
    assert!(covers(found.window, 262, 70), "{:?}", found.window);
    assert!(found.window.side < 200, "{:?}", found.window);

    // A video: nothing, then a disc that moves, then nothing again.
    let mut track = Track::default();
    let mut answer = |picture: &Picture| block_on(classifier.follow(picture, &mut track)).unwrap();
    let empty = frame(900, 900, 1);
    for _ in 0..10 {
        assert_eq!(answer(&empty).prediction.answer(0.5), NO_SIGN);
    }
    let mut seen = 0;
    for step in 0..40 {
        let x = 60 + step * 4;
        let found = answer(&frame(x, 120, 36));
        let here = covers(found.window, x as u32, 120);
        seen += usize::from(here && found.prediction.answer(0.5) != NO_SIGN);
    }
    println!("followed in {seen} of 40 frames");
    assert!(seen >= 30, "{seen} of 40");
    for _ in 0..10 {
        answer(&empty);
    }
    assert_eq!(answer(&empty).prediction.answer(0.5), NO_SIGN);
}

#[test]
fn a_network_without_a_finder_looks_at_the_centre() {
    let classifier = Classifier::new(small_weights(), &Device::flex());
    let square = disc_at(100, 80, 30, 320);
    let picture = Picture::from_rgb(&square.rgb()[..320 * 240 * 3], 320, 240).unwrap();
    let found = block_on(classifier.locate(&picture)).unwrap();
    assert_eq!(found.window, picture.centre());
    assert_eq!(found.prediction.sign, None);
    assert_ne!(found.prediction.answer(1.0), NO_SIGN);
    let mut track = Track::default();
    let followed = block_on(classifier.follow(&picture, &mut track)).unwrap();
    assert_eq!(followed, found);
    assert_eq!(track, Track::default());
}

#[test]
fn windows_beyond_the_border_are_moved_inside() {
    let window = |left, top, side| Window { left, top, side };
    assert_eq!(window(0, 0, 0).within(10, 20), window(0, 0, 1));
    assert_eq!(window(9, 19, 5).within(10, 20), window(5, 15, 5));
    assert_eq!(window(3, 3, 99).within(10, 20), window(0, 3, 10));
    assert_eq!(window(u32::MAX, 0, 4).within(10, 20), window(6, 0, 4));
}
