//! HDF5 files that are refused, by name and in words.

use super::*;

/// `evaluate` refuses the file signs.h5 by its name, and says this.
fn refuse(folder: &Scratch, said: &[&str]) {
    let said = [said, &["signs.h5"]].concat();
    folder.refuse("evaluate --weights weights --data signs.h5", &said);
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
