//! The hyperparameters of a training: any numbers.

use crate::fuzz::{Refusal, fuzz, mutate};
use crate::tiny;
use pollster::block_on;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use signet_core::{
    Augmentation, Dataset, Device, Event, Sample, Schedule, Scope, TrainConfig, Trainer,
};
use signet_recognizer::InputImage;

/// Usually in range, so that the checks of other settings are reached.
fn count() -> impl Strategy<Value = usize> {
    prop_oneof![
        8 => 1..5_usize,
        1 => mutate::extreme().prop_map(|n| usize::try_from(n).unwrap_or(usize::MAX)),
    ]
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        12 => 0.0..1.0_f64,
        1 => select(vec![0.0, -0.0, 1.0, -1.0, 1e-300, 1e300, f64::MAX, f64::MIN_POSITIVE]),
        1 => select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::EPSILON]),
        1 => any::<f64>(),
    ]
}

fn config() -> impl Strategy<Value = TrainConfig> {
    let scope = select(vec![Scope::Head, Scope::Stage, Scope::All]);
    let schedule = select(vec![Schedule::Constant, Schedule::Cosine]);
    let kinds = (scope, schedule, any::<bool>(), any::<u64>());
    let counts = (count(), count());
    let rates = vec(number(), 6);
    let augmentation = prop::option::of((any::<bool>(), vec(number(), 6)));
    (kinds, counts, rates, augmentation).prop_map(|(kinds, counts, rates, augmentation)| {
        let (scope, schedule, score_start, seed) = kinds;
        let augmentation = augmentation.map_or(Augmentation::NONE, |(flip, changes)| {
            let [rotation, zoom, shift, brightness, contrast, tint] =
                [0, 1, 2, 3, 4, 5].map(|at| changes[at] as f32);
            Augmentation {
                flip,
                rotation,
                zoom,
                shift,
                brightness,
                contrast,
                tint,
            }
        });
        TrainConfig {
            epochs: counts.0,
            batch_size: counts.1,
            learning_rate: rates[0],
            head_factor: rates[1],
            detector_factor: rates[1],
            schedule,
            warm_up: rates[2],
            epsilon: rates[3] as f32,
            epsilon_before_correction: counts.0 % 2 == 1,
            momentum: rates[4],
            // Not on Flex.
            mixed_precision: false,
            scope,
            augmentation,
            variants: counts.1 % 8,
            latest_of_equals: counts.0 % 3 == 1,
            label_smoothing: rates[5] as f32,
            score_start,
            seed,
        }
    })
}

pub fn pictures(count: usize) -> Dataset {
    let samples = (0..count).map(|index| Sample {
        input: InputImage::from_fn(64, |x, y| {
            [(x * 3) as u8, (y * 2) as u8, (index * 90) as u8]
        }),
        label: index % 2,
    });
    Dataset::new(tiny::labels(), samples.collect()).expect("two labels")
}

/// Trains a few steps.
pub fn train(mut trainer: Trainer) -> Result<(), signet_recognizer::Error> {
    for _ in 0..8 {
        if block_on(trainer.step())? == Event::Done {
            break;
        }
    }
    if let Some(best) = block_on(trainer.best_weights())? {
        assert_eq!(best.labels(), tiny::labels());
    }
    Ok(())
}

#[test]
fn any_settings_are_refused_by_name_or_train() {
    let device = Device::flex();
    let names = [
        "epochs",
        "batch size",
        "variants",
        "learning rate",
        "head factor",
        "epsilon",
        "warm-up",
        "momentum",
        "label smoothing",
        "augmentation",
    ];
    fuzz("settings", 200, config(), |config| {
        let (training, validation) = (pictures(5), vec![pictures(3)]);
        let trainer = Trainer::new(
            tiny::weights(),
            training,
            validation,
            config.clone(),
            &device,
        );
        match (config.validate(), trainer) {
            (Ok(()), Ok(trainer)) => train(trainer).map_err(Refusal::from),
            (Err(error), Err(same)) => {
                assert_eq!(error, same);
                let sentence = error.to_string();
                let named = names.iter().any(|name| sentence.starts_with(name));
                assert!(named, "{sentence}");
                Err(Refusal::from(error))
            }
            (valid, trainer) => panic!("{valid:?}, but a training is {}", trainer.is_ok()),
        }
    });
}
