use crate::support::{Scratch, assert_says, json};
use hdf5_pure::FileBuilder;
use image::RgbImage;
use std::ops::Range;

const INPUT_SIDE: u32 = 8;
const SHAPE: [u64; 4] = [6, INPUT_SIDE as u64, INPUT_SIDE as u64, 3];
const LABELS: [i64; 6] = [0, 1, 2, 3, 4, 5];

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
fn draw(folder: &Scratch, name: &str, pictures: Range<u32>) {
    for (label, n) in pictures.enumerate() {
        let picture = RgbImage::from_raw(INPUT_SIDE, INPUT_SIDE, pixels(n..n + 1));
        let path = folder.new_file(&format!("{name}/{label}/picture.png"));
        let saved = picture.expect("there are enough pixels").save(path);
        saved.expect("there is room");
    }
}

/// A dataset of a file.
enum Part<'a> {
    /// Numbers that are labels.
    Classes(&'a [i64]),
    /// Names that are labels.
    Names(&'a [&'a str]),
    /// The first six pictures, in a set and of a shape.
    Pictures(&'a str, &'a [u64]),
    /// Pictures as floats.
    Floats,
    /// Labels, in a set and of a shape.
    Labels(&'a str, &'a [i64], &'a [u64]),
}
use Part::{Classes, Floats, Labels, Names, Pictures};

/// Writes a file of these parts.
fn write(folder: &Scratch, name: &str, parts: &[Part]) {
    let mut file = FileBuilder::new();
    for part in parts {
        let set = match part {
            Classes(_) | Names(_) => "list_classes".to_owned(),
            Pictures(set, _) => format!("{set}_set_x"),
            Floats => "train_set_x".to_owned(),
            Labels(set, ..) => format!("{set}_set_y"),
        };
        let dataset = file.create_dataset(&set);
        match part {
            Classes(numbers) => dataset.with_i64_data(numbers),
            Names(names) => dataset.with_ascii_strings(names).expect("they are ASCII"),
            Pictures(_, shape) => dataset.with_u8_data(&pixels(0..6)).with_shape(shape),
            Floats => dataset.with_f32_data(&[0.5; 1152]).with_shape(&SHAPE),
            Labels(_, labels, shape) => dataset.with_i64_data(labels).with_shape(shape),
        };
    }
    file.write(folder.path(name)).expect("there is room");
}

/// What `evaluate` says of the data.
fn evaluate(folder: &Scratch, data: &str) -> serde_json::Value {
    json(&folder.succeed(&format!("evaluate --weights weights --json --data {data}")))
}

/// `evaluate` refuses the file signs.h5 by its name, and says this.
fn refuse(folder: &Scratch, said: &[&str]) {
    let said = [said, &["signs.h5"]].concat();
    folder.refuse("evaluate --weights weights --data signs.h5", &said);
}

#[test]
fn a_file_is_evaluated_like_its_pictures_in_a_folder() {
    let folder = Scratch::new();
    draw(&folder, "train", 0..6);
    draw(&folder, "test", 6..12);
    let expected = evaluate(&folder, "train");
    assert_eq!(expected["images"], 6);

    // The name says nothing; labels come as a list, a row or a column.
    for (name, shape) in [
        ("list.h5", &[6][..]),
        ("row", &[1, 6]),
        ("column.png", &[6, 1]),
    ] {
        let labels = Labels("test", &LABELS, shape);
        let parts = [Classes(&LABELS), Pictures("test", &SHAPE), labels];
        write(&folder, name, &parts);
        assert_eq!(evaluate(&folder, name), expected, "{name}");
    }

    // A file of h5py holds both sets.
    let course = include_bytes!("../../../../tests/fixtures/course.h5");
    folder.write("course.h5", course);
    let expected = evaluate(&folder, "train test");
    assert_eq!(expected["images"], 12);
    assert_eq!(evaluate(&folder, "course.h5"), expected);
}

#[test]
fn training_takes_files_and_their_classes() {
    let folder = Scratch::new();
    for (name, set) in [("train.h5", "train"), ("val.h5", "test")] {
        let labels = Labels(set, &[0, 1, 0, 1, 0, 1], &[6]);
        let parts = [Names(&["no", "yes"]), Pictures(set, &SHAPE), labels];
        write(&folder, name, &parts);
    }
    let said =
        folder.succeed("train --data train.h5 --val val.h5 --init weights --out run --epochs 1");
    let expected = "6 pictures for training, 6 for validation, labels no, yes";
    assert_says(&said, &[expected]);
}

#[test]
fn a_file_that_is_cut_short_or_of_another_kind_is_an_error() {
    let folder = Scratch::new();
    let labels = Labels("train", &LABELS, &[6]);
    write(&folder, "signs.h5", &[Pictures("train", &SHAPE), labels]);
    let whole = folder.read("signs.h5");
    for length in [8, 40, 300, whole.len() / 2, whole.len() - 1] {
        folder.write("signs.h5", &whole[..length]);
        refuse(&folder, &["cut short"]);
    }
    folder.write("signs.h5", "Dear Signet,");
    refuse(&folder, &["signs.h5 is neither a folder nor an HDF5 file"]);
}

#[test]
fn what_is_wrong_with_a_dataset_is_named() {
    let folder = Scratch::new();
    let whole = || Pictures("train", &SHAPE);
    let labelled = |labels, shape| Labels("train", labels, shape);
    let good = || labelled(&LABELS, &[6]);
    let seven = || labelled(&[0, 1, 2, 7, 4, 5], &[6]);
    let classes = Classes(&[0, 1, 2, 3, 4, 5, 6, 7]);
    let cases: [(&[Part], [&str; 2]); 8] = [
        (&[whole()], ["train_set_y", "it is not there"]),
        (
            &[Labels("test", &LABELS, &[6])],
            ["only test_set_y", "train_set_x or test_set_x"],
        ),
        (
            &[Pictures("train", &[6, 192]), good()],
            ["train_set_x", "[6, 192]"],
        ),
        (
            &[Floats, good()],
            ["train_set_x", "f32 where uint8 is needed"],
        ),
        (
            &[whole(), labelled(&LABELS, &[2, 3])],
            ["train_set_y", "[2, 3]"],
        ),
        (
            &[whole(), labelled(&LABELS[..5], &[5])],
            ["train_set_x", "6 pictures, but train_set_y has 5 labels"],
        ),
        (
            &[whole(), seven()],
            ["entry 3 is 7", "there are 0, 1, 2, 3, 4, 5"],
        ),
        // The file knows it, the weights don't.
        (
            &[classes, whole(), seven()],
            ["entry 3 is 7", "no known label"],
        ),
    ];
    for (parts, said) in cases {
        write(&folder, "signs.h5", parts);
        refuse(&folder, &said);
    }
}
