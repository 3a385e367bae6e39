use crate::args;
use crate::support::{
    Scratch, draw_pictures, json, narrow_config, refuse, run, scratch, stderr, stdout,
    write_weights,
};
use std::fs;
use std::path::PathBuf;

/// A temporary folder with weights in it.
fn with_weights() -> (Scratch, PathBuf) {
    let folder = scratch();
    let weights = folder.path().join("weights.safetensors");
    write_weights(&weights, narrow_config());
    (folder, weights)
}

#[test]
fn an_unreadable_picture_is_named_and_skipped_with_a_count() {
    let (folder, weights) = with_weights();
    let data = draw_pictures(&folder.path().join("data"), &["0", "3"], 2);
    fs::write(data.join("3/letter.jpg"), "Dear Signet,").expect("the letter can be written");
    fs::write(data.join("README.md"), "About these pictures").expect("it can be written");
    fs::write(data.join("0/.DS_Store"), "hidden").expect("it can be written");
    let output = run(args![
        "evaluate",
        "--weights",
        weights,
        "--data",
        data,
        "--json"
    ]);
    assert!(output.status.success());
    let (report, said) = (json(&stdout(&output)), stderr(&output));
    assert_eq!(report["images"], 4);
    assert_eq!(report["skipped"], 1);
    assert!(said.contains("3/letter.jpg: not a picture"), "{said}");
    assert!(said.contains("1 unreadable file skipped in"), "{said}");
    assert!(
        !said.contains("README") && !said.contains(".DS_Store"),
        "{said}"
    );
}

#[test]
fn several_folders_are_one_result() {
    let (folder, weights) = with_weights();
    let first = draw_pictures(&folder.path().join("first"), &["0", "1"], 2);
    let second = draw_pictures(&folder.path().join("second"), &["1"], 3);
    let output = run(args![
        "evaluate",
        "--weights",
        weights,
        "--data",
        first,
        second,
        "--json"
    ]);
    let report = json(&stdout(&output));
    assert_eq!(report["images"], 7);
    let confusion = report["confusion"].as_array().expect("confusion is a list");
    let rows = confusion.iter().map(|row| {
        let row = row.as_array().expect("a row is a list");
        row.iter()
            .filter_map(serde_json::Value::as_u64)
            .sum::<u64>()
    });
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [2, 5, 0, 0, 0, 0],
        "rows are the truth"
    );
    let ece = report["ece"].as_f64().expect("ece is a number");
    assert!((0.0..=1.0).contains(&ece));
    let labels = report["per_class"]
        .as_object()
        .expect("per_class is an object");
    assert_eq!(labels.keys().collect::<Vec<_>>(), ["0", "1"]);
}

#[test]
fn an_empty_folder_is_an_error() {
    let (folder, weights) = with_weights();
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("the folder can be made");
    let refusal = refuse(args!["evaluate", "--weights", weights, "--data", data]);
    assert!(refusal.contains("no label folders"), "{refusal}");
    assert!(refusal.contains("FOLDER/LABEL/IMAGE"), "{refusal}");

    fs::create_dir(data.join("0")).expect("the folder can be made");
    let refusal = refuse(args!["evaluate", "--weights", weights, "--data", data]);
    assert!(refusal.contains("no picture that can be read"), "{refusal}");
}

#[test]
fn an_unlabelled_folder_is_an_error() {
    let folder = scratch();
    let data = draw_pictures(folder.path(), &["0"], 2);
    let out = folder.path().join("run");
    let refusal = refuse(args!["train", "--data", data.join("0"), "--out", out]);
    assert!(refusal.contains("no label folders"), "{refusal}");
    assert!(refusal.contains("FOLDER/LABEL/IMAGE"), "{refusal}");
    assert!(!out.exists(), "a refused training leaves nothing behind");
}

#[test]
fn a_label_that_the_weights_do_not_know_is_an_error() {
    let (folder, weights) = with_weights();
    let data = draw_pictures(&folder.path().join("data"), &["0", "thumb"], 1);
    let refusal = refuse(args!["evaluate", "--weights", weights, "--data", data]);
    assert!(refusal.contains("thumb is no known label"), "{refusal}");
    assert!(refusal.contains("0, 1, 2, 3, 4, 5"), "{refusal}");
}

#[test]
fn a_missing_folder_is_named() {
    let (folder, weights) = with_weights();
    let data = folder.path().join("nowhere");
    let refusal = refuse(args!["evaluate", "--weights", weights, "--data", data]);
    assert!(refusal.contains("nowhere"), "{refusal}");
}
