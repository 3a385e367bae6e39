use crate::support::{Scratch, assert_says, json, stderr, stdout};
use serde_json::Value;
use std::fs;

#[test]
fn an_unreadable_picture_is_named_and_skipped_with_a_count() {
    let folder = Scratch::new();
    folder.draw("data", &["0", "3"], 2);
    folder.write("data/3/letter.jpg", "Dear Signet,");
    folder.write("data/README.md", "About these pictures");
    folder.write("data/0/.DS_Store", "hidden");
    let output = folder.run("evaluate --weights weights --data data --json");
    assert!(output.status.success());
    let (report, said) = (json(&stdout(&output)), stderr(&output));
    assert_eq!(report["images"], 4);
    assert_eq!(report["skipped"], 1);
    let expected = [
        "3/letter.jpg: not a picture",
        "1 unreadable file skipped in",
    ];
    assert_says(&said, &expected);
    assert!(
        !said.contains("README") && !said.contains(".DS_Store"),
        "{said}"
    );
}

#[test]
fn several_folders_are_one_result() {
    let folder = Scratch::new();
    folder.draw("first", &["0", "1"], 2);
    folder.draw("second", &["1"], 3);
    let report = json(&folder.succeed("evaluate --weights weights --data first second --json"));
    assert_eq!(report["images"], 7);
    let confusion = report["confusion"].as_array().expect("confusion is a list");
    let rows = confusion.iter().map(|row| {
        let row = row.as_array().expect("a row is a list");
        row.iter().filter_map(Value::as_u64).sum::<u64>()
    });
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows, [2, 5, 0, 0, 0, 0], "rows are the truth");
    let ece = report["ece"].as_f64().expect("ece is a number");
    assert!((0.0..=1.0).contains(&ece));
    let labels = report["per_class"]
        .as_object()
        .expect("per_class is an object");
    assert_eq!(labels.keys().collect::<Vec<_>>(), ["0", "1"]);
}

#[test]
fn folders_without_pictures_and_unknown_labels_are_refused_by_name() {
    let folder = Scratch::new();
    for name in ["empty", "pictureless/0"] {
        fs::create_dir_all(folder.path(name)).expect("there is room");
    }
    folder.draw("photos", &["0"], 2);
    folder.draw("thumbs", &["0", "thumb"], 1);
    let no_labels: &[&str] = &["no label folders", "FOLDER/LABEL/IMAGE"];
    let unknown: &[&str] = &["thumb is no known label", "0, 1, 2, 3, 4, 5"];
    for (data, said) in [
        ("empty", no_labels),
        ("pictureless", &["no picture that can be read"]),
        ("thumbs", unknown),
        ("nowhere", &["nowhere"]),
    ] {
        folder.refuse(&format!("evaluate --weights weights --data {data}"), said);
    }
    folder.refuse("train --data photos/0 --out run", no_labels);
    assert!(
        !folder.path("run").exists(),
        "a refused training leaves nothing behind"
    );
}
