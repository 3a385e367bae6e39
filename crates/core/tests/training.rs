//! The training loop: it learns, it stops and goes on, it refuses nonsense. `SIGNET_UPDATE=1`
//! writes the file that the browser's training is held to.

#[path = "../../../tests/support/bars.rs"]
mod bars;
mod support;

use bars::bars;
use pollster::block_on;
use signet_core::{
    Augmentation, Dataset, Device, EpochRecord, Event, Moments, Sample, Schedule, Scope,
    TrainConfig, Trainer, TrainingSet, classifier, initialize_head,
};
use signet_recognizer::{InputImage, Precision, Weights, labels};
use std::collections::BTreeMap;
use support::*;

fn config() -> TrainConfig {
    TrainConfig {
        epochs: 3,
        batch_size: 7,
        learning_rate: 0.003,
        ..TrainConfig::default()
    }
}

fn initial() -> Weights {
    Weights::initial(tiny_config(), labels::digits(), 3).unwrap()
}

fn trainer(config: TrainConfig) -> Trainer {
    let validation = vec![bars(12, 1000)];
    Trainer::new(initial(), bars(24, 0), validation, config, &Device::flex()).unwrap()
}

fn run(trainer: &mut Trainer, steps: usize) {
    for _ in 0..steps {
        block_on(trainer.step()).unwrap();
    }
}

fn checkpoint(trainer: &Trainer, moments: Moments) -> Vec<u8> {
    let file = block_on(trainer.checkpoint(moments)).unwrap();
    let bytes = file.to_bytes();
    assert_eq!(bytes.len(), file.byte_len());
    bytes
}

/// Trains to the end and returns what was told on the way.
fn finish(trainer: &mut Trainer) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        match block_on(trainer.step()).unwrap() {
            Event::Done => return events,
            event => events.push(event),
        }
    }
}

fn epochs(events: &[Event]) -> usize {
    let ends = |event: &&Event| matches!(event, Event::Epoch(_));
    events.iter().filter(ends).count()
}

#[test]
fn a_resumed_training_ends_bit_for_bit_like_an_uninterrupted_one() {
    for scope in [Scope::All, Scope::Stage, Scope::Head] {
        for weights in [initial(), initial().fold()] {
            let config = TrainConfig { scope, ..config() };
            let start = || {
                let (weights, validation) = (weights.clone(), vec![bars(12, 1000)]);
                let device = Device::flex();
                Trainer::new(weights, bars(24, 0), validation, config.clone(), &device).unwrap()
            };
            let mut whole = start();
            assert_eq!(epochs(&finish(&mut whole)), 3);

            // Stopped while it looks at pictures, within an epoch, in its validation.
            let mut stopped = start();
            for steps in [2, 3, 16, 17, 18] {
                run(&mut stopped, steps);
                let file = checkpoint(&stopped, Moments::Kept);
                let best = block_on(stopped.best_weights()).unwrap();
                let validation = vec![bars(12, 1000)];
                stopped =
                    Trainer::resume(&file, best, bars(24, 0), validation, &Device::flex()).unwrap();
            }
            finish(&mut stopped);
            assert_eq!(stopped.history(), whole.history(), "{scope:?}");
            let (a, b) = (block_on(stopped.weights()), block_on(whole.weights()));
            assert_eq!(a.unwrap(), b.unwrap(), "{scope:?}");
            let best = |trainer: &Trainer| block_on(trainer.best_weights()).unwrap().unwrap();
            assert_eq!(best(&stopped), best(&whole), "{scope:?}");
        }
    }
}

#[test]
fn a_checkpoint_without_moments_goes_on_from_the_same_weights() {
    let mut stopped = trainer(config());
    run(&mut stopped, 8);
    let file = checkpoint(&stopped, Moments::Dropped);
    assert!(file.len() * 2 < checkpoint(&stopped, Moments::Kept).len());
    let validation = vec![bars(12, 1000)];
    let mut resumed =
        Trainer::resume(&file, None, bars(24, 0), validation, &Device::flex()).unwrap();
    let weights = |trainer: &Trainer| block_on(trainer.weights()).unwrap();
    assert_eq!(weights(&resumed), weights(&stopped));
    assert_eq!(resumed.history(), stopped.history());
    finish(&mut resumed);
    assert_eq!(resumed.history().len(), 3);
}

#[test]
fn what_is_frozen_looks_at_each_picture_once_and_learning_is_the_same() {
    let config = TrainConfig {
        scope: Scope::Stage,
        augmentation: Augmentation::NONE,
        ..config()
    };
    let weights = initial().fold();
    let (training, validation) = (bars(24, 0), vec![bars(12, 1000)]);
    let device = Device::flex();
    let mut trainer = Trainer::new(weights, training, validation, config, &device).unwrap();
    let events = finish(&mut trainer);
    let looked: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Features { done, total } => Some((*done, *total)),
            _ => None,
        })
        .collect();
    assert_eq!(looked, [(8, 36), (16, 36), (24, 36), (32, 36), (36, 36)]);
    assert!(
        events[5..]
            .iter()
            .all(|e| !matches!(e, Event::Features { .. }))
    );

    // The loss of the first batch is that of the whole network on the pictures themselves.
    let order = TrainingSet::order(&bars(24, 0), 0, 0);
    let samples = bars(24, 0);
    let chosen: Vec<_> = order[..7]
        .iter()
        .map(|&at| &samples.samples()[at])
        .collect();
    let inputs: Vec<_> = chosen.iter().map(|sample| sample.input.clone()).collect();
    let classifier = classifier(initial(), &device);
    let answers = block_on(classifier.classify(&inputs)).unwrap();
    let right = answers.iter().zip(&chosen);
    let right = right.filter(|(answer, sample)| answer.label == sample.label.to_string());
    let expected = right.count() as f64 / 7.0;
    let Event::Batch { training, .. } = &events[5] else {
        panic!("a batch follows the features");
    };
    assert_eq!(training.accuracy, expected);
}

#[test]
fn the_start_stays_the_best_until_an_epoch_is_as_good() {
    let attempt = |learning_rate: f64| {
        let config = TrainConfig {
            learning_rate,
            ..TrainConfig::fine_tuning(Scope::All)
        };
        let config = TrainConfig {
            epochs: 2,
            ..config
        };
        let validation = vec![bars(12, 1000)];
        let weights = initial().fold();
        let mut trainer =
            Trainer::new(weights, bars(24, 0), validation, config, &Device::flex()).unwrap();
        let events = finish(&mut trainer);
        let started = events.iter().position(
            |event| matches!(event, Event::Start { validation } if validation.len() == 1),
        );
        let learned = events.iter().position(|e| matches!(e, Event::Batch { .. }));
        assert!(started.unwrap() < learned.unwrap());
        let moved = trainer.history().iter().any(|record| record.best);
        (moved, block_on(trainer.best_weights()).unwrap().unwrap())
    };
    // So small a step makes the loss a little better; so large a one ruins the network.
    let (moved, best) = attempt(1e-6);
    assert!(moved);
    assert_ne!(best.tensors(), initial().fold().tensors());
    let (moved, best) = attempt(0.3);
    assert!(!moved);
    assert_eq!(best.tensors(), initial().fold().tensors());
}

#[test]
fn the_best_weights_are_those_of_the_best_epoch_and_prove_themselves() {
    let mut trainer = trainer(config());
    assert!(block_on(trainer.best_weights()).unwrap().is_none());
    let mut best = None;
    loop {
        match block_on(trainer.step()).unwrap() {
            Event::Epoch(record) if record.best => {
                best = Some(block_on(trainer.weights()).unwrap());
            }
            Event::Done => break,
            _ => {}
        }
    }
    let kept = block_on(trainer.best_weights()).unwrap().unwrap();
    assert_eq!(kept.tensors(), best.unwrap().tensors());
    let file = kept.to_bytes(Precision::F32).unwrap();
    let read = Weights::from_bytes(&file).unwrap();
    assert_eq!(read, kept);
    let check = block_on(classifier(read, &Device::flex()).self_check());
    assert!(check.unwrap() < 1e-3);
}

#[test]
fn a_fine_tuning_ends_as_the_browsers_is_held_to() {
    let mut found: BTreeMap<&str, Vec<EpochRecord>> = BTreeMap::new();
    let scopes = [
        ("all", Scope::All),
        ("stage", Scope::Stage),
        ("head", Scope::Head),
    ];
    for (name, scope) in scopes {
        let (training, validation) = (bars(bars::LEARN, 0), vec![bars(bars::CHECK, 1000)]);
        let (weights, config) = (small_weights().fold(), bars::fine_tuning(scope));
        let mut trainer =
            Trainer::new(weights, training, validation, config, &Device::flex()).unwrap();
        finish(&mut trainer);
        found.insert(name, trainer.history().to_vec());
    }
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/training.json"
    );
    if std::env::var_os("SIGNET_UPDATE").is_some() {
        std::fs::write(path, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
    }
    let expected: BTreeMap<String, Vec<EpochRecord>> =
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    for (name, history) in &found {
        let losses = |history: &[EpochRecord]| {
            let losses = history
                .iter()
                .map(|r| [r.training.loss, r.validation[0].loss]);
            losses.flatten().collect::<Vec<f64>>()
        };
        for (a, b) in losses(history).iter().zip(losses(&expected[*name])) {
            assert!((a - b).abs() <= 1e-3 * b.max(1.0), "{name}: {a} is not {b}");
        }
    }
}

#[test]
fn training_learns() {
    let mut trainer = trainer(TrainConfig {
        epochs: 12,
        augmentation: Augmentation::NONE,
        schedule: Schedule::Constant,
        ..config()
    });
    finish(&mut trainer);
    let history = trainer.history();
    let (first, last) = (&history[0].training, &history[11].training);
    println!("loss {:.3} to {:.3}", first.loss, last.loss);
    assert!(last.loss < first.loss / 2.0);
    assert!(history.iter().filter(|record| record.best).count() >= 1);
}

#[test]
fn a_narrower_scope_leaves_the_rest_alone() {
    for (scope, moved) in [(Scope::Head, "fc"), (Scope::Stage, "5")] {
        let mut trainer = trainer(TrainConfig { scope, ..config() });
        finish(&mut trainer);
        let after = block_on(trainer.weights()).unwrap();
        for (name, tensor) in after.tensors() {
            let learns = name.starts_with("fc") || (moved == "5" && name.contains("5"));
            let same = *tensor == initial().tensors()[name];
            assert!(learns || same, "{scope:?} moved {name}");
        }
        let head = &after.tensors()["fc.kernel"];
        assert_ne!(head, &initial().tensors()["fc.kernel"]);
        let last = &after.tensors()["res5c_branch2c.kernel"];
        assert_eq!(
            last == &initial().tensors()["res5c_branch2c.kernel"],
            scope == Scope::Head
        );
    }
}

#[test]
fn folded_weights_train_too() {
    let weights = initial().fold();
    let mut trainer =
        Trainer::new(weights, bars(24, 0), vec![], config(), &Device::flex()).unwrap();
    finish(&mut trainer);
    assert!(block_on(trainer.weights()).unwrap().is_folded());
    assert!(trainer.history()[2].training.loss < trainer.history()[0].training.loss);
}

#[test]
fn a_diverged_loss_stops_with_the_weights_before_it() {
    let mut trainer = trainer(TrainConfig {
        learning_rate: 1e30,
        ..config()
    });
    let error = loop {
        match block_on(trainer.step()) {
            Ok(Event::Done) => panic!("a learning rate of 1e30 went through"),
            Ok(_) => {}
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), "not-finite");
    // What it had learned by then, if anything, is finite.
    assert!(block_on(trainer.best_weights()).is_ok());
    assert!(error.to_string().contains("learning rate"));
}

#[test]
fn settings_that_make_no_sense_are_refused_by_name() {
    let attempt = |change: fn(&mut TrainConfig), training: Dataset| {
        let mut config = config();
        change(&mut config);
        let result = Trainer::new(initial(), training, vec![], config, &Device::flex());
        result.map(drop).unwrap_err().to_string()
    };
    assert!(attempt(|c| c.epochs = 0, bars(6, 0)).contains("epochs"));
    assert!(attempt(|c| c.batch_size = 0, bars(6, 0)).contains("batch size"));
    assert!(attempt(|c| c.learning_rate = f64::NAN, bars(6, 0)).contains("learning rate"));
    assert!(attempt(|c| c.epsilon = 0.0, bars(6, 0)).contains("epsilon"));
    assert!(attempt(|c| c.mixed_precision = true, bars(6, 0)).contains("mixed precision"));
    assert!(attempt(|_| (), bars(0, 0)).contains("no pictures"));
    let others = Dataset::new(vec!["a".into(), "b".into()], vec![]).unwrap();
    let result = Trainer::new(
        initial(),
        bars(6, 0),
        vec![others],
        config(),
        &Device::flex(),
    );
    assert!(result.map(drop).unwrap_err().to_string().contains("labels"));
}

#[test]
fn a_checkpoint_is_refused_for_other_pictures_and_for_other_files() {
    let file = checkpoint(&trainer(config()), Moments::Kept);
    let resume = |bytes: &[u8], count| {
        Trainer::resume(bytes, None, bars(count, 0), vec![], &Device::flex()).map(drop)
    };
    assert_eq!(resume(&file, 23).unwrap_err().code(), "setting");
    assert_eq!(resume(b"no", 24).unwrap_err().code(), "weights-format");
    assert_eq!(
        resume(&file[..file.len() / 2], 24).unwrap_err().code(),
        "weights-format"
    );
}

#[test]
fn augmentation_is_a_function_of_its_seed_and_keeps_to_its_bounds() {
    let input = InputImage::reference();
    let light = Augmentation::LIGHT;
    assert_eq!(light.apply(&input, 1, 2, 3), light.apply(&input, 1, 2, 3));
    assert_ne!(light.apply(&input, 1, 2, 3), light.apply(&input, 1, 2, 4));
    assert_ne!(light.apply(&input, 1, 2, 3), light.apply(&input, 1, 3, 3));
    assert_eq!(Augmentation::NONE.apply(&input, 1, 2, 3), input);
    let mirror_only = Augmentation {
        flip: true,
        ..Augmentation::NONE
    };
    let mirrored = InputImage::from_fn(64, |x, y| {
        let at = (y * 64 + 63 - x) * 3;
        [0, 1, 2].map(|c| input.rgb()[at + c])
    });
    let draws: Vec<_> = (0..40)
        .map(|index| mirror_only.apply(&input, 0, 0, index))
        .collect();
    assert!(draws.iter().all(|draw| *draw == input || *draw == mirrored));
    let count = draws.iter().filter(|draw| **draw == mirrored).count();
    assert!((8..=32).contains(&count), "{count} of 40 mirrored");
}

#[test]
fn a_new_label_starts_as_what_its_pictures_are_taken_for() {
    let device = Device::flex();
    let weights = initial();
    let classifier = classifier(weights.clone(), &device);
    let photos = bars(24, 0);
    let inputs: Vec<_> = photos.samples()[..4]
        .iter()
        .map(|s| s.input.clone())
        .collect();
    let answers = block_on(classifier.classify(&inputs)).unwrap();

    // All of them under one new name, beside a known one that keeps its part of the head.
    let samples = inputs.iter().map(|input| Sample {
        input: input.clone(),
        label: 1,
    });
    let names = vec!["3".to_owned(), "bar".to_owned()];
    let renamed = Dataset::new(names.clone(), samples.collect()).unwrap();
    let relabelled = block_on(initialize_head(weights.clone(), &renamed)).unwrap();
    assert_eq!(relabelled.labels(), names);
    let row = weights.tensors()["fc.kernel"].shape[1];
    let before = &weights.tensors()["fc.kernel"].floats();
    let after = &relabelled.tensors()["fc.kernel"].floats();
    assert_eq!(after[..row], before[3 * row..][..row]);
    for at in 0..row {
        let mixed: f32 = answers
            .iter()
            .flat_map(|answer| answer.probabilities.iter().enumerate())
            .map(|(label, p)| p / 4.0 * before[label * row + at])
            .sum();
        assert!((after[row + at] - mixed).abs() < 1e-5, "{at}");
    }
}
