//! The training loop: it learns, it stops and goes on, it refuses nonsense.

mod support;

use pollster::block_on;
use signet_core::{
    Augmentation, Dataset, Device, Event, Sample, Schedule, Scope, Square, TrainConfig, Trainer,
    Weights, labels,
};
use support::*;

/// Bars whose height says the class: something that a small network can learn.
fn bars(count: usize, seed: usize) -> Dataset {
    let samples = (0..count).map(|index| {
        let label = index % 6;
        let noise = move |x: usize, y: usize| ((x * 31 + y * 17 + (index + seed) * 13) % 23) as u8;
        let square = Square::from_fn(64, |x, y| {
            let bar = y > 60 - 10 * label && (20..44).contains(&x);
            [if bar { 200 } else { 20 }, noise(x, y), noise(y, x)]
        });
        Sample { square, label }
    });
    Dataset::new(labels::digits(), samples.collect()).unwrap()
}

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

#[test]
fn a_resumed_training_ends_bit_for_bit_like_an_uninterrupted_one() {
    let mut whole = trainer(config());
    run(&mut whole, 12);
    assert_eq!(block_on(whole.step()).unwrap(), Event::Done);

    // Stopped in the middle of an epoch, and again at the end of one.
    let mut stopped = trainer(config());
    for steps in [6, 2, 4] {
        run(&mut stopped, steps);
        let file = block_on(stopped.checkpoint()).unwrap();
        let validation = vec![bars(12, 1000)];
        stopped = Trainer::resume(&file, bars(24, 0), validation, &Device::flex()).unwrap();
    }
    assert_eq!(block_on(stopped.step()).unwrap(), Event::Done);
    assert_eq!(stopped.history(), whole.history());
    let (a, b) = (block_on(stopped.weights()), block_on(whole.weights()));
    assert_eq!(a.unwrap(), b.unwrap());
}

#[test]
fn training_learns() {
    let mut trainer = trainer(TrainConfig {
        epochs: 12,
        augmentation: Augmentation::NONE,
        schedule: Schedule::Constant,
        ..config()
    });
    let batches = trainer.batches();
    run(&mut trainer, 12 * batches);
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
        run(&mut trainer, 2);
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
    run(&mut trainer, 12);
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
    let file = block_on(trainer(config()).checkpoint()).unwrap();
    let resume = |bytes: &[u8], count| {
        Trainer::resume(bytes, bars(count, 0), vec![], &Device::flex()).map(drop)
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
    let square = Square::reference();
    let light = Augmentation::LIGHT;
    assert_eq!(light.apply(&square, 1, 2, 3), light.apply(&square, 1, 2, 3));
    assert_ne!(light.apply(&square, 1, 2, 3), light.apply(&square, 1, 2, 4));
    assert_ne!(light.apply(&square, 1, 2, 3), light.apply(&square, 1, 3, 3));
    assert_eq!(Augmentation::NONE.apply(&square, 1, 2, 3), square);
    let mirror_only = Augmentation {
        flip: true,
        ..Augmentation::NONE
    };
    let mirrored = Square::from_fn(64, |x, y| {
        let at = (y * 64 + 63 - x) * 3;
        [0, 1, 2].map(|c| square.rgb()[at + c])
    });
    let draws: Vec<_> = (0..40)
        .map(|index| mirror_only.apply(&square, 0, 0, index))
        .collect();
    assert!(
        draws
            .iter()
            .all(|draw| *draw == square || *draw == mirrored)
    );
    let count = draws.iter().filter(|draw| **draw == mirrored).count();
    assert!((8..=32).contains(&count), "{count} of 40 mirrored");
}
