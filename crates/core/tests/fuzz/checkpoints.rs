//! Checkpoints of trainings.

use crate::fuzz::{Bytes, MEMORY, Outcome, Refusal, Target, mutate};
use crate::settings::{pictures, train};
use crate::tiny;
use pollster::block_on;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use signet_core::{Device, Moments, Scope, TrainConfig, Trainer};

fn read(file: &[u8]) -> Outcome {
    let (training, validation) = (pictures(5), vec![pictures(3)]);
    // A checkpoint without moments lacks what is in the best weights.
    let best = Some(tiny::weights());
    let trainer = Trainer::resume(file, best, training, validation, &Device::flex());
    trainer.and_then(train).map_err(Refusal::from)
}

fn target(cases: u32) -> Target {
    Target {
        name: "checkpoints",
        cases,
        read,
        memory: |file| MEMORY.max(40 * file.len()),
    }
}

/// A training in its second epoch.
fn files() -> Vec<Vec<u8>> {
    let kinds = [
        (Scope::Head, Moments::Kept),
        (Scope::Head, Moments::Dropped),
        (Scope::All, Moments::Kept),
    ];
    let write = |(scope, moments)| {
        let config = TrainConfig {
            epochs: 3,
            batch_size: 2,
            ..TrainConfig::fine_tuning(scope)
        };
        let (training, validation) = (pictures(5), vec![pictures(3)]);
        let weights = tiny::weights();
        let mut trainer =
            Trainer::new(weights, training, validation, config, &Device::flex()).unwrap();
        while trainer.history().is_empty() || trainer.batch() == 0 {
            block_on(trainer.step()).unwrap();
        }
        block_on(trainer.checkpoint(moments)).unwrap().to_bytes()
    };
    kinds.map(write).to_vec()
}

#[test]
fn checkpoints_with_changes_go_on_or_are_refused() {
    target(400).fuzz(files(), |_| {});
}

#[test]
fn checkpoints_that_say_anything_of_the_training_go_on_or_are_refused() {
    let seeds: Vec<_> = files().iter().map(|file| tiny::parts(file)).collect();
    let choice = (any::<Index>(), mutate::edits(4));
    let files = choice.prop_map(move |(seed, edits)| {
        let (mut header, data) = seeds[seed.index(seeds.len())].clone();
        let text = header["__metadata__"]["signet-training"].as_str();
        let mut inner: Value = serde_json::from_str(text.unwrap()).unwrap();
        mutate::edit(&mut inner, &edits);
        header["__metadata__"]["signet-training"] = inner.to_string().into();
        Bytes(tiny::file(&header, &data))
    });
    target(400).run(files);
}
