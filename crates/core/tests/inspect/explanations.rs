//! What speaks for an answer, by definitions in float64, and the tests of such maps.

use crate::{close, floats, forward, inputs, kinds};
use burn::tensor::Device;
use pollster::block_on;
use signet_core::ResNet;
use signet_recognizer::inspect::{
    CELL, Cut, HeatMap, Inspector, Part, STEPS, STRIDE, Target, WINDOW, WINDOWS, randomized_stage,
};
use signet_recognizer::{Arithmetic, InputImage, softmax};
use std::iter::zip;

/// The input, mirrored or not, moved to the left and up, with its border repeated.
fn moved(input: &InputImage, [left, up]: [i32; 2], mirrored: bool) -> InputImage {
    InputImage::from_fn(64, |x, y| {
        let [x, y] = [x as i32 + left, y as i32 + up].map(|at| at.clamp(0, 63) as usize);
        input.pixel(if mirrored { 63 - x } else { x }, y)
    })
}

/// How much of the evidence around a place's middle a cell has, for each of `side` cells of a row: a Gaussian with a
/// standard deviation of 20 pixels, in all 1.
fn shares(middle: f64, side: usize) -> Vec<f64> {
    let cell = 64.0 / side as f64;
    let density = |n: usize| (-((n as f64 + 0.5) * cell - 0.5 - middle).powi(2) / 800.0).exp();
    let all: f64 = (0..side).map(density).sum();
    (0..side).map(|n| density(n) / all).collect()
}

#[test]
fn class_maps_are_their_definition_in_float64() {
    let input = inputs(2).remove(1);
    let mut networks: Vec<_> = kinds().into_iter().map(|kind| (kind, true)).collect();
    // Of other signs nobody knows what they mean in a mirror.
    let names = ["thumb", "1", "2", "3", "4", "5"].map(String::from);
    let ((floats_of, tolerance), _) = &networks[0];
    let renamed = floats_of.clone().with_labels(names.into()).unwrap();
    networks.push(((renamed, *tolerance), false));
    for ((weights, tolerance), mirrors) in networks {
        let burn = ResNet::load(weights.clone(), 0.0, &Device::flex());
        let inspector = Inspector::on_cpu(&weights, Arithmetic::Fastest);
        assert_eq!(inspector.mirrors(), mirrors);
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
            let places = |by: [i32; 2], mirrored: bool| {
                let (map, _) = forward(&burn, &[moved(&input, by, mirrored)], cuts);
                let map = floats(map);
                [0, 1, 2, 3].map(|place| {
                    let products = zip(kernel, map.chunks(4)).map(|(weight, channel)| {
                        f64::from(*weight) * f64::from(channel[place]) / 4.0
                    });
                    products.sum::<f64>()
                })
            };
            for shifts in [1, 2, 3] {
                let found =
                    block_on(inspector.evidence(&input, cuts, target, shifts as usize)).unwrap();
                let side = 2_usize.pow(shifts);
                assert_eq!((found.side, found.cells.len()), (side, side * side));
                assert_eq!(found.bias, bias[row]);
                let sum: f64 = found.cells.iter().map(|cell| f64::from(*cell)).sum();
                assert!((sum + f64::from(found.bias) - f64::from(found.logit)).abs() < 1e-4);
                let mut expected = vec![0.0; side * side];
                let [lefts, ups]: [&[i32]; 2] = match shifts {
                    1 => [&[], &[]],
                    2 => [&[-8, 8], &[4, 20]],
                    _ => [&[-16, 0, 16], &[-4, 12, 28]],
                };
                if shifts == 1 {
                    expected.copy_from_slice(&places([0, 0], false));
                }
                let sides = if mirrors {
                    &[false, true][..]
                } else {
                    &[false]
                };
                let reads = (lefts.len() * ups.len() * sides.len()) as f64;
                for (&left, &up, &mirrored) in lefts
                    .iter()
                    .flat_map(|left| ups.iter().map(move |up| (left, up)))
                    .flat_map(|(left, up)| sides.iter().map(move |side| (left, up, side)))
                {
                    for (place, part) in places([left, up], mirrored).into_iter().enumerate() {
                        let middle = [(10, place % 2, left), (6, place / 2, up)]
                            .map(|(first, n, by)| f64::from(first + 32 * n as i32 + by));
                        let x = if mirrored {
                            63.0 - middle[0]
                        } else {
                            middle[0]
                        };
                        let (across, down) = (shares(x, side), shares(middle[1], side));
                        for (at, cell) in expected.iter_mut().enumerate() {
                            *cell += part / reads * across[at % side] * down[at / side];
                        }
                    }
                }
                let largest = expected.iter().fold(1e-3_f64, |most, v| most.max(v.abs()));
                for (at, (cell, expected)) in zip(&found.cells, expected).enumerate() {
                    let most = tolerance * 4.0 * largest as f32;
                    close(*cell, expected as f32, most, (target, shifts, at));
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
