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
