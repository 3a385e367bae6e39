//! Photos that are not part of the project. Where they are absent, these tests say so and pass.

use crate::args;
use crate::support::{json, narrow_config, scratch, succeed, write_weights};
use std::path::{Path, PathBuf};

/// The validation photos, with the accuracy that the shipped weights must reach on them.
const VALIDATION: [(&str, f64); 2] = [("signs/val", 0.98), ("sign-language-digits/val", 0.99)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files in `FOLDER/LABEL/`.
fn count_files(folder: &Path) -> usize {
    let list = |folder: &Path| std::fs::read_dir(folder).expect("the folder can be listed");
    let labels = list(folder).flatten();
    labels.map(|label| list(&label.path()).count()).sum()
}

/// The photos' folder, or a line that says why the test is skipped.
fn photos(test: &str) -> Option<PathBuf> {
    let folder = root().join("../shared/data");
    let found = folder.is_dir().then_some(folder);
    if found.is_none() {
        println!("skipped: {test} needs the photos in ../shared/data");
    }
    found
}

/// What `signet evaluate` says of a folder.
fn evaluate(weights: &Path, data: &Path) -> serde_json::Value {
    let text = succeed(args![
        "evaluate",
        "--weights",
        weights,
        "--data",
        data,
        "--json"
    ]);
    json(&text)
}

#[test]
fn shared_photos_are_all_read() {
    let Some(photos) = photos("shared_photos_are_all_read") else {
        return;
    };
    let folder = scratch();
    let weights = folder.path().join("weights.safetensors");
    write_weights(&weights, narrow_config());
    for (name, _) in VALIDATION {
        let data = photos.join(name);
        let report = evaluate(&weights, &data);
        assert_eq!(report["images"], count_files(&data), "{name}");
        assert_eq!(report["skipped"], 0, "{name}");
    }
}

#[test]
fn shared_photos_are_recognised_by_the_shipped_weights() {
    let Some(photos) = photos("shared_photos_are_recognised_by_the_shipped_weights") else {
        return;
    };
    let models = root().join("www/models");
    let manifest = std::fs::read_to_string(models.join("manifest.json"))
        .expect("www/models/manifest.json is part of the project");
    let weights = models.join(json(&manifest)["file"].as_str().expect("file is a name"));
    for (name, wanted) in VALIDATION {
        let data = photos.join(name);
        let report = evaluate(&weights, &data);
        let accuracy = report["accuracy"].as_f64().expect("accuracy is a number");
        println!("{name}: {accuracy} on {} photos", report["images"]);
        assert_eq!(report["images"], count_files(&data), "{name}");
        assert!(
            accuracy >= wanted,
            "{name}: {accuracy}, and {wanted} is promised"
        );
    }
}
