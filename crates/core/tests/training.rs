//! The training loop: it trains, resumes, and refuses settings out of range.

#[path = "../../../tests/support/fixture.rs"]
mod fixture;
mod support;

use pollster::block_on;
use signet_core::{
    Augmentation, Dataset, Device, EpochRecord, Event, Moments, Schedule, Scope, TrainConfig,
    Trainer, TrainingSet, classifier, initialize_head,
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

fn start(weights: Weights, config: TrainConfig) -> Trainer {
    let validation = vec![bars(12, 1000)];
    Trainer::new(weights, bars(24, 0), validation, config, &Device::flex()).unwrap()
}

fn trainer(config: TrainConfig) -> Trainer {
    start(initial(), config)
}

fn resume(file: &[u8], best: Option<Weights>) -> Trainer {
    let validation = vec![bars(12, 1000)];
    Trainer::resume(file, best, bars(24, 0), validation, &Device::flex()).unwrap()
}

fn weights(trainer: &Trainer) -> Weights {
    block_on(trainer.weights()).unwrap()
}

fn best(trainer: &Trainer) -> Option<Weights> {
    block_on(trainer.best_weights()).unwrap()
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

#[test]
fn a_resumed_training_ends_bit_for_bit_like_an_uninterrupted_one() {
    for scope in [Scope::All, Scope::Stage, Scope::Head] {
        for initial in [initial(), initial().fold()] {
            let config = TrainConfig { scope, ..config() };
            let mut whole = start(initial.clone(), config.clone());
            finish(&mut whole);
            assert_eq!(whole.history().len(), 3);

            // Stopped during feature extraction, within an epoch, and during validation.
            let mut stopped = start(initial, config);
            for steps in [2, 3, 16, 17, 18] {
                run(&mut stopped, steps);
                stopped = resume(&checkpoint(&stopped, Moments::Kept), best(&stopped));
            }
            finish(&mut stopped);
            assert_eq!(stopped.history(), whole.history(), "{scope:?}");
            assert_eq!(weights(&stopped), weights(&whole), "{scope:?}");
            assert_eq!(best(&stopped).unwrap(), best(&whole).unwrap(), "{scope:?}");
        }
    }
}

fn probabilities(weights: Weights) -> Vec<f32> {
    let pictures = bars(12, 1000);
    let inputs: Vec<_> = pictures.samples().iter().map(|s| s.input.clone()).collect();
    let answers = block_on(classifier(weights, &Device::flex()).classify(&inputs)).unwrap();
    let rows = answers.into_iter().map(|answer| answer.probabilities);
    rows.flatten().collect()
}

/// The file of the best weights, and a small checkpoint: what isn't trained is in the file as it came and not
/// in the checkpoint, and what is trained keeps its answers in both.
#[test]
fn a_save_holds_once_what_is_not_trained_and_goes_on_with_the_same_answers() {
    let int8 = initial().fold().to_bytes(Precision::Int8).unwrap();
    for scope in [Scope::Head, Scope::Stage, Scope::All] {
        let config = TrainConfig {
            epochs: 4,
            learning_rate: 0.001,
            ..TrainConfig::fine_tuning(scope)
        };
        let mut stopped = start(Weights::from_bytes(&int8).unwrap(), config);
        let mut saves = 0;
        while block_on(stopped.step()).unwrap() != Event::Done {
            let Some(file) = block_on(stopped.best_file()).unwrap() else {
                continue;
            };
            let (file, save) = (file.to_bytes(), checkpoint(&stopped, Moments::Dropped));
            let kept = Weights::from_bytes(&file).unwrap();
            let of_file = save.len() as f64 / file.len() as f64;
            let at_best = weights(&stopped).tensors() == best(&stopped).unwrap().tensors();
            println!("{scope:?}, at best {at_best}: the save takes {of_file:.3} of the file");
            let most = [[0.08, 1.1, 1.5], [0.06, 0.8, 1.1]][usize::from(at_best)];
            assert!(
                of_file < most[scope as usize],
                "{scope:?}, {at_best}: {of_file}"
            );
            if scope == Scope::Head {
                // Another head, and the reference picture.
                assert!(file.len() < int8.len() + 16_000, "{} bytes", file.len());
            }
            let own = block_on(classifier(kept.clone(), &Device::flex()).self_check()).unwrap();
            assert!(
                own < 1e-4,
                "{scope:?}: {own} from the file's own reference logits"
            );
            let resumed = resume(&save, Some(Weights::from_bytes(&int8).unwrap()));
            assert_eq!(resumed.history(), stopped.history());
            for (found, exact) in [
                (weights(&resumed), weights(&stopped)),
                (best(&resumed).unwrap(), best(&stopped).unwrap()),
                (kept, best(&stopped).unwrap()),
            ] {
                let frozen = [
                    "res5c_branch2b.kernel",
                    "conv1.kernel",
                    "res4b_branch2b.kernel",
                ];
                for name in &frozen[scope as usize..] {
                    let [found, exact] = [&found, &exact].map(|weights| &weights.tensors()[*name]);
                    let as_it_came = found == exact && found.is_quantized() && exact.is_quantized();
                    assert!(as_it_came || scope == Scope::All, "{scope:?}: {name}");
                }
                let [found, exact] = [found, exact].map(probabilities);
                let gaps = found.iter().zip(&exact).map(|(a, b)| (a - b).abs());
                let gap = gaps.fold(0.0, f32::max);
                assert!(gap < 1e-3, "{scope:?}: {gap}");
            }
            saves += 1;
            let of_others = Weights::initial(tiny_config(), labels::digits(), 4)
                .unwrap()
                .fold();
            for (start, code) in [
                (None, "weights-missing-tensor"),
                (Some(of_others), "setting"),
            ] {
                // What trains everything may need nothing of the start, but for its epochs to be worse.
                if start.is_none() && scope == Scope::All {
                    continue;
                }
                let refused = Trainer::resume(&save, start, bars(24, 0), vec![], &Device::flex());
                assert_eq!(refused.map(drop).unwrap_err().code(), code, "{scope:?}");
            }
        }
        assert!(saves > 8, "{saves}");
    }
}

#[test]
fn frozen_features_are_computed_once_and_training_is_the_same() {
    let config = TrainConfig {
        scope: Scope::Stage,
        augmentation: Augmentation::NONE,
        ..config()
    };
    let events = finish(&mut start(initial().fold(), config));
    let features: Vec<_> = [8, 16, 24, 32, 36]
        .map(|done| Event::Features { done, total: 36 })
        .into();
    assert_eq!(events[..5], features);
    let is_features = |event: &Event| matches!(event, Event::Features { .. });
    assert!(!events[5..].iter().any(is_features));

    // The loss of the first batch is that of the whole network on the pictures themselves.
    let pictures = bars(24, 0);
    let chosen = pictures.examples(&pictures.order(0, 0)[..7], None);
    let inputs: Vec<_> = chosen.iter().map(|e| e.input.clone()).collect();
    let classifier = classifier(initial(), &Device::flex());
    let answers = block_on(classifier.classify(&inputs)).unwrap();
    let right = answers.iter().zip(&chosen);
    let right = right.filter(|(answer, e)| answer.label.parse().ok() == e.target.label);
    let Event::Batch { training, .. } = &events[5] else {
        panic!("a batch follows the features");
    };
    assert_eq!(training.accuracy, right.count() as f64 / 7.0);
}

#[test]
fn the_start_stays_the_best_until_an_epoch_is_as_good() {
    let attempt = |learning_rate: f64| {
        let config = TrainConfig {
            learning_rate,
            epochs: 2,
            ..TrainConfig::fine_tuning(Scope::All)
        };
        let mut trainer = start(initial().fold(), config);
        let mut events = finish(&mut trainer).into_iter();
        let scored =
            |event: &Event| matches!(event, Event::Start { validation } if validation.len() == 1);
        let trained = |event: &Event| matches!(event, Event::Batch { .. });
        let mut before_scored = events.by_ref().take_while(|event| !scored(event));
        assert!(!before_scored.any(|event| trained(&event)));
        assert!(events.any(|event| trained(&event)));
        let moved = trainer.history().iter().any(|record| record.best);
        (moved, best(&trainer).unwrap())
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
fn the_best_weights_are_those_of_the_best_epoch_and_pass_their_self_check() {
    let mut trainer = trainer(config());
    assert!(best(&trainer).is_none());
    let mut expected = None;
    loop {
        match block_on(trainer.step()).unwrap() {
            Event::Epoch(record) if record.best => expected = Some(weights(&trainer)),
            Event::Done => break,
            _ => {}
        }
    }
    let kept = best(&trainer).unwrap();
    assert_eq!(kept.tensors(), expected.unwrap().tensors());
    let file = kept.to_bytes(Precision::F32).unwrap();
    let read = Weights::from_bytes(&file).unwrap();
    assert_eq!(read, kept);
    let check = block_on(classifier(read, &Device::flex()).self_check());
    assert!(check.unwrap() < 1e-3);
}

#[test]
fn a_fine_tuning_ends_as_the_browsers_is_held_to() {
    let mut found: BTreeMap<String, Vec<EpochRecord>> = BTreeMap::new();
    for (name, scope) in [
        ("all", Scope::All),
        ("stage", Scope::Stage),
        ("head", Scope::Head),
    ] {
        let (training, validation) = (bars(bars::LEARN, 0), vec![bars(bars::CHECK, 1000)]);
        let (weights, config) = (small_weights().fold(), bars::fine_tuning(scope));
        let device = Device::flex();
        let mut trainer = Trainer::new(weights, training, validation, config, &device).unwrap();
        finish(&mut trainer);
        found.insert(name.into(), trainer.history().to_vec());
    }
    let expected = fixture::expected("training.json", &found);
    for (name, history) in &found {
        for (found, expected) in history.iter().zip(&expected[name]) {
            let losses = |record: &EpochRecord| [record.training.loss, record.validation[0].loss];
            for (a, b) in losses(found).into_iter().zip(losses(expected)) {
                assert!((a - b).abs() <= 1e-3 * b.max(1.0), "{name}: {a} is not {b}");
            }
        }
    }
}

#[test]
fn training_halves_the_loss_with_batch_norm_and_without() {
    for weights_before in [initial(), initial().fold()] {
        let folded = weights_before.is_folded();
        let config = TrainConfig {
            epochs: 12,
            augmentation: Augmentation::NONE,
            schedule: Schedule::Constant,
            ..config()
        };
        let device = Device::flex();
        let trainer = Trainer::new(weights_before, bars(24, 0), vec![], config, &device);
        let mut trainer = trainer.unwrap();
        finish(&mut trainer);
        let history = trainer.history();
        let (first, last) = (&history[0].training, &history[11].training);
        println!("loss {:.3} to {:.3}", first.loss, last.loss);
        assert!(last.loss < first.loss / 2.0);
        assert!(history.iter().any(|record| record.best));
        assert_eq!(weights(&trainer).is_folded(), folded);
    }
}

#[test]
fn a_narrower_scope_leaves_the_rest_alone() {
    for scope in [Scope::Head, Scope::Stage] {
        let mut trainer = trainer(TrainConfig { scope, ..config() });
        finish(&mut trainer);
        let (before, after) = (initial(), weights(&trainer));
        let stays = |name: &str| after.tensors()[name] == before.tensors()[name];
        for name in after.tensors().keys() {
            let stage = scope == Scope::Stage && name.contains('5');
            let trained = name.starts_with("fc") || stage;
            assert!(trained || stays(name), "{scope:?} moved {name}");
        }
        assert!(!stays("fc.kernel"));
        assert_eq!(stays("res5c_branch2c.kernel"), scope == Scope::Head);
    }
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
    // The best weights by then, if any, are finite.
    assert!(block_on(trainer.best_weights()).is_ok());
    assert!(error.to_string().contains("learning rate"));
}

#[test]
fn settings_that_make_no_sense_are_refused_by_name() {
    let others = Dataset::new(vec!["a".into(), "b".into()], vec![]).unwrap();
    let cases: [(fn(&mut TrainConfig), _, _, _); 7] = [
        (|c| c.epochs = 0, 6, vec![], "epochs"),
        (|c| c.batch_size = 0, 6, vec![], "batch size"),
        (|c| c.learning_rate = f64::NAN, 6, vec![], "learning rate"),
        (|c| c.epsilon = 0.0, 6, vec![], "epsilon"),
        (|c| c.mixed_precision = true, 6, vec![], "mixed precision"),
        (|_| (), 0, vec![], "no pictures"),
        (|_| (), 6, vec![others], "labels"),
    ];
    for (change, pictures, validation, named) in cases {
        let mut config = config();
        change(&mut config);
        let training = bars(pictures, 0);
        let result = Trainer::new(initial(), training, validation, config, &Device::flex());
        let text = result.map(drop).unwrap_err().to_string();
        assert!(text.contains(named), "{text}");
    }
}

#[test]
fn a_checkpoint_is_refused_for_other_pictures_and_for_other_files() {
    let file = checkpoint(&trainer(config()), Moments::Kept);
    for (bytes, pictures, code) in [
        (&file[..], 23, "setting"),
        (b"no", 24, "weights-format"),
        (&file[..file.len() / 2], 24, "weights-format"),
    ] {
        let result = Trainer::resume(bytes, None, bars(pictures, 0), vec![], &Device::flex());
        assert_eq!(result.map(drop).unwrap_err().code(), code);
    }
}

#[test]
fn augmentation_is_a_function_of_its_seed_and_keeps_to_its_bounds() {
    let input = InputImage::reference();
    let light = |epoch, index| Augmentation::LIGHT.apply(&input, 1, epoch, index);
    assert_eq!(light(2, 3), light(2, 3));
    assert_ne!(light(2, 3), light(2, 4));
    assert_ne!(light(2, 3), light(3, 3));
    assert_eq!(Augmentation::NONE.apply(&input, 1, 2, 3), input);
    let mirror_only = Augmentation {
        flip: true,
        ..Augmentation::NONE
    };
    let mirrored = InputImage::from_fn(64, |x, y| {
        let at = (y * 64 + 63 - x) * 3;
        [0, 1, 2].map(|c| input.rgb()[at + c])
    });
    let samples = (0..40).map(|index| mirror_only.apply(&input, 0, 0, index));
    let (flipped, others): (Vec<_>, Vec<_>) = samples.partition(|sample| *sample == mirrored);
    assert!(others.iter().all(|sample| *sample == input));
    let count = flipped.len();
    assert!((8..=32).contains(&count), "{count} of 40 mirrored");
}

#[test]
fn a_new_label_starts_as_what_its_pictures_are_taken_for() {
    let device = Device::flex();
    let weights = initial();
    let classifier = classifier(weights.clone(), &device);
    // All pictures have one new label, beside a known label that keeps its row of the head.
    let mut photos = bars(4, 0).samples().to_vec();
    photos.iter_mut().for_each(|photo| photo.label = 1);
    let inputs: Vec<_> = photos.iter().map(|photo| photo.input.clone()).collect();
    let answers = block_on(classifier.classify(&inputs)).unwrap();
    let names = vec!["3".to_owned(), "bar".to_owned()];
    let renamed = Dataset::new(names.clone(), photos).unwrap();
    let initialized = block_on(initialize_head(weights.clone(), &renamed)).unwrap();
    assert_eq!(initialized.labels(), names);
    let row = weights.tensors()["fc.kernel"].shape[1];
    let before = &weights.tensors()["fc.kernel"].floats();
    let after = &initialized.tensors()["fc.kernel"].floats();
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
