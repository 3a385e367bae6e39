use crate::support::{Scratch, assert_says, json, signet, stderr, stdout};
use serde_json::Value;
use std::fs;
use std::process::Stdio;

#[test]
fn an_unreadable_picture_is_named_and_skipped_with_a_count() {
    let folder = Scratch::new();
    folder.draw("data", &["0", "3"], 2);
    folder.write("data/3/letter.jpg", "Dear Signet,");
    // Two components, at which the decoder panics.
    let frame = [8, 0, 64, 0, 64, 2, 1, 0x11, 0, 2, 0x11, 0];
    let start = [0xff, 0xd8, 0xff, 0xc2, 0, 14];
    folder.write(
        "data/0/two.jpg",
        [&start[..], &frame, &[0xff, 0xd9]].concat(),
    );
    folder.write("data/README.md", "About these pictures");
    folder.write("data/0/.DS_Store", "hidden");
    let output = folder.run("evaluate --weights weights --data data --json");
    assert!(output.status.success());
    let (report, said) = (json(&stdout(&output)), stderr(&output));
    assert_eq!(report["images"], 4);
    assert_eq!(report["skipped"], 2);
    let expected = [
        "0/two.jpg: the picture is damaged",
        "3/letter.jpg: not a picture",
        "2 unreadable files skipped in",
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

/// What systems leave behind, and folders without any picture, are neither labels nor errors.
#[test]
fn what_is_no_label_is_passed_over_in_a_line() {
    let folder = Scratch::new();
    folder.draw("data", &["0", "$RECYCLE.BIN", "3", "3/old"], 2);
    for name in [
        "__MACOSX/._0.png",
        "0/._0.png",
        "0/Thumbs.db",
        "notes/letter.jpg",
    ] {
        folder.write(&format!("data/{name}"), "no picture");
    }
    fs::create_dir_all(folder.path("data/5")).expect("there is room");
    let output = folder.run("evaluate --weights weights --data data --json");
    let report = json(&stdout(&output));
    assert_eq!([&report["images"], &report["skipped"]], [4, 0]);
    let said = "passed over in data: $RECYCLE.BIN, 3/old, 5, __MACOSX, notes (no pictures for a label there)\n";
    assert_eq!(stderr(&output), said);
    let said = folder.succeed("train --data data --init weights --out run --epochs 1");
    assert_says(
        &said,
        &["4 pictures for training", "labels 0, 1, 2, 3, 4, 5"],
    );
}

#[test]
fn a_folder_one_level_off_is_refused_with_the_one_to_give() {
    let folder = Scratch::new();
    for data in [
        "split/train",
        "split/val",
        "split/samples",
        "wrapped/signs/inner",
        "people/0",
        "people/4",
    ] {
        folder.draw(data, &["0", "4"], 1);
    }
    fs::remove_dir_all(folder.path("split/samples/0")).expect("it is there");
    fs::rename(
        folder.path("split/samples/4/0.png"),
        folder.path("split/samples/0.png"),
    )
    .expect("it is there");
    for (data, said) in [
        ("split", "give split/train or split/val"),
        ("wrapped", "give wrapped/signs/inner"),
        ("wrapped/signs", "give wrapped/signs/inner"),
        ("people/0/4", "give people/0;"),
        ("people", "a folder too deep"),
    ] {
        folder.refuse(
            &format!("evaluate --weights weights --data {data}"),
            &[said],
        );
        folder.refuse(
            &format!("train --data {data} --out run"),
            &[said, "FOLDER/LABEL/IMAGE"],
        );
    }
}

/// Pictures of no sign train the detector and are measured as such, whatever their folder is named.
#[test]
fn a_folder_of_pictures_without_a_sign_is_no_class() {
    let folder = Scratch::new();
    folder.draw("data", &["0", "3"], 4);
    for n in 0..4 {
        // No bar anywhere.
        folder.draw_picture(&format!("data/none/{n}.png"), 9, n);
        folder.draw_picture(&format!("other/nothing/{n}.png"), 9, n);
    }
    let train = "train --data data --init weights --epochs 30 --learning-rate 0.003 --augment none --batch-size 4";
    let said = folder.succeed(&format!("{train} --out run"));
    assert_says(
        &said,
        &[
            "8 pictures and 4 without a sign for training",
            "labels 0, 1, 2, 3, 4, 5",
        ],
    );
    let evaluate = "evaluate --weights run/last.safetensors --data data other --without-sign nothing background";
    let report = json(&folder.succeed(&format!("{evaluate} --json")));
    assert_eq!([&report["images"], &report["negatives"]], [8, 8]);
    assert_eq!(
        [&report["refused"], &report["false_alarms"]],
        [0.0, 0.0],
        "it has learned them"
    );
    assert_says(
        &folder.succeed(evaluate),
        &["8 without a sign, false alarms 0.00 %"],
    );
    let report = json(&folder.succeed(&format!("{evaluate} --json --threshold 0")));
    assert_eq!(report["false_alarms"], 1.0);
    // Without the flag the name is one like any other.
    folder.refuse(
        "evaluate --weights weights --data other",
        &["nothing is no known label"],
    );
    // A network without a detector always names a label.
    let report = json(&folder.succeed("evaluate --weights weights --data data --json"));
    assert_eq!(report["false_alarms"], 1.0);
    // The interrupted training would go on with the same pictures.
    let said = folder.succeed("train --out run --resume");
    assert_says(&said, &["4 without a sign"]);
}

#[test]
fn two_spellings_of_a_name_are_one_label_and_names_have_limits() {
    let folder = Scratch::new();
    folder.draw(
        "data",
        &["e\u{301}te\u{301}", "\u{e9}t\u{e9}", "\u{fc}ben"],
        2,
    );
    folder.draw("val", &["u\u{308}ben"], 2);
    let said = folder.succeed("train --data data --val val --init weights --out run --epochs 1");
    let expected = "6 pictures for training, 2 for validation, labels \u{e9}t\u{e9}, \u{fc}ben";
    assert_says(&said, &[expected]);
    let report =
        json(&folder.succeed("evaluate --weights run/last.safetensors --data data val --json"));
    assert_eq!(report["images"], 8);

    folder.draw("long", &["a", &"x".repeat(41)], 1);
    let many: Vec<String> = (0..31).map(|n| format!("sign {n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    folder.draw("many", &many, 1);
    folder.refuse(
        "train --data long --out other",
        &["can't be a label", "41 characters"],
    );
    folder.refuse(
        "train --data many --out other",
        &["31 labels, and 30 are the most"],
    );
}

/// As in `signet evaluate ... 2>&1 | head`, whose reader is gone before the first note.
#[test]
fn a_closed_pipe_ends_nothing() {
    let folder = Scratch::new();
    folder.draw("data", &["0"], 1);
    folder.write("data/0/letter.jpg", "Dear Signet,");
    for line in [
        "evaluate --weights weights --data data",
        "predict --weights weights data/0/0.png",
    ] {
        let mut command = signet(&folder.path(""), line);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("signet starts");
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{line}");
    }
}
