//! `model.json` of TFJS, and the shards that it names.

use crate::fuzz::{Outcome, Refusal, fuzz, mutate};
use crate::tiny;
use proptest::prelude::*;
use serde_json::{Value, json};
use signet_recognizer::weights::tfjs::{InputConvention, Model};

/// A model, and the length of its shards in bytes.
#[derive(Debug, Clone)]
struct Package {
    model: Value,
    shards: usize,
}

/// The package of the tiny network.
fn package() -> Package {
    let mut weights = Vec::new();
    let mut numbers = 0;
    let mut add = |name: String, shape: Vec<usize>| {
        numbers += shape.iter().product::<usize>();
        weights.push(json!({"name": name, "shape": shape, "dtype": "float32"}));
    };
    for layer in tiny::config().conv_layers() {
        let [output, input, height, width] = layer.kernel_shape();
        add(
            format!("{}/kernel", layer.name),
            vec![height, width, input, output],
        );
        add(format!("{}/bias", layer.name), vec![output]);
        for leaf in ["gamma", "beta", "moving_mean", "moving_variance"] {
            add(format!("{}/{leaf}", layer.norm), vec![output]);
        }
    }
    add("fc1000/kernel".into(), vec![2, 3]);
    let model = json!({"weightsManifest": [{"paths": ["group1-shard1of1"], "weights": weights}]});
    Package {
        model,
        shards: numbers * 4,
    }
}

fn import(package: &Package) -> Outcome {
    let model = Model::from_json(&package.model.to_string())?;
    let bytes = vec![0x3c; package.shards];
    for convention in [InputConvention::CaffeBgr, InputConvention::UnitRgb] {
        let (config, labels) = (tiny::config(), tiny::labels());
        let weights = model.import(&bytes, convention, config, labels, 0);
        assert_eq!(weights?.labels(), tiny::labels());
    }
    Ok(())
}

#[test]
fn a_package_as_it_should_be_is_imported() {
    assert!(import(&package()).is_ok());
}

#[test]
fn packages_with_changes_are_imported_or_refused() {
    let changes = (mutate::edits(4), -4..5_isize, any::<bool>());
    let packages = changes.prop_map(|(edits, spare, spared)| {
        let Package { mut model, shards } = package();
        mutate::edit(&mut model, &edits);
        let shards = if spared {
            shards.saturating_add_signed(spare)
        } else {
            shards
        };
        Package { model, shards }
    });
    fuzz("tfjs", 1500, packages, import);
}

/// Empty tensors may have other sides of any length.
#[test]
fn tensors_of_any_shape_are_imported_or_refused() {
    let shape = prop::collection::vec(mutate::extreme(), 0..6);
    let shape = (shape, any::<bool>()).prop_map(|(mut shape, empty)| {
        if empty && !shape.is_empty() {
            shape[0] = 0;
        }
        shape
    });
    let packages = shape.prop_map(|shape| {
        let Package { mut model, shards } = package();
        let kernel = json!({"name": "conv1/kernel", "shape": shape, "dtype": "float32"});
        let weights = model["weightsManifest"][0]["weights"].as_array_mut();
        weights.expect("it is a list").push(kernel);
        Package { model, shards }
    });
    fuzz("tfjs-shapes", 500, packages, import);
}

#[test]
fn any_text_is_read_as_a_model_or_refused() {
    fuzz("tfjs-text", 300, mutate::text(), |text| {
        Model::from_json(text).map(drop).map_err(Refusal::from)
    });
}
