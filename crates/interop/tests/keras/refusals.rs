//! What is no file of Keras, or has another network, is refused with a sentence that names the first layer that doesn't fit.

use crate::fixtures::fixture;
use serde_json::{Value, json};
use signet_interop::archive::{Archive, Limits, Named, write_zip};
use signet_interop::keras::import;
use signet_interop::{Error, model};

/// A `.keras` file of the fixtures whose config is changed.
fn with_config(name: &str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut archive = Archive::open(fixture(name), Limits::MODEL).unwrap();
    let names: Vec<String> = archive.names().map(str::to_owned).collect();
    let mut files = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        let bytes = archive.read(index).unwrap().unwrap();
        files.push(Named { name, bytes });
    }
    let config = files
        .iter_mut()
        .find(|file| file.name == "config.json")
        .unwrap();
    let mut json = serde_json::from_slice(&config.bytes).unwrap();
    change(&mut json);
    config.bytes = json.to_string().into_bytes();
    write_zip(&files).unwrap()
}

/// The config of a layer of a model.
fn layer<'a>(model: &'a mut Value, name: &str) -> &'a mut Value {
    let layers = model["config"]["layers"].as_array_mut().unwrap();
    let layer = layers
        .iter_mut()
        .find(|layer| layer["config"]["name"] == name);
    &mut layer.unwrap_or_else(|| panic!("no layer {name}"))["config"]
}

#[test]
fn another_network_is_refused_by_the_layer_that_makes_it_one() {
    type Change = fn(&mut Value);
    let cases: [(&str, &str, Change); 11] = [
        (
            "conv2d_6",
            "stride 2, and a block's stride is on its first 1x1",
            |model| {
                layer(model, "conv2d_6")["strides"] = json!([2, 2]);
            },
        ),
        ("conv2d_2", "padding valid, and same is needed", |model| {
            layer(model, "conv2d_2")["padding"] = json!("valid");
        }),
        ("conv2d_8", "dilation_rate", |model| {
            layer(model, "conv2d_8")["dilation_rate"] = json!([2, 2]);
        }),
        ("zero_padding2d", "3 on every side is needed", |model| {
            layer(model, "zero_padding2d")["padding"] = json!([[2, 2], [2, 2]]);
        }),
        ("max_pooling2d", "pool_size", |model| {
            layer(model, "max_pooling2d")["pool_size"] = json!([2, 2]);
        }),
        ("max_pooling2d", "no padding is needed", |model| {
            layer(model, "max_pooling2d")["padding"] = json!("same");
        }),
        ("dense", "sigmoid", |model| {
            layer(model, "dense")["activation"] = json!("sigmoid");
        }),
        ("activation", "ReLU is needed", |model| {
            layer(model, "activation")["activation"] = json!("tanh");
        }),
        ("average_pooling2d", "pool_size", |model| {
            layer(model, "average_pooling2d")["pool_size"] = json!([1, 1]);
        }),
        ("input_layer", "another size than 64x64", |model| {
            layer(model, "input_layer")["batch_shape"] = json!([null, 224, 224, 3]);
        }),
        ("conv2d", "channels first", |model| {
            layer(model, "conv2d")["data_format"] = json!("channels_first");
        }),
    ];
    for (name, said, change) in cases {
        let refused = import(with_config("shortcut-first-3.keras", change));
        match refused {
            Err(Error::KerasLayer { layer, reason }) => {
                assert_eq!(layer, name, "{reason}");
                assert!(reason.contains(said), "{name}: `{reason}` lacks `{said}`");
            }
            other => panic!("{name}, {said}: {:?}", other.map(|imported| imported.notes)),
        }
    }
}

#[test]
fn what_is_no_file_of_keras_is_refused() {
    let whole = fixture("unnamed-3.weights.h5");
    let cut = whole[..whole.len() / 2].to_vec();
    let signature = b"\x89HDF\r\n\x1a\n".to_vec();
    let empty = hdf5_pure::FileBuilder::new().finish().unwrap();
    for bytes in [cut, signature, empty] {
        let refused = model::import(bytes, "model.h5").unwrap_err();
        assert_eq!(refused.code(), "keras-format", "{refused}");
    }
    let archive = |names: &[&str]| {
        let files = names.iter().map(|name| Named {
            name: (*name).to_owned(),
            bytes: b"{}".to_vec(),
        });
        write_zip(&files.collect::<Vec<_>>()).unwrap()
    };
    for names in [
        &["config.json"][..],
        &["model.weights.h5", "metadata.json"],
        &["config.json", "model.weights.h5"],
    ] {
        let refused = model::import(archive(names), "model.keras").unwrap_err();
        assert_eq!(refused.code(), "keras-format", "{refused}");
    }
}

/// A network without names, in which nothing tells what is on a shortcut.
#[test]
fn what_no_rule_decides_is_refused_by_name() {
    let builder = |conv: &[[usize; 4]]| {
        let mut file = hdf5_pure::FileBuilder::new();
        let mut layers = file.create_group("layers");
        for (at, shape) in conv.iter().enumerate() {
            let suffix = if at == 0 {
                String::new()
            } else {
                format!("_{at}")
            };
            for (class, shapes) in [
                ("conv2d", vec![shape.to_vec()]),
                ("batch_normalization", vec![vec![shape[3]]; 4]),
            ] {
                let mut group = layers.create_group(&format!("{class}{suffix}"));
                let mut vars = group.create_group("vars");
                for (index, shape) in shapes.iter().enumerate() {
                    // Statistics of a fresh batch norm.
                    let value = if index == 3 || class == "batch_normalization" && index == 0 {
                        1.0
                    } else {
                        0.0
                    };
                    let sides: Vec<u64> = shape.iter().map(|side| *side as u64).collect();
                    let values = vec![value; shape.iter().product()];
                    vars.create_dataset(&index.to_string())
                        .with_f32_data(&values)
                        .with_shape(&sides);
                }
                group.add_group(vars.finish());
                layers.add_group(group.finish());
            }
        }
        file.add_group(layers.finish());
        file.finish().unwrap()
    };
    let block = |input, inner: usize, outer| {
        [
            [1, 1, input, inner],
            [3, 3, inner, inner],
            [1, 1, inner, outer],
            [1, 1, input, outer],
        ]
    };
    let mut network = vec![[7, 7, 3, 4]];
    for (input, inner, outer) in [(4, 4, 16), (16, 8, 32), (32, 16, 64), (64, 32, 128)] {
        network.extend(block(input, inner, outer));
    }
    let refused = import(builder(&network)).unwrap_err();
    let Error::KerasLayer { layer, reason } = &refused else {
        panic!("{refused}");
    };
    assert_eq!(layer, "layers/conv2d_3");
    assert!(
        reason.contains("layers/conv2d_4") && reason.contains("Save the model as .keras"),
        "{reason}"
    );

    // The first layer that doesn't fit, where another network's shapes are.
    network[6] = [5, 5, 8, 8];
    let refused = import(builder(&network)).unwrap_err();
    assert!(
        matches!(&refused, Error::KerasLayer { layer, .. } if layer == "layers/conv2d_6"),
        "{refused}"
    );
}
