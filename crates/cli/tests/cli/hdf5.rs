use crate::support::{Scratch, assert_says, json, stderr, stdout};
use hdf5_pure::{AttrValue, DatasetBuilder, EnumTypeBuilder, FileBuilder, make_i8_type};
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

/// Fills a dataset.
type Fill<'a> = &'a dyn Fn(&mut DatasetBuilder) -> &mut DatasetBuilder;

/// The dataset as MATLAB saves one: its axes are written the other way round.
fn of_matlab(dataset: &mut DatasetBuilder) -> &mut DatasetBuilder {
    dataset.set_attr("MATLAB_class", AttrValue::AsciiString("uint8".into()))
}

/// A dataset of a file.
enum Part<'a> {
    /// Numbers that are labels.
    Classes(&'a [i64]),
    /// Names that are labels.
    Names(&'a [&'a str]),
    /// The first six pictures, in a set and of a shape.
    Pictures(&'a str, &'a [u64]),
    /// Labels, in a set and of a shape.
    Labels(&'a str, &'a [i64], &'a [u64]),
    /// A dataset of any name and content.
    Other(&'a str, Fill<'a>),
}
use Part::{Classes, Labels, Names, Other, Pictures};

/// Writes a file of these parts.
fn write(folder: &Scratch, name: &str, parts: &[Part]) {
    let mut file = FileBuilder::new();
    for part in parts {
        let set = match part {
            Classes(_) | Names(_) => "list_classes".to_owned(),
            Pictures(set, _) => format!("{set}_set_x"),
            Labels(set, ..) => format!("{set}_set_y"),
            Other(name, _) => (*name).to_owned(),
        };
        let dataset = file.create_dataset(&set);
        match part {
            Classes(numbers) => dataset.with_i64_data(numbers),
            Names(names) => dataset.with_ascii_strings(names).expect("they are ASCII"),
            Pictures(_, shape) => dataset.with_u8_data(&pixels(0..6)).with_shape(shape),
            Labels(_, labels, shape) => dataset.with_i64_data(labels).with_shape(shape),
            Other(_, fill) => fill(dataset),
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

    // A file of h5py holds both sets, and a model is measured on what it did not learn from.
    let course = include_bytes!("../../../../tests/fixtures/course.h5");
    folder.write("course.h5", course);
    let output = folder.run("evaluate --weights weights --json --data course.h5");
    assert_eq!(json(&stdout(&output)), evaluate(&folder, "test"));
    let said = "of course.h5, test_set_x is evaluated, and train_set_x left alone";
    assert_says(&stderr(&output), &[said]);
    // What is trained on and what is scored are told apart in the same way.
    let output =
        folder.run("train --data course.h5 --val course.h5 --out run --epochs 1 --init weights");
    let said = ["train_set_x is learned from", "test_set_x is scored"];
    assert_says(&stderr(&output), &said);
    let count = "6 pictures for training, 6 for validation";
    assert_says(&stdout(&output), &[count]);
}

/// Files that say the same in other words, types, orders and places are read alike.
#[test]
fn what_has_one_meaning_is_read() {
    let folder = Scratch::new();
    let evaluated = |parts: &[Part]| {
        write(&folder, "signs.h5", parts);
        evaluate(&folder, "signs.h5")
    };
    let whole = || Pictures("train", &SHAPE);
    let digits = || Labels("train", &LABELS, &[6]);
    let expected = evaluated(&[whole(), digits()]);
    let bytes = pixels(0..6);
    let shares: Vec<f32> = bytes.iter().map(|v| f32::from(*v) / 255.0).collect();
    let floats: Vec<f64> = bytes.iter().map(|v| f64::from(*v)).collect();
    let integers: Vec<i64> = bytes.iter().map(|v| i64::from(*v)).collect();
    let first = (0..1152).map(|at| bytes[at / 192 * 192 + at % 64 * 3 + at % 192 / 64]);
    let first: Vec<u8> = first.collect();
    // MATLAB writes the last axis first: of [height, width, colors, n] the pictures, of [n, height, width,
    // colors] the colors.
    let values = |axes: [usize; 4], at: fn([usize; 4]) -> [usize; 4]| {
        let [a, b, c, d] = axes;
        let place = |i: usize| [i / (b * c * d) % a, i / (c * d) % b, i / d % c, i % d];
        let value = |[n, y, x, color]: [usize; 4]| bytes[((n * 8 + y) * 8 + x) * 3 + color];
        let values = (0..1152).map(|i| value(at(place(i))));
        values.collect::<Vec<u8>>()
    };
    let last = values([6, 3, 8, 8], |[n, color, x, y]| [n, y, x, color]);
    let last_first = values([3, 8, 8, 6], |[color, x, y, n]| [n, y, x, color]);
    let rgba: Vec<u8> = bytes
        .chunks(3)
        .flat_map(|p| [p[0], p[1], p[2], 255])
        .collect();
    let cases: [(&str, Fill); 7] = [
        ("0 to 1", &|x| x.with_f32_data(&shares).with_shape(&SHAPE)),
        ("0 to 255", &|x| x.with_f64_data(&floats).with_shape(&SHAPE)),
        ("int64", &|x| x.with_i64_data(&integers).with_shape(&SHAPE)),
        ("channels first", &|x| {
            x.with_u8_data(&first).with_shape(&[6, 3, 8, 8])
        }),
        ("RGBA", &|x| x.with_u8_data(&rgba).with_shape(&[6, 8, 8, 4])),
        ("MATLAB's, pictures last", &|x| {
            of_matlab(x.with_u8_data(&last).with_shape(&[6, 3, 8, 8]))
        }),
        ("MATLAB's, pictures first", &|x| {
            of_matlab(x.with_u8_data(&last_first).with_shape(&[3, 8, 8, 6]))
        }),
    ];
    for (name, fill) in cases {
        assert_eq!(
            evaluated(&[Other("train_set_x", fill), digits()]),
            expected,
            "{name}"
        );
    }

    let twos = [0, 0, 1, 1, 2, 2];
    let (mut rows, mut columns) = ([0.0; 18], [0; 18]);
    for (at, label) in twos.iter().enumerate() {
        (rows[at * 3 + label], columns[label * 6 + at]) = (1.0, 1);
    }
    let booleans = EnumTypeBuilder::with_base(make_i8_type());
    let booleans = booleans.value("FALSE", 0).value("TRUE", 1).build();
    let booleans = booleans.expect("h5py's type");
    let cases: [(&str, [i64; 6], Fill); 8] = [
        ("floats", LABELS, &|y| {
            y.with_f64_data(&LABELS.map(|n| n as f64))
                .with_shape(&[1, 6])
        }),
        ("one-hot rows", twos.map(|n| n as i64), &|y| {
            y.with_f64_data(&rows).with_shape(&[6, 3])
        }),
        ("one-hot columns", twos.map(|n| n as i64), &|y| {
            y.with_u8_data(&columns).with_shape(&[3, 6])
        }),
        ("MATLAB's column", LABELS, &|y| {
            of_matlab(
                y.with_f64_data(&LABELS.map(|n| n as f64))
                    .with_shape(&[1, 6]),
            )
        }),
        ("MATLAB's one-hot rows", twos.map(|n| n as i64), &|y| {
            of_matlab(y.with_u8_data(&columns).with_shape(&[3, 6]))
        }),
        ("MATLAB's one-hot columns", twos.map(|n| n as i64), &|y| {
            of_matlab(y.with_f64_data(&rows).with_shape(&[6, 3]))
        }),
        ("booleans", [0, 1, 1, 0, 1, 0], &|y| {
            y.with_enum_u8_data(booleans.clone(), &[0, 1, 1, 0, 1, 0])
        }),
        ("names", LABELS, &|y| {
            y.with_vlen_strings(&["0", "1", "2", "3", "4", "5"])
        }),
    ];
    for (name, labels, fill) in cases {
        let expected = evaluated(&[whole(), Labels("train", &labels, &[6])]);
        assert_eq!(
            evaluated(&[whole(), Other("train_set_y", fill)]),
            expected,
            "{name}"
        );
    }

    let x: Fill = &|x| x.with_u8_data(&bytes).with_shape(&SHAPE);
    let y: Fill = &|y| y.with_i64_data(&LABELS);
    for (pictures, labels) in [
        ("X_train", "Y_train"),
        ("testX", "testY"),
        ("images", "labels"),
    ] {
        let parts = [Other(pictures, x), Other(labels, y)];
        assert_eq!(evaluated(&parts), expected, "{pictures}");
    }
    // MATLAB puts a block of its own before the file.
    let mut file = FileBuilder::new();
    file.with_userblock(512);
    let mut group = file.create_group("data");
    x(group.create_dataset("train_set_x"));
    y(group.create_dataset("train_set_y"));
    file.add_group(group.finish());
    file.write(folder.path("signs.h5")).expect("there is room");
    assert_eq!(evaluate(&folder, "signs.h5"), expected);
}

/// The course's notebooks flatten their pictures, one in a row or in a column; others are gray.
#[test]
fn flattened_and_gray_pictures_are_read() {
    let folder = Scratch::new();
    let shade = |n: usize, at: usize| ((n * 40 + at / 50) % 256) as u8;
    let rows: Vec<u8> = (0..2 * 12_288)
        .map(|at| shade(at / 12_288, at % 12_288))
        .collect();
    let columns: Vec<u8> = (0..2 * 12_288)
        .map(|at| rows[at % 2 * 12_288 + at / 2])
        .collect();
    let gray: Vec<u8> = (0..2 * 4096).map(|at| rows[at * 3]).collect();
    let colored: Vec<u8> = gray.iter().flat_map(|v| [*v; 3]).collect();
    let evaluated = |bytes: &[u8], shape: &[u64]| {
        let x: Fill = &|x| x.with_u8_data(bytes).with_shape(shape);
        let labels = Labels("train", &[2, 4], &[2]);
        write(&folder, "signs.h5", &[Other("train_set_x", x), labels]);
        evaluate(&folder, "signs.h5")
    };
    let expected = evaluated(&rows, &[2, 64, 64, 3]);
    assert_eq!(evaluated(&rows, &[2, 12_288]), expected);
    assert_eq!(evaluated(&columns, &[12_288, 2]), expected);
    let expected = evaluated(&colored, &[2, 64, 64, 3]);
    for shape in [&[2, 64, 64][..], &[2, 64, 64, 1], &[2, 1, 64, 64]] {
        assert_eq!(evaluated(&gray, shape), expected, "{shape:?}");
    }
    // MATLAB's [64, 64, 2] and [2, 64, 64].
    let sideways = |at: usize| at / 4096 * 4096 + at % 64 * 64 + at / 64 % 64;
    let last: Vec<u8> = (0..8192).map(|at| gray[sideways(at)]).collect();
    let first: Vec<u8> = (0..8192).map(|at| last[at % 2 * 4096 + at / 2]).collect();
    for (bytes, shape) in [(&last, [2, 64, 64]), (&first, [64, 64, 2])] {
        let x: Fill = &|x| of_matlab(x.with_u8_data(bytes).with_shape(&shape));
        let labels = Labels("train", &[2, 4], &[2]);
        write(&folder, "signs.h5", &[Other("train_set_x", x), labels]);
        assert_eq!(evaluate(&folder, "signs.h5"), expected, "{shape:?}");
    }
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
    let numbers = |least: f32, most: f32| {
        let range = (0..1152).map(|at| if at % 2 == 0 { least } else { most });
        range.collect::<Vec<f32>>()
    };
    let (standardized, wide) = (numbers(-1.5, 2.0), numbers(0.0, 4095.0));
    let square = [0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0];
    let cases: [(&[Part], [&str; 2]); 17] = [
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
            &[
                Other("train_set_x", &|x| {
                    x.with_f32_data(&standardized).with_shape(&SHAPE)
                }),
                good(),
            ],
            ["train_set_x", "from -1.5 to 2, and nobody knows"],
        ),
        (
            &[
                Other("train_set_x", &|x| {
                    x.with_f32_data(&wide).with_shape(&SHAPE)
                }),
                good(),
            ],
            ["train_set_x", "from 0 to 4095"],
        ),
        (
            &[
                Other("train_set_x", &|x| {
                    x.with_i64_data(&[1; 1152]).with_shape(&SHAPE)
                }),
                good(),
            ],
            ["train_set_x", "white may be 1 or 255"],
        ),
        (
            &[Pictures("train", &[6, 4, 16, 3]), good()],
            ["train_set_x", "their colors, first or last"],
        ),
        (
            &[
                Other("train_set_x", &|x| {
                    of_matlab(x.with_u8_data(&[9; 12_288]).with_shape(&[12_288, 1]))
                }),
                labelled(&[2], &[1]),
            ],
            ["train_set_x", "MATLAB flattens pictures by columns"],
        ),
        (
            &[
                whole(),
                Other("train_set_y", &|y| {
                    y.with_f64_data(&[0.0, 1.0, 2.5, 3.0, 4.0, 5.0])
                }),
            ],
            ["train_set_y", "entry 2 is 2.5"],
        ),
        (
            &[
                whole(),
                Other("train_set_y", &|y| {
                    y.with_f64_data(&[0.5; 12]).with_shape(&[6, 2])
                }),
            ],
            ["train_set_y", "whole numbers"],
        ),
        (
            &[
                whole(),
                labelled(&[1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], &[6, 2]),
            ],
            ["train_set_y", "it is not one-hot"],
        ),
        (
            &[
                Other("train_set_x", &|x| {
                    x.with_u8_data(&[9; 576]).with_shape(&[3, 8, 8, 3])
                }),
                Other("train_set_y", &|y| {
                    y.with_f64_data(&square).with_shape(&[3, 3])
                }),
            ],
            ["train_set_y", "one-hot by rows and by columns"],
        ),
        (
            &[whole(), good(), Other("X_train", &|x| x.with_u8_data(&[9]))],
            ["train_set_x", "either may be meant"],
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
