//! Photos that are not part of the project. Where they are absent, this test says so and passes.

use crate::support::{json, signet, succeed};
use std::path::Path;

/// The validation photos, with the accuracy that the shipped weights must reach on them.
const VALIDATION: [(&str, f64); 2] = [("signs/val", 0.98), ("sign-language-digits/val", 0.99)];

/// The files in `FOLDER/LABEL/`.
fn count_files(folder: &Path) -> usize {
    let list = |folder: &Path| std::fs::read_dir(folder).expect("the folder can be listed");
    let labels = list(folder).flatten();
    labels.map(|label| list(&label.path()).count()).sum()
}

#[test]
fn shared_photos_are_all_read_and_recognised_by_the_shipped_weights() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let photos = root.join("../shared/data");
    if !photos.is_dir() {
        println!("skipped: the shipped weights' accuracy needs the photos in ../shared/data");
        return;
    }
    let manifest = std::fs::read_to_string(root.join("www/models/manifest.json"))
        .expect("www/models/manifest.json is part of the project");
    let weights = json(&manifest)["file"].as_str().expect("a name").to_owned();
    for (name, wanted) in VALIDATION {
        let mut command = signet(&root.join("www/models"), "evaluate --json --weights");
        let data = std::path::absolute(photos.join(name)).expect("a path");
        command.arg(&weights).arg("--data").arg(&data);
        let report = json(&succeed(&mut command));
        let accuracy = report["accuracy"].as_f64().expect("accuracy is a number");
        println!("{name}: {accuracy} on {} photos", report["images"]);
        assert_eq!(report["images"], count_files(&data), "{name}");
        assert_eq!(report["skipped"], 0, "{name}");
        assert!(
            accuracy >= wanted,
            "{name}: {accuracy}, and {wanted} is promised"
        );
    }
}
