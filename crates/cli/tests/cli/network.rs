//! predict, evaluate and export on weights files.

use crate::args;
use crate::support::{
    draw_picture, draw_pictures, json, narrow_config, refuse, run, scratch, stderr, stdout,
    succeed, write_weights,
};
use signet_recognizer::{ResNetConfig, Weights, weights::verify_sha256};
use std::fs;

#[test]
fn predict_answers_in_json_with_a_probability_per_label() {
    let folder = scratch();
    let (weights, picture) = (folder.path().join("weights"), folder.path().join("a.png"));
    write_weights(&weights, narrow_config());
    draw_picture(&picture, 2, 0);
    let answers = json(&succeed(args![
        "predict",
        "--weights",
        weights,
        picture,
        picture,
        "--json"
    ]));
    let answers = answers.as_array().expect("the answer is a list");
    assert_eq!(answers.len(), 2);
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0]["file"].as_str(), picture.to_str());
    let probabilities = answers[0]["probabilities"].as_array().expect("a list");
    let probabilities: Vec<f64> = probabilities.iter().filter_map(|p| p.as_f64()).collect();
    assert_eq!(probabilities.len(), 6);
    assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-5);
    let label: usize = answers[0]["label"]
        .as_str()
        .expect("a word")
        .parse()
        .expect("a digit");
    assert_eq!(
        answers[0]["probability"].as_f64(),
        Some(probabilities[label])
    );
    assert!(probabilities.iter().all(|p| *p <= probabilities[label]));
}

#[test]
fn predict_names_what_it_cannot_read_and_answers_the_rest() {
    let folder = scratch();
    let (weights, picture) = (folder.path().join("weights"), folder.path().join("a.png"));
    let letter = folder.path().join("letter.jpg");
    write_weights(&weights, narrow_config());
    draw_picture(&picture, 2, 0);
    fs::write(&letter, "Dear Signet,").expect("the letter can be written");
    let output = run(args![
        "predict",
        "--weights",
        weights,
        letter,
        picture,
        "--json"
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("letter.jpg"),
        "{}",
        stderr(&output)
    );
    let answers = json(&stdout(&output));
    assert_eq!(answers[0]["code"], "picture-format");
    assert!(answers[0]["error"].is_string() && answers[0].get("label").is_none());
    assert!(answers[1]["label"].is_string());

    let output = run(args!["predict", "--weights", weights, letter, picture]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).lines().count(), 1);
}

#[test]
fn a_file_that_holds_no_weights_is_named() {
    let folder = scratch();
    let picture = folder.path().join("a.png");
    draw_picture(&picture, 2, 0);
    let refusal = refuse(args!["predict", "--weights", picture, picture]);
    assert!(refusal.contains("a.png cannot be used"), "{refusal}");
    assert!(refusal.contains("not a readable weights file"), "{refusal}");
}

#[test]
fn a_device_that_was_not_built_in_is_refused_with_the_way_to_build_it() {
    let folder = scratch();
    let (weights, picture) = (folder.path().join("weights"), folder.path().join("a.png"));
    write_weights(&weights, narrow_config());
    draw_picture(&picture, 2, 0);
    for (device, feature, built_in) in [
        ("wgpu", "wgpu", cfg!(feature = "wgpu")),
        ("cuda", "cuda", cfg!(feature = "cuda")),
        ("libtorch", "libtorch", cfg!(feature = "libtorch")),
        ("libtorch-cuda", "libtorch", cfg!(feature = "libtorch")),
    ] {
        if !built_in {
            let refusal = refuse(args![
                "predict",
                "--weights",
                weights,
                picture,
                "--device",
                device
            ]);
            assert!(
                refusal.contains(&format!("--features {feature}`")),
                "{refusal}"
            );
        }
    }
}

#[test]
fn the_int8_file_is_small_and_answers_like_the_float_one() {
    let folder = scratch();
    let weights = folder.path().join("weights.safetensors");
    write_weights(&weights, ResNetConfig::default());
    let pictures = [1, 4].map(|label| {
        let path = folder.path().join(format!("{label}.png"));
        draw_picture(&path, label, 3);
        path
    });
    let answers = ["f32", "int8"].map(|precision| {
        let file = folder.path().join(precision);
        succeed(args![
            "export",
            "--weights",
            weights,
            "--precision",
            precision,
            "--out",
            file
        ]);
        let size = fs::metadata(&file).expect("the file is there").len();
        let limit = if precision == "int8" {
            25 << 20
        } else {
            100 << 20
        };
        assert!(size < limit, "{precision}: {size} bytes");
        json(&succeed(args![
            "predict",
            "--weights",
            file,
            pictures[0],
            pictures[1],
            "--json"
        ]))
    });
    for index in 0..pictures.len() {
        let [float, int8] = answers.each_ref().map(|answers| &answers[index]);
        assert_eq!(float["label"], int8["label"]);
        let [a, b] = [float, int8].map(|answer| answer["probability"].as_f64().expect("a number"));
        assert!((a - b).abs() < 0.05, "{a} and {b}");
    }
}

#[test]
fn export_folds_and_stores_the_reference_logits_with_a_manifest() {
    let folder = scratch();
    let weights = folder.path().join("weights.safetensors");
    write_weights(&weights, narrow_config());
    let (out, manifest) = (
        folder.path().join("out.f16"),
        folder.path().join("manifest.json"),
    );
    let metrics = folder.path().join("metrics.json");
    fs::write(&metrics, r#"{"signs/val": {"accuracy": 0.5}}"#).expect("it can be written");
    succeed(args![
        "export",
        "--weights",
        weights,
        "--precision",
        "f16",
        "--out",
        out,
        "--manifest",
        manifest,
        "--metrics",
        metrics,
        "--recipe",
        "none"
    ]);
    let bytes = fs::read(&out).expect("the file is there");
    let exported = Weights::from_bytes(&bytes).expect("the file is readable");
    assert!(exported.is_folded());
    assert_eq!(exported.reference_logits().map(<[f32]>::len), Some(6));
    let manifest = json(&fs::read_to_string(&manifest).expect("the manifest is there"));
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
    let folder = scratch();
    let weights = folder.path().join("weights.safetensors");
    write_weights(&weights, narrow_config());
    let data = draw_pictures(&folder.path().join("data"), &["0", "5"], 2);
    let plots = folder.path().join("plots");
    let table = succeed(args![
        "evaluate",
        "--weights",
        weights,
        "--data",
        data,
        "--plots",
        plots
    ]);
    assert!(table.contains("4 pictures, 0 skipped"), "{table}");
    assert!(
        table.contains("no picture"),
        "labels without pictures are said to be so: {table}"
    );
    let svg = fs::read_to_string(plots.join("confusion.svg")).expect("the picture is there");
    assert!(svg.starts_with("<svg") && svg.contains("of 4 pictures right"));
}

#[test]
fn bench_times_each_work() {
    let folder = scratch();
    let weights = folder.path().join("weights");
    write_weights(&weights, narrow_config());
    let rows = json(&succeed(args![
        "bench",
        "--weights",
        weights,
        "--rounds",
        "1",
        "--json"
    ]));
    let rows = rows.as_array().expect("a list");
    let works: Vec<_> = rows
        .iter()
        .map(|row| (&row["work"], &row["batch"]))
        .collect();
    assert_eq!(works.len(), 7, "{works:?}");
    for row in rows {
        let [least, median, most] = ["least", "median", "most"].map(|time| row[time].as_f64());
        assert!(
            Some(0.0) < least && least <= median && median <= most,
            "{row}"
        );
    }
}
