//! A look inside against burn's modules, and against definitions in float64.

mod support;

use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use pollster::block_on;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_core::{ResNet, batch};
use signet_recognizer::inspect::{
    CELL, Cut, HeatMap, Inspector, Part, STEPS, STRIDE, Target, WINDOW, WINDOWS, random_branches,
    randomized_stage, read_sprite, single_cuts,
};
use signet_recognizer::{
    Arithmetic, Classifier, InputImage, Picture, Precision, Weights, labels, softmax,
};
use std::iter::zip;
use support::narrowed;

/// Folded weights with a detector, of floats and of int8, with the share of the largest logit by which
/// burn's answers differ.
fn kinds() -> [(Weights, f32); 2] {
    let config = narrowed(8).with_detector(true);
    let drawn = Weights::initial(config, labels::digits(), 3).unwrap();
    let folded = drawn.fold();
    let integers = folded.to_bytes(Precision::Int8).unwrap();
    [
        (folded, 1e-5),
        (Weights::from_bytes(&integers).unwrap(), 1e-3),
    ]
}

fn inputs(count: usize) -> Vec<InputImage> {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let blobs = (0..count).map(|_| {
        let [x, y, r] = [0; 3].map(|_| rng.random_range(8..56_usize));
        InputImage::from_fn(64, |column, row| {
            let inside = column.abs_diff(x) + row.abs_diff(y) < r;
            [
                if inside { 220 } else { 40 },
                (column * 4) as u8,
                (row * 3) as u8,
            ]
        })
    });
    blobs.collect()
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec_as().unwrap()
}

/// Burn's modules without the cut parts: the last stage's map, and each input's logits and presence.
fn forward(burn: &ResNet, inputs: &[InputImage], cuts: &[Cut]) -> (Tensor<4>, Vec<Vec<f32>>) {
    let input = batch(inputs, &Device::flex());
    let mut x = burn.forward_until(1, input);
    let mut layers = burn.layers().skip(1);
    let mut next = || layers.next().unwrap();
    for block in burn.config().blocks().iter().flatten() {
        let main = [next(), next(), next()];
        let skip = match block.shortcut {
            Some(_) => next().forward(x.clone()),
            None => x.clone(),
        };
        let [a, b, c] = main;
        let branch = c.forward(relu(b.forward(relu(a.forward(x)))));
        let is_left = |part| {
            let block = block.name.clone();
            !cuts.contains(&Cut { block, part })
        };
        let zeros = skip.zeros_like();
        let branch = if is_left(Part::Branch) {
            branch
        } else {
            zeros.clone()
        };
        x = relu(branch + if is_left(Part::Skip) { skip } else { zeros });
    }
    let rows = floats(burn.answer_from(5, x.clone()));
    (x, rows.chunks(10).map(|row| row[..7].to_vec()).collect())
}

fn close(found: f32, expected: f32, most: f32, what: impl std::fmt::Debug) {
    assert!(
        (found - expected).abs() <= most,
        "{what:?}: {found}, not {expected}"
    );
}

#[test]
fn lesions_are_burns_modules_with_the_same_parts_left_out() {
    let inputs = inputs(9);
    for (weights, tolerance) in kinds() {
        let burn = ResNet::load(weights.clone(), 0.0, &Device::flex());
        let inspector = Inspector::on_cpu(&weights, Arithmetic::Fastest);
        let singles = single_cuts(inspector.places());
        assert_eq!(singles.len(), 32);
        let mut all: Vec<Vec<Cut>> = singles.iter().map(|cut| vec![cut.clone()]).collect();
        all.extend([2, 6, 40].map(|count| random_branches(inspector.places(), count, 5)));
        assert_eq!(all[33].len(), 6);
        assert_eq!(all[34].len(), 12, "all identity blocks");
        all.push(singles[10..12].to_vec());
        for cuts in all {
            let (map, rows) = forward(&burn, &inputs, &cuts);
            let answers = block_on(inspector.answers(&inputs, &cuts)).unwrap();
            let largest = rows
                .iter()
                .flatten()
                .fold(1e-3_f32, |most, v| most.max(v.abs()));
            for (answer, row) in zip(&answers, &rows) {
                for (found, expected) in zip(&answer.logits, row) {
                    close(*found, *expected, tolerance * largest, &cuts);
                }
                let presence = 1.0 / (1.0 + (-row[6]).exp());
                close(
                    answer.presence.unwrap(),
                    presence,
                    tolerance * largest.max(1.0),
                    &cuts,
                );
            }
            let [_, channels, ..] = map.dims();
            let found = block_on(inspector.maps(&inputs[8], &cuts, &["5c"]))
                .unwrap()
                .remove(0);
            assert_eq!(found.size, [channels, 2, 2]);
            let expected = floats(map.narrow(0, 8, 1));
            let largest = expected.iter().fold(1e-3_f32, |most, v| most.max(v.abs()));
            for (found, expected) in zip(found.values, expected) {
                close(found, expected, tolerance * largest, &cuts);
            }
        }
    }
}

#[test]
fn maps_are_burns_at_every_place() {
    let input = inputs(1);
    let (weights, tolerance) = &kinds()[0];
    let burn = ResNet::load(weights.clone(), 0.0, &Device::flex());
    let inspector = Inspector::on_cpu(weights, Arithmetic::Fastest);
    let names = ["stem", "2c", "3d", "4f", "5c", "features"];
    let maps = block_on(inspector.maps(&input[0], &[], &names)).unwrap();
    for (parts, (name, maps)) in zip(1.., zip(names, maps)) {
        let expected = burn.forward_until(parts, batch(&input, &Device::flex()));
        assert_eq!(maps.size[..], expected.dims()[1..], "{name}");
        let place = inspector.places().iter().find(|place| place.name == name);
        assert_eq!(place.unwrap().size, maps.size);
        let expected = floats(expected);
        let largest = expected.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        for (found, expected) in zip(&maps.values, expected) {
            close(*found, expected, tolerance * largest, name);
        }
    }
    // A filter's weights for the place at row 1, column 2: red, green, blue.
    let kernel = weights.tensors()["conv1.kernel"].floats();
    let filter = &inspector.filters()[3 * 147..][..147];
    for channel in 0..3 {
        assert_eq!(filter[9 * 3 + channel], kernel[(3 * 3 + channel) * 49 + 9]);
    }
    let parts = [
        "conv1",
        "res3a_branch2a",
        "res3a_branch1",
        "res3a_branch2c",
        "3a",
    ];
    let maps = block_on(inspector.maps(&input[0], &[], &parts)).unwrap();
    assert_eq!(maps[0].size, [8, 32, 32]);
    assert_eq!(maps[1].size, [16, 8, 8]);
    assert!(
        maps[2].values.iter().any(|value| *value < 0.0),
        "no ReLU on a shortcut"
    );
    assert_eq!(maps[3], maps[4]);
}

#[test]
fn without_cuts_answers_and_features_are_the_classifiers_to_the_bit() {
    let inputs = inputs(11);
    for (weights, _) in kinds() {
        let classifier = Classifier::on_cpu(&weights, Arithmetic::Fastest);
        let expected = block_on(classifier.classify(&inputs)).unwrap();
        let logits = block_on(classifier.logits(&inputs)).unwrap();
        let inspector = Inspector::on_cpu(&weights, Arithmetic::Fastest);
        let answers = block_on(inspector.answers(&inputs, &[])).unwrap();
        for (found, (expected, logits)) in zip(answers, zip(expected, logits)) {
            assert_eq!(found.logits, logits);
            assert_eq!(
                (found.label, found.probabilities),
                (expected.label, expected.probabilities)
            );
            assert_eq!(found.presence, expected.presence);
            let mut sorted = logits;
            sorted.sort_by(f32::total_cmp);
            assert_eq!(found.margin, sorted[5] - sorted[4]);
        }
    }
}

/// The input, mirrored or not, moved to the left and up, with its border repeated.
fn moved(input: &InputImage, [left, up]: [i32; 2], mirrored: bool) -> InputImage {
    InputImage::from_fn(64, |x, y| {
        let [x, y] = [x as i32 + left, y as i32 + up].map(|at| at.clamp(0, 63) as usize);
        input.pixel(if mirrored { 63 - x } else { x }, y)
    })
}

#[test]
fn class_maps_are_their_definition_in_float64() {
    let input = inputs(2).remove(1);
    for (weights, tolerance) in kinds() {
        let burn = ResNet::load(weights.clone(), 0.0, &Device::flex());
        let inspector = Inspector::on_cpu(&weights, Arithmetic::Fastest);
        let cut = [Cut {
            block: "4b".into(),
            part: Part::Skip,
        }];
        for (target, cuts) in [
            (Target::Class(4), &[][..]),
            (Target::Presence, &[]),
            (Target::Class(0), &cut),
        ] {
            let (layer, row) = match target {
                Target::Class(class) => ("fc", class),
                Target::Presence => ("sign", 0),
            };
            let [kernel, bias] = ["kernel", "bias"]
                .map(|leaf| weights.tensors()[&format!("{layer}.{leaf}")].floats());
            let kernel = &kernel[row * 256..][..256];
            for shifts in [1, 2, 4] {
                let found = block_on(inspector.evidence(&input, cuts, target, shifts)).unwrap();
                assert_eq!(
                    (found.side, found.cells.len()),
                    (2 * shifts, 4 * shifts * shifts)
                );
                assert_eq!(found.bias, bias[row]);
                let share = (shifts * shifts) as f64;
                let sum: f64 = found.cells.iter().map(|cell| f64::from(*cell)).sum();
                assert!((sum + f64::from(found.bias) - f64::from(found.logit)).abs() < 1e-4);
                let largest = found
                    .cells
                    .iter()
                    .fold(1e-3_f32, |most, v| most.max(v.abs()));
                for (at, cell) in found.cells.iter().enumerate() {
                    let [x, y] = [at % found.side, at / found.side];
                    let read = |x: usize, mirrored: bool| {
                        let by = match shifts {
                            1 => [0, 0],
                            2 => [[-4, 12][x % 2], [0, 16][y % 2]],
                            _ => [[-8, 0, 8, 16][x % 4], [-4, 4, 12, 20][y % 4]],
                        };
                        let (map, _) = forward(&burn, &[moved(&input, by, mirrored)], cuts);
                        let map = floats(map);
                        let place = y / shifts * 2 + x / shifts;
                        let products = zip(kernel, map.chunks(4)).map(|(weight, channel)| {
                            f64::from(*weight) * f64::from(channel[place]) / 4.0
                        });
                        products.sum::<f64>() / share
                    };
                    let expected = match shifts {
                        1 => read(x, false),
                        _ => (read(x, false) + read(found.side - 1 - x, true)) / 2.0,
                    };
                    let expected = expected as f32;
                    close(
                        *cell,
                        expected,
                        tolerance * 4.0 * largest,
                        (target, shifts, at),
                    );
                }
            }
        }
    }
}

#[test]
fn occlusion_is_what_hiding_four_cells_changes() {
    let input = inputs(3).remove(2);
    let (weights, tolerance) = &kinds()[0];
    let burn = ResNet::load(weights.clone(), 0.0, &Device::flex());
    let inspector = Inspector::on_cpu(weights, Arithmetic::Fastest);
    assert_eq!((WINDOW, STRIDE, WINDOWS), (2 * CELL, CELL, 7));
    let all = block_on(inspector.occlusion(&input, &[], Target::Class(2), 0, 49)).unwrap();
    let (_, whole) = forward(&burn, std::slice::from_ref(&input), &[]);
    let hide = |window: usize| {
        let first = window / 7 * 8 + window % 7;
        Inspector::hide_cells(&input, &[first, first + 1, first + 8, first + 9], 4).unwrap()
    };
    let (_, rows) = forward(&burn, &(0..49).map(hide).collect::<Vec<_>>(), &[]);
    for (window, row) in rows.iter().enumerate() {
        close(all[window], whole[0][2] - row[2], tolerance * 10.0, window);
    }
    let part = block_on(inspector.occlusion(&input, &[], Target::Class(2), 30, 5)).unwrap();
    assert_eq!(part, all[30..35]);
    let map = block_on(inspector.occlusion_map(&input, &[], Target::Class(2))).unwrap();
    assert_eq!(map.cells[0], all[0] / 4.0);
    close(
        map.cells[9],
        (all[0] + all[1] + all[7] + all[8]) / 4.0,
        1e-6,
        "four windows",
    );
    assert_eq!(map.cells[63], all[48] / 4.0);
}

#[test]
fn deletion_hides_and_insertion_shows_the_highest_cells_first() {
    let input = inputs(1).remove(0);
    let (weights, _) = &kinds()[0];
    let inspector = Inspector::on_cpu(weights, Arithmetic::Fastest);
    let map = HeatMap::edges(&input);
    let order = map.order();
    let reversed: Vec<usize> = order.iter().rev().copied().collect();
    let curve = |order: &[usize], hidden: &dyn Fn(usize) -> usize, inspector: &Inspector| {
        let points = (0..=STEPS).map(|step| {
            let shown = Inspector::hide_cells(&input, order, hidden(step) * 8).unwrap();
            let answer = block_on(inspector.answers(&[shown], &[]))
                .unwrap()
                .remove(0);
            f64::from(softmax(&answer.logits)[3])
        });
        let points: Vec<f64> = points.collect();
        let inner: f64 = points[1..STEPS].iter().sum();
        (inner + (points[0] + points[STEPS]) / 2.0) / STEPS as f64
    };
    let deletion = curve(&order, &|step| step, &inspector);
    let insertion = curve(&reversed, &|step| STEPS - step, &inspector);
    assert!((block_on(inspector.deletion(&input, &map, 3)).unwrap() - deletion).abs() < 1e-9);
    assert!((block_on(inspector.insertion(&input, &map, 3)).unwrap() - insertion).abs() < 1e-9);
    assert!((deletion - insertion).abs() > 1e-6, "they differ");
}

#[test]
fn only_the_stage_that_is_asked_for_becomes_random() {
    for (weights, _) in kinds() {
        let random = randomized_stage(weights.clone(), 5, 1);
        assert_eq!(random, randomized_stage(weights.clone(), 5, 1));
        for (name, tensor) in random.tensors() {
            let before = &weights.tensors()[name];
            // Biases of a network that learned nothing are zeros, whose deviation is none.
            let changes = name.starts_with("res5") && name.ends_with("kernel");
            assert_eq!(tensor != before, changes, "{name}");
            let deviation = |values: &[f32]| {
                (values.iter().map(|v| v * v).sum::<f32>() / values.len() as f32).sqrt()
            };
            let [found, expected] = [tensor, before].map(|tensor| deviation(&tensor.floats()));
            close(found, expected, expected * 0.1, name);
        }
    }
}

#[test]
fn scores_count_and_measure_margins() {
    let inputs = inputs(4);
    let (weights, _) = &kinds()[0];
    let inspector = Inspector::on_cpu(weights, Arithmetic::Fastest);
    let answers = block_on(inspector.answers(&inputs, &[])).unwrap();
    let classes: Vec<usize> = answers
        .iter()
        .map(|answer| answer.label.parse().unwrap())
        .collect();
    let mut truths = classes.clone();
    truths[2] = (truths[2] + 1) % 6;
    let scores = block_on(inspector.score(&inputs, &truths, &[])).unwrap();
    assert_eq!((scores.right, scores.answers), (3, classes));
    assert_eq!(scores.margins[0], answers[0].margin);
    assert!(scores.margins[2] < 0.0);
}

#[test]
fn what_is_not_there_is_refused() {
    let (weights, _) = &kinds()[0];
    let with = Inspector::on_cpu(weights, Arithmetic::Fastest);
    let plain = Weights::initial(narrowed(16), labels::digits(), 3).unwrap();
    let without = Inspector::on_cpu(&plain, Arithmetic::Fastest);
    let input = inputs(1).remove(0);
    let block = [Cut {
        block: "2d".into(),
        part: Part::Skip,
    }];
    let one = std::slice::from_ref(&input);
    let sprite = |width: usize, height: usize| {
        Picture::from_rgb(&vec![0; width * height * 3], width as u32, height as u32)
    };
    let refused = |said: &str, refused: Option<signet_recognizer::Error>| {
        let error = refused.unwrap_or_else(|| panic!("{said} is not refused"));
        assert_eq!(error.code(), "setting");
        assert!(error.to_string().contains(said), "{error}");
    };
    refused("no block `2d`", block_on(with.answers(one, &block)).err());
    refused(
        "no place `9`",
        block_on(with.maps(&input, &[], &["stem", "9"])).err(),
    );
    refused(
        "no class 6",
        block_on(with.evidence(&input, &[], Target::Class(6), 1)).err(),
    );
    refused(
        "no detector",
        block_on(without.evidence(&input, &[], Target::Presence, 1)).err(),
    );
    refused(
        "3 is not",
        block_on(with.evidence(&input, &[], Target::Class(0), 3)).err(),
    );
    refused(
        "50 were",
        block_on(with.occlusion(&input, &[], Target::Class(0), 40, 10)).err(),
    );
    refused(
        "from 0 to 63",
        Inspector::hide_cells(&input, &[3, 64], 2).err(),
    );
    refused("from 0 to 63", Inspector::hide_cells(&input, &[3], 2).err());
    refused("from 0 to 5", block_on(with.score(one, &[6], &[])).err());
    refused("from 0 to 5", block_on(with.score(one, &[], &[])).err());
    refused(
        "no class 7",
        block_on(with.deletion(&input, &HeatMap::center(), 7)).err(),
    );
    refused("130 x 64", read_sprite(&sprite(130, 64).unwrap()).err());
    let (tiles, names) = read_sprite(&sprite(192, 128).unwrap()).unwrap();
    assert_eq!((tiles.len(), names.join("")), (6, "000111".into()));
}
