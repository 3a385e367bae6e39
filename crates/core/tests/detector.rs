//! The detector: trained beside the labels, kept or dropped with the features, and localization with
//! it.

mod support;

use pollster::block_on;
use signet_core::{
    Augmentation, AugmentationKey, Dataset, Device, Event, Example, Sample, Scope, Target,
    TrainConfig, Trainer, TrainingSet, classifier,
};
use signet_recognizer::{
    BoundingBox, Classifier, Crop, InputImage, NO_SIGN, Picture, Precision, Track, Weights, labels,
};
use support::*;

/// A pseudo-random number from 0 to below `most`.
fn pick(seed: usize, most: usize) -> usize {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed >> 33) as usize) % most
}

/// A picture with a bright disc in it, or without one.
fn disc_at(x: usize, y: usize, radius: usize, side: usize) -> InputImage {
    InputImage::from_fn(side, |column, row| {
        let inside = column.abs_diff(x).pow(2) + row.abs_diff(y).pow(2) < radius * radius;
        if inside {
            [250, 200, 60]
        } else {
            [30, (column % 40) as u8, 70]
        }
    })
}

/// Discs of any size and place, with the label 0; a third of the pictures has no disc.
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

    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example> {
        let epoch = key.map_or(0, |key| key.epoch);
        let examples = indices.iter().map(|index| {
            let at = (epoch * 1000 + index) * 4;
            if pick(at, 3) == 0 {
                let (input, presence) = (disc_at(500, 500, 1, 64), Some(false));
                let target = Target {
                    presence,
                    ..Target::default()
                };
                return Example { input, target };
            }
            let (x, y) = (8 + pick(at + 1, 48), 8 + pick(at + 2, 48));
            let radius = 6 + pick(at + 3, 16);
            let input = disc_at(x, y, radius, 64);
            let [x, y, side] = [x, y, radius * 3].map(|n| n as f32 / 64.0);
            let target = Target {
                label: Some(0),
                presence: Some(true),
                bounding_box: Some(BoundingBox { x, y, side }),
            };
            Example { input, target }
        });
        examples.collect()
    }
}

fn with_detector() -> Weights {
    small_weights().with_detector(3)
}

/// A network that is trained to detect discs.
fn detects_discs() -> Classifier {
    let config = TrainConfig {
        epochs: 50,
        batch_size: 16,
        learning_rate: 0.004,
        label_smoothing: 0.0,
        ..TrainConfig::default()
    };
    let device = Device::flex();
    let mut trainer = Trainer::new(with_detector(), Discs, Vec::new(), config, &device).unwrap();
    finish(&mut trainer);
    classifier(block_on(trainer.weights()).unwrap(), &device)
}

#[test]
fn a_detector_is_stored_in_files_and_stays_with_other_labels() {
    let weights = with_detector();
    for precision in [Precision::F32, Precision::Int8] {
        let back = Weights::from_bytes(&weights.to_bytes(precision).unwrap()).unwrap();
        assert!(back.config().detector);
        let classifier = classifier(back, &Device::flex());
        let answer = block_on(classifier.classify(&[InputImage::reference()]));
        let answer = answer.unwrap().remove(0);
        assert!(answer.presence.is_some() && answer.bounding_box.is_some());
    }
    let renamed = ["rock".to_owned(), "paper".to_owned()];
    let other = weights.clone().with_labels(renamed.to_vec()).unwrap();
    assert_eq!(
        other.tensors()["sign.kernel"],
        weights.tensors()["sign.kernel"]
    );
    let same = weights.clone().with_labels(labels::digits()).unwrap();
    assert_eq!(same, weights);
    assert_eq!(weights.without_detector(), small_weights());
    // One that knows nothing yet says so.
    let blank = classifier(small_weights().with_blank_detector(), &Device::flex());
    let answer = block_on(blank.classify(&[InputImage::reference()])).unwrap();
    let [x, y, side] = [0.5, 0.5, 1.0];
    assert_eq!(answer[0].presence, Some(0.5));
    assert_eq!(answer[0].bounding_box, Some(BoundingBox { x, y, side }));
}

#[test]
fn the_logits_are_the_same_with_and_without_a_detector() {
    let inputs = [InputImage::reference(), disc_at(20, 30, 12, 64)];
    let logits = |weights| block_on(classifier(weights, &Device::flex()).logits(&inputs)).unwrap();
    assert_eq!(logits(with_detector()), logits(small_weights()));
}

/// Bright walls without a bar.
fn walls(count: usize, seed: usize) -> Vec<InputImage> {
    let at = |n: usize| move |x, y| [180, 150, ((x * 5 + y * 3 + n * 7) % 29) as u8];
    let walls = (0..count).map(|n| InputImage::from_fn(64, at(n + seed)));
    walls.collect()
}

/// Bars, which are the label 0 whatever their height.
fn signs(count: usize, seed: usize) -> Dataset {
    let samples = bars(count, seed).samples().to_vec().into_iter();
    let samples = samples.map(|sample| Sample { label: 0, ..sample });
    Dataset::new(labels::digits(), samples.collect()).unwrap()
}

/// Photos alone leave the detector as it came, and train all else as if it weren't there. Pictures without a sign
/// train its presence beside the classes, whatever is trained of the network; of the hands' places they
/// tell nothing.
#[test]
fn pictures_without_a_sign_train_the_presence_at_every_scope_and_photos_alone_leave_the_detector() {
    let device = Device::flex();
    for scope in [Scope::Head, Scope::Stage, Scope::All] {
        let run = |weights: Weights, negatives: bool| {
            let sets = [(24, 0), (12, 1000)].map(|(count, seed)| {
                let none = if negatives {
                    walls(count / 2, seed)
                } else {
                    Vec::new()
                };
                signs(count, seed).with_negatives(none)
            });
            let [training, validation] = sets;
            let config = TrainConfig {
                epochs: 15,
                batch_size: 6,
                learning_rate: if scope == Scope::Head { 0.05 } else { 0.001 },
                // The features of this network are small, and so are their gradients.
                epsilon: 1e-5,
                ..TrainConfig::fine_tuning(scope)
            };
            let trainer = Trainer::new(weights, training, vec![validation], config, &device);
            let mut trainer = trainer.unwrap();
            let events = finish(&mut trainer);
            let best = block_on(trainer.best_file()).unwrap().unwrap();
            let best = Weights::from_bytes(&best.to_bytes()).unwrap();
            (events, best, block_on(trainer.weights()).unwrap())
        };
        let initial = with_detector().fold();
        let (events, _, alone) = run(initial.clone(), false);
        let (without, _, plain) = run(small_weights().fold(), false);
        assert_eq!(events, without, "{scope:?}");
        assert_eq!(
            alone.clone().without_detector().tensors(),
            plain.tensors(),
            "{scope:?}"
        );
        for name in ["sign.kernel", "sign.bias", "region.kernel", "region.bias"] {
            assert_eq!(alone.tensors()[name], initial.tensors()[name], "{scope:?}");
        }

        for weights in [
            initial.clone(),
            small_weights().fold().with_blank_detector(),
        ] {
            let boxes = weights.tensors()["region.kernel"].clone();
            let (events, best, _) = run(weights, true);
            assert_eq!(best.tensors()["region.kernel"], boxes, "{scope:?}");
            assert_eq!(best.labels(), labels::digits(), "{scope:?}");
            let classifier = classifier(best, &device);
            let seen = |inputs: &[InputImage]| {
                let answers = block_on(classifier.classify(inputs)).unwrap();
                answers
                    .iter()
                    .filter(|answer| answer.answer(0.5) != NO_SIGN)
                    .count()
            };
            let signs: Vec<_> = signs(12, 1000).inputs().cloned().collect();
            assert_eq!((seen(&signs), seen(&walls(12, 1000))), (12, 0), "{scope:?}");
            // An epoch's score counts both.
            let score = |event: &Event| match event {
                Event::Start { validation } => Some(validation[0]),
                Event::Epoch(record) => Some(record.validation[0]),
                _ => None,
            };
            let scores: Vec<_> = events.iter().filter_map(score).collect();
            let last = scores[15];
            assert!(
                scores[0].accuracy < 0.9 && last.accuracy == 1.0,
                "{scope:?}: {scores:?}"
            );
        }
    }
}

#[test]
fn a_trained_detector_localizes_in_inputs_pictures_and_videos() {
    let classifier = detects_discs();

    // Inputs: whether there is a disc, and where.
    let key = AugmentationKey {
        augmentation: &Augmentation::NONE,
        seed: 0,
        epoch: 777,
    };
    let examples = Discs.examples(&Vec::from_iter(0..60), Some(key));
    let inputs: Vec<_> = examples.iter().map(|e| e.input.clone()).collect();
    let answers = block_on(classifier.classify(&inputs)).unwrap();
    let mut right = 0;
    let mut errors = Vec::new();
    for (example, answer) in examples.iter().zip(&answers) {
        let seen = answer.answer(0.5) != NO_SIGN;
        right += usize::from(Some(seen) == example.target.presence);
        if let (Some(truth), Some(found)) = (example.target.bounding_box, answer.bounding_box) {
            errors.push((truth.x - found.x).abs().max((truth.y - found.y).abs()));
        }
    }
    let mean = errors.iter().sum::<f32>() / errors.len() as f32;
    println!("{right} of 60 discs seen or not, rightly; mean error of their centers {mean:.3}");
    assert!(right >= 54, "{right} of 60");
    assert!(mean < 0.1, "{mean}");

    // A picture: the disc on the right, whole in the center crop, a fifth of the height across.
    let (width, height) = (320, 240);
    let frame = |x: usize, y: usize, radius: usize| {
        let input = disc_at(x, y, radius, 320);
        Picture::from_rgb(&input.rgb()[..width * height * 3], 320, 240).unwrap()
    };
    let covers = |crop: Crop, x: u32, y: u32| {
        let Crop { left, top, side } = crop;
        (left..left + side).contains(&x) && (top..top + side).contains(&y)
    };
    let found = block_on(classifier.localize(&frame(232, 70, 24))).unwrap();
    assert!(covers(found.crop, 232, 70), "{:?}", found.crop);
    assert!(found.crop.side < 200, "{:?}", found.crop);

    // A video: nothing, then a disc that moves, then nothing again.
    let mut track = Track::default();
    let mut answer = |picture: &Picture| block_on(classifier.track(picture, &mut track)).unwrap();
    let empty = frame(900, 900, 1);
    for _ in 0..10 {
        assert_eq!(answer(&empty).prediction.answer(0.5), NO_SIGN);
    }
    let mut seen = 0;
    for step in 0..40 {
        let x = 60 + step * 4;
        let found = answer(&frame(x, 120, 36));
        let here = covers(found.crop, x as u32, 120);
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
fn a_network_without_a_detector_classifies_the_center_crop() {
    let classifier = classifier(small_weights(), &Device::flex());
    let input = disc_at(100, 80, 30, 320);
    let picture = Picture::from_rgb(&input.rgb()[..320 * 240 * 3], 320, 240).unwrap();
    let found = block_on(classifier.localize(&picture)).unwrap();
    assert_eq!(found.crop, picture.center_crop());
    assert_eq!(found.prediction.presence, None);
    assert_ne!(found.prediction.answer(1.0), NO_SIGN);
    let mut track = Track::default();
    let followed = block_on(classifier.track(&picture, &mut track)).unwrap();
    assert_eq!(followed, found);
    assert_eq!(track, Track::default());
}

#[test]
fn crops_beyond_the_border_are_moved_inside() {
    let crop = |left, top, side| Crop { left, top, side };
    assert_eq!(crop(0, 0, 0).within(10, 20), crop(0, 0, 1));
    assert_eq!(crop(9, 19, 5).within(10, 20), crop(5, 15, 5));
    assert_eq!(crop(3, 3, 99).within(10, 20), crop(0, 3, 10));
    assert_eq!(crop(u32::MAX, 0, 4).within(10, 20), crop(6, 0, 4));
}
