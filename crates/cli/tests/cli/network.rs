//! predict, evaluate, export and bench on weights files.

use crate::support::{Scratch, assert_says, json, stderr, stdout};
use signet_recognizer::ResNetConfig;
use signet_recognizer::weights::verify_sha256;

/// A folder with the picture `a.png` in it.
fn with_picture() -> Scratch {
    let folder = Scratch::new();
    folder.draw_picture("a.png", 2, 0);
    folder
}

#[test]
fn predict_answers_in_json_with_a_probability_per_label() {
    let folder = with_picture();
    let answers = json(&folder.succeed("predict --weights weights a.png a.png --json"));
    let answers = answers.as_array().expect("the answer is a list");
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["file"], "a.png");
    let probabilities = answers[0]["probabilities"].as_array().expect("a list");
    let probabilities: Vec<f64> = probabilities.iter().filter_map(|p| p.as_f64()).collect();
    assert_eq!(probabilities.len(), 6);
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5);
    let label = answers[0]["label"].as_str().expect("a word");
    let label: usize = label.parse().expect("a digit");
    assert_eq!(answers[0]["probability"], probabilities[label]);
    assert!(probabilities.iter().all(|p| *p <= probabilities[label]));
}

#[test]
fn predict_names_what_it_cannot_read_and_answers_the_rest() {
    let folder = with_picture();
    folder.write("letter.jpg", "Dear Signet,");
    let output = folder.run("predict --weights weights letter.jpg a.png --json");
    assert_eq!(output.status.code(), Some(1));
    assert_says(&stderr(&output), &["letter.jpg"]);
    let answers = json(&stdout(&output));
    assert_eq!(answers[0]["code"], "picture-format");
    assert!(answers[0]["error"].is_string() && answers[0].get("label").is_none());
    assert!(answers[1]["label"].is_string());

    let output = folder.run("predict --weights weights letter.jpg a.png");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).lines().count(), 1);
}

#[test]
fn a_file_that_holds_no_weights_is_named() {
    let said = ["a.png cannot be used", "not a readable weights file"];
    with_picture().refuse("predict --weights a.png a.png", &said);
}

#[test]
fn a_device_that_was_not_built_in_is_refused_with_the_way_to_build_it() {
    let folder = with_picture();
    for (device, feature, built_in) in [
        ("wgpu", "wgpu", cfg!(feature = "wgpu")),
        ("cuda", "cuda", cfg!(feature = "cuda")),
        ("libtorch", "libtorch", cfg!(feature = "libtorch")),
        ("libtorch-cuda", "libtorch", cfg!(feature = "libtorch")),
    ] {
        if !built_in {
            let line = format!("predict --weights weights a.png --device {device}");
            folder.refuse(&line, &[&format!("--features {feature}")]);
        }
    }
}

#[test]
fn the_int8_file_is_small_and_answers_like_the_float_one() {
    let folder = with_picture();
    folder.draw_picture("b.png", 4, 3);
    folder.write_weights("whole", ResNetConfig::default());
    let answers = [("f32", 100 << 20), ("int8", 25 << 20)].map(|(precision, limit)| {
        let options = format!("--precision {precision} --out {precision}");
        folder.succeed(&format!("export --weights whole {options}"));
        let size = folder.read(precision).len();
        assert!(size < limit, "{precision}: {size} bytes");
        json(&folder.succeed(&format!("predict --weights {precision} a.png b.png --json")))
    });
    for index in 0..2 {
        let [float, int8] = answers.each_ref().map(|answers| &answers[index]);
        assert_eq!(float["label"], int8["label"]);
        let [a, b] = [float, int8].map(|answer| answer["probability"].as_f64().expect("a number"));
        assert!((a - b).abs() < 0.05, "{a} and {b}");
    }
}

#[test]
fn export_folds_and_stores_the_reference_logits_with_a_manifest() {
    let folder = Scratch::new();
    folder.write("metrics.json", r#"{"signs/val": {"accuracy": 0.5}}"#);
    folder.succeed(
        "export --weights weights --precision f16 --out out.f16 \
         --manifest manifest.json --metrics metrics.json --recipe none",
    );
    let exported = folder.read_weights("out.f16");
    assert!(exported.is_folded());
    assert_eq!(exported.reference_logits().map(<[f32]>::len), Some(6));
    let (bytes, manifest) = (folder.read("out.f16"), folder.read_text("manifest.json"));
    let manifest = json(&manifest);
    let hash = manifest["sha256"].as_str().expect("a word");
    verify_sha256(&bytes, hash).expect("the hash is the file's");
    assert_eq!(manifest["file"], "out.f16");
    assert_eq!(manifest["bytes"], bytes.len());
    assert_eq!(manifest["precision"], "f16");
    assert_eq!(manifest["labels"].as_array().map(Vec::len), Some(6));
    assert_eq!(manifest["input"]["width"], 64);
    assert_eq!(manifest["metrics"]["signs/val"]["accuracy"], 0.5);
    assert_eq!(manifest["recipe"], "none");
}

#[test]
fn evaluate_draws_the_confusion_matrix() {
    let folder = Scratch::new();
    folder.draw("data", &["0", "5"], 2);
    let table = folder.succeed("evaluate --weights weights --data data --plots plots");
    // Labels without pictures are said to be so.
    assert_says(&table, &["4 pictures, 0 skipped", "no picture"]);
    let svg = folder.read_text("plots/confusion.svg");
    assert!(svg.starts_with("<svg") && svg.contains("of 4 pictures right"));
}

#[test]
fn bench_times_each_work() {
    let rows = Scratch::new().succeed("bench --weights weights --rounds 1 --json");
    let rows = json(&rows);
    let rows = rows.as_array().expect("a list");
    assert_eq!(rows.len(), 7, "{rows:?}");
    for row in rows {
        let [least, median, most] = ["least", "median", "most"].map(|time| row[time].as_f64());
        assert!(
            Some(0.0) < least && least <= median && median <= most,
            "{row}"
        );
    }
}
