use crate::args;
use crate::support::{json, narrow_config, refuse, scratch, succeed, write_weights};
use hdf5_pure::FileBuilder;
use image::RgbImage;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

const INPUT_SIDE: u32 = 8;
const SHAPE: [u64; 4] = [6, INPUT_SIDE as u64, INPUT_SIDE as u64, 3];

/// The pixels of some of the pictures that these tests are about, one picture after the other.
fn pixels(pictures: Range<u32>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for n in pictures {
        for (y, x, c) in (0..INPUT_SIDE * INPUT_SIDE * 3)
            .map(|i| (i / 3 / INPUT_SIDE, i / 3 % INPUT_SIDE, i % 3))
        {
            bytes.push(((40 * n + 9 * y + 5 * x + 80 * c) % 256) as u8);
        }
    }
    bytes
}

/// Six of these pictures in a folder, each with a label of its own.
fn draw_folder(folder: &Path, pictures: Range<u32>) {
    for (label, n) in pictures.enumerate() {
        let folder = folder.join(label.to_string());
        fs::create_dir_all(&folder).expect("the folder can be made");
        let picture = RgbImage::from_raw(INPUT_SIDE, INPUT_SIDE, pixels(n..n + 1));
        let picture = picture.expect("there are enough pixels");
        let path = folder.join("picture.png");
        picture.save(path).expect("the picture can be written");
    }
}

/// A file with the first six pictures, good unless something was done to it.
fn write(path: &Path, change: impl FnOnce(&mut FileBuilder)) {
    let mut file = FileBuilder::new();
    change(&mut file);
    file.write(path).expect("the file can be written");
}

fn add_pictures(file: &mut FileBuilder, set: &str) {
    let dataset = file.create_dataset(&format!("{set}_set_x"));
    dataset.with_u8_data(&pixels(0..6)).with_shape(&SHAPE);
}

fn add_labels(file: &mut FileBuilder, set: &str, labels: &[i64], shape: &[u64]) {
    let dataset = file.create_dataset(&format!("{set}_set_y"));
    dataset.with_i64_data(labels).with_shape(shape);
}

/// What `evaluate` says of the data, after the weights were written into the folder.
fn evaluate(folder: &Path, data: &[PathBuf]) -> serde_json::Value {
    let weights = folder.join("weights");
    write_weights(&weights, narrow_config());
    let mut args = args!["evaluate", "--weights", weights, "--json", "--data"].to_vec();
    args.extend(data.iter().map(|path| path.as_os_str()));
    json(&succeed(args))
}

/// What `evaluate` says of a file that it refuses.
fn refusal(change: impl FnOnce(&mut FileBuilder)) -> String {
    let folder = scratch();
    let (data, weights) = (
        folder.path().join("signs.h5"),
        folder.path().join("weights"),
    );
    write(&data, change);
    write_weights(&weights, narrow_config());
    let refusal = refuse(args!["evaluate", "--weights", weights, "--data", data]);
    assert!(refusal.contains("signs.h5"), "{refusal}");
    refusal
}

#[test]
fn a_file_is_evaluated_like_its_pictures_in_a_folder() {
    let folder = scratch();
    let path = folder.path();
    draw_folder(&path.join("folder"), 0..6);
    let expected = evaluate(path, &[path.join("folder")]);
    assert_eq!(expected["images"], 6);

    // The name says nothing; labels come as a list, a row or a column.
    let labels = [0, 1, 2, 3, 4, 5];
    for (name, shape) in [
        ("list.h5", &[6][..]),
        ("row", &[1, 6]),
        ("column.png", &[6, 1]),
    ] {
        let file = path.join(name);
        write(&file, |file| {
            file.create_dataset("list_classes").with_i64_data(&labels);
            add_pictures(file, "test");
            add_labels(file, "test", &labels, shape);
        });
        assert_eq!(evaluate(path, &[file]), expected, "{name}");
    }
}

#[test]
fn a_file_of_h5py_holds_both_sets() {
    let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/course.h5");
    let folder = scratch();
    let path = folder.path();
    let sets = [path.join("train"), path.join("test")];
    draw_folder(&sets[0], 0..6);
    draw_folder(&sets[1], 6..12);
    let expected = evaluate(path, &sets);
    assert_eq!(expected["images"], 12);
    assert_eq!(evaluate(path, &[course]), expected);
}

#[test]
fn training_takes_files_and_their_classes() {
    let folder = scratch();
    let path = folder.path();
    for (name, set) in [("train.h5", "train"), ("val.h5", "test")] {
        write(&path.join(name), |file| {
            let classes = file.create_dataset("list_classes");
            classes
                .with_ascii_strings(&["no", "yes"])
                .expect("these are ASCII");
            add_pictures(file, set);
            add_labels(file, set, &[0, 1, 0, 1, 0, 1], &[6]);
        });
    }
    let (data, val, out) = (path.join("train.h5"), path.join("val.h5"), path.join("run"));
    let init = path.join("init");
    write_weights(&init, narrow_config());
    let said = succeed(args![
        "train", "--data", data, "--val", val, "--init", init, "--out", out, "--epochs", "1"
    ]);
    assert!(
        said.contains("6 pictures for training, 6 for validation, labels no, yes"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_cut_short_is_an_error() {
    let folder = scratch();
    let (data, weights) = (
        folder.path().join("signs.h5"),
        folder.path().join("weights"),
    );
    write_weights(&weights, narrow_config());
    write(&data, |file| {
        add_pictures(file, "train");
        add_labels(file, "train", &[0, 1, 2, 3, 4, 5], &[6]);
    });
    let whole = fs::read(&data).expect("the file is there");
    for length in [8, 40, 300, whole.len() / 2, whole.len() - 1] {
        fs::write(&data, &whole[..length]).expect("the file can be written");
        let refusal = refuse(args!["evaluate", "--weights", weights, "--data", data]);
        assert!(refusal.contains("signs.h5"), "{length}: {refusal}");
        assert!(refusal.contains("cut short"), "{length}: {refusal}");
    }
}

#[test]
fn another_file_is_an_error() {
    let folder = scratch();
    let (data, weights) = (
        folder.path().join("signs.h5"),
        folder.path().join("weights"),
    );
    write_weights(&weights, narrow_config());
    fs::write(&data, "Dear Signet,").expect("the letter can be written");
    let refusal = refuse(args!["evaluate", "--weights", weights, "--data", data]);
    assert!(
        refusal.contains("signs.h5 is neither a folder nor an HDF5 file"),
        "{refusal}"
    );
}

#[test]
fn a_missing_dataset_is_named() {
    let labels = [0, 1, 2, 3, 4, 5];
    let refused = refusal(|file| add_pictures(file, "train"));
    assert!(refused.contains("train_set_y"), "{refused}");
    assert!(refused.contains("it is not there"), "{refused}");

    let refused = refusal(|file| add_labels(file, "test", &labels, &[6]));
    assert!(refused.contains("only test_set_y"), "{refused}");
    assert!(refused.contains("train_set_x or test_set_x"), "{refused}");
}

#[test]
fn a_wrong_shape_or_type_is_named() {
    let labels = [0, 1, 2, 3, 4, 5];
    let refused = refusal(|file| {
        let dataset = file.create_dataset("train_set_x");
        dataset.with_u8_data(&pixels(0..6)).with_shape(&[6, 192]);
        add_labels(file, "train", &labels, &[6]);
    });
    assert!(refused.contains("train_set_x"), "{refused}");
    assert!(refused.contains("[6, 192]"), "{refused}");

    let refused = refusal(|file| {
        let dataset = file.create_dataset("train_set_x");
        dataset.with_f32_data(&[0.5; 1152]).with_shape(&SHAPE);
        add_labels(file, "train", &labels, &[6]);
    });
    assert!(refused.contains("f32 where uint8 is needed"), "{refused}");

    let refused = refusal(|file| {
        add_pictures(file, "train");
        add_labels(file, "train", &labels, &[2, 3]);
    });
    assert!(refused.contains("train_set_y"), "{refused}");
    assert!(refused.contains("[2, 3]"), "{refused}");

    let refused = refusal(|file| {
        add_pictures(file, "train");
        add_labels(file, "train", &labels[..5], &[5]);
    });
    assert!(
        refused.contains("6 pictures, but train_set_y has 5 labels"),
        "{refused}"
    );
}

#[test]
fn a_label_out_of_range_is_named() {
    let labels = [0, 1, 2, 7, 4, 5];
    let refused = refusal(|file| {
        add_pictures(file, "train");
        add_labels(file, "train", &labels, &[6]);
    });
    assert!(refused.contains("entry 3 is 7"), "{refused}");
    assert!(refused.contains("there are 0, 1, 2, 3, 4, 5"), "{refused}");

    // The file knows it, the weights don't.
    let refused = refusal(|file| {
        let classes = file.create_dataset("list_classes");
        classes.with_i64_data(&[0, 1, 2, 3, 4, 5, 6, 7]);
        add_pictures(file, "train");
        add_labels(file, "train", &labels, &[6]);
    });
    assert!(refused.contains("entry 3 is 7"), "{refused}");
    assert!(refused.contains("no known label"), "{refused}");
}
