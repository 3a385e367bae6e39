//! Every operation against its definition in float64.

mod cases;

use cases::{Blocks, Case, Images, POOLED, POOLINGS, compare, kernel, poolings, random, rng};
use signet_engine::{Arithmetic, Builder, Conv, Cut, Kernel, Network, Output, Padding, Slot};

/// Whether weights are int8; the arithmetic; the share of the largest value by which others may be off.
const WAYS: [(bool, Arithmetic, f32); 3] = [
    (false, Arithmetic::Fastest, 2e-6),
    (true, Arithmetic::Fastest, 2e-4),
    (true, Arithmetic::Float32, 2e-6),
];

/// In float32, those of many channels and pixels are computed by Winograd's minimal filtering.
#[test]
fn convolutions_of_any_size_are_right() {
    let mut rng = rng(1);
    let cases = Case::all();
    assert!(cases.len() > 250, "{} cases", cases.len());
    for case in cases {
        let [output, channels, ..] = case.shape;
        for (integers, arithmetic, tolerance) in WAYS {
            let kernel = kernel(case.shape, integers, &mut rng);
            let bias = random(output, &mut rng);
            let images = Images::random(case.size, channels, &mut rng);
            let [sum, residual] = case.convs(&kernel, &bias);
            let residual = images.conv(&residual, None);
            let sum = images.conv(&sum, Some(&residual));

            let mut builder = Builder::new(channels, 0);
            builder.arithmetic(arithmetic);
            let outputs = case.build(&mut builder, &kernel, &bias);
            let mut network = builder.finish(&outputs);
            let in_integers = integers && arithmetic == Arithmetic::Fastest;
            assert_eq!(network.integer_layers().0, if in_integers { 2 } else { 0 });
            network.run(&images.values, case.size);
            for (index, expected) in [sum, residual].iter().enumerate() {
                let what = (&case, integers, arithmetic, index);
                compare(&network.output(index).into(), expected, tolerance, what);
            }
        }
    }
}

#[test]
fn a_border_kept_with_the_image_is_padding() {
    let mut rng = rng(2);
    let (size, shape) = ([2, 11, 6], [8, 3, 7, 7]);
    let images = Images::random(size, 3, &mut rng);
    for (integers, arithmetic, tolerance) in WAYS {
        let kernel = kernel(shape, integers, &mut rng);
        let mut conv = Conv::new(&kernel, shape, &[0.25; 8]);
        conv.stride = 2;
        let mut builder = Builder::new(3, 3);
        builder.arithmetic(arithmetic);
        let out = builder.conv(builder.input(), &conv, None);
        let mut network = builder.finish(&[out]);
        network.run(&images.values, size);
        conv.padding = Padding::all(3);
        let expected = images.conv(&conv, None);
        compare(&network.output(0).into(), &expected, tolerance, "border");
    }
}

#[test]
fn poolings_are_right() {
    let mut rng = rng(3);
    for (window, stride) in POOLINGS {
        let mut builder = Builder::new(6, 0);
        let outputs = poolings(&mut builder, window, stride);
        let mut network = builder.finish(&outputs);
        for size in POOLED {
            let images = Images::random(size, 6, &mut rng);
            let pooled = |reduce: fn(&[f64]) -> f64| {
                let sides = [window; 2];
                images.map(sides, stride, Padding::default(), 6, |n, y, x, channel| {
                    let taps = (0..window * window).map(|tap| {
                        let y = (y * stride + tap / window) as isize;
                        let x = (x * stride + tap % window) as isize;
                        images.at(n, y, x, channel)
                    });
                    reduce(&taps.collect::<Vec<_>>())
                })
            };
            let mean = pooled(|taps| taps.iter().sum::<f64>() / taps.len() as f64);
            let max = pooled(|taps| taps.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            network.run(&images.values, size);
            compare(&network.output(0).into(), &mean, 1e-6, "mean");
            compare(&network.output(1).into(), &max, 0.0, "max");
        }
    }
}

/// [`cases::deep`] for the CPU.
fn deep(arithmetic: Arithmetic, all: bool) -> Network {
    let mut builder = Builder::new(3, 1);
    builder.arithmetic(arithmetic);
    let outputs = cases::deep(&mut builder, all);
    builder.finish(&outputs)
}

/// The only output.
fn run(network: &mut Network, images: &Images) -> Images {
    network.run(&images.values, images.size);
    network.output(0).into()
}

#[test]
fn buffers_that_are_used_again_change_nothing() {
    let mut rng = rng(5);
    for arithmetic in [Arithmetic::Float32, Arithmetic::Fastest] {
        let [mut all, mut last] = [true, false].map(|all| deep(arithmetic, all));
        for size in [[1, 8, 8], [3, 5, 9], [1, 8, 8], [2, 1, 1]] {
            let images = Images::random(size, 3, &mut rng);
            all.run(&images.values, size);
            assert_eq!(Images::from(all.output(4)), run(&mut last, &images));
        }
    }
}

#[test]
fn the_same_images_give_the_same_bits_whatever_ran_between() {
    let mut rng = rng(6);
    let mut network = deep(Arithmetic::Fastest, false);
    let images = Images::random([1, 6, 6], 3, &mut rng);
    let first = run(&mut network, &images);
    for batch in 1..=12 {
        run(&mut network, &Images::random([batch, 4, 7], 3, &mut rng));
    }
    assert_eq!(first, run(&mut network, &images));
}

/// Brighter and darker neighbors, batches of a few tiles and of many, layers for Winograd's minimal
/// filtering and others.
#[test]
fn an_image_gives_the_same_bits_alone_and_in_any_batch() {
    let mut rng = rng(9);
    for (integers, arithmetic, _) in WAYS {
        let mut builder = Builder::new(3, 1);
        builder.arithmetic(arithmetic);
        let mut x = builder.input();
        let bias = [0.25; 72];
        for [input, output] in [[3, 72], [72, 72], [72, 40]] {
            let shape = [output, input, 3, 3];
            let kernel = kernel(shape, integers, &mut rng);
            let conv = Conv {
                padding: Padding::same(3),
                relu: true,
                ..Conv::new(&kernel, shape, &bias[..output])
            };
            x = builder.conv(x, &conv, None);
        }
        let mut network = builder.finish(&[x]);
        for [height, width] in [[2, 2], [6, 7], [1, 40]] {
            let mut images = Images::random([9, height, width], 3, &mut rng);
            let length = height * width * 3;
            for (n, image) in images.values.chunks_mut(length).enumerate() {
                image.iter_mut().for_each(|v| *v *= 3_f32.powi(n as i32));
            }
            let mut outputs = |batch: usize| -> Vec<f32> {
                let batches = images.values.chunks(batch * length);
                let runs = batches.flat_map(|values| {
                    network.run(values, [values.len() / length, height, width]);
                    network
                        .output(0)
                        .pixels()
                        .flatten()
                        .copied()
                        .collect::<Vec<_>>()
                });
                runs.collect()
            };
            let alone = outputs(1);
            for batch in 2..=9 {
                let what = (integers, arithmetic, height, width, batch);
                assert!(outputs(batch) == alone, "{what:?}");
            }
        }
    }
}

#[test]
fn integers_answer_as_floats_do() {
    let images = Images::random([2, 16, 16], 3, &mut rng(7));
    let ways = [(Arithmetic::Fastest, 5), (Arithmetic::Float32, 0)];
    let [integers, floats] = ways.map(|(arithmetic, in_integers)| {
        let mut network = deep(arithmetic, false);
        assert_eq!(network.integer_layers(), (in_integers, 5));
        run(&mut network, &images)
    });
    compare(&integers, &floats, 5e-4, "integers");
}

#[test]
fn cuts_leave_a_branch_or_a_residual_out_of_a_sum() {
    let mut rng = rng(10);
    for (integers, arithmetic, tolerance) in WAYS {
        let blocks = Blocks::random(integers, &mut rng);
        let mut builder = Builder::new(3, 0);
        builder.arithmetic(arithmetic);
        let slots = blocks.build(&mut builder);
        let mut network = builder.finish(&slots);
        for size in [[2, 7, 5], [1, 9, 9]] {
            let images = Images::random(size, 3, &mut rng);
            for (cuts, left) in Blocks::cuts(&slots) {
                network.run_part(&images.values, size, &cuts, &[2, 5]);
                let sums = blocks.sums(&images, left);
                for (output, expected) in [2, 5].into_iter().zip(&sums) {
                    let what = (integers, arithmetic, output, left);
                    compare(
                        &network.output(output).into(),
                        expected,
                        tolerance * 4.0,
                        what,
                    );
                }
            }
        }
    }
}

#[test]
fn a_part_of_a_run_is_to_the_bit_the_whole_runs() {
    let mut rng = rng(11);
    for (integers, arithmetic, _) in WAYS {
        let mut builder = Builder::new(3, 0);
        builder.arithmetic(arithmetic);
        let slots = Blocks::random(integers, &mut rng).build(&mut builder);
        let mut network = builder.finish(&slots);
        let images = Images::random([2, 6, 7], 3, &mut rng);
        let outputs = |network: &Network| -> Vec<Images> {
            (0..6).map(|output| network.output(output).into()).collect()
        };
        network.run(&images.values, images.size);
        let whole = outputs(&network);
        for (output, expected) in whole.iter().enumerate() {
            network.run_part(&images.values, images.size, &[], &[output]);
            assert_eq!(&Images::from(network.output(output)), expected);
        }
        network.run_part(&images.values, images.size, &[Cut::Branch(slots[5])], &[5]);
        network.run(&images.values, images.size);
        assert_eq!(outputs(&network), whole);
    }
}

#[test]
#[should_panic(expected = "the last run computed this output")]
fn what_only_a_cut_branch_needs_is_not_computed() {
    let mut builder = Builder::new(3, 0);
    let slots = Blocks::random(true, &mut rng(12)).build(&mut builder);
    let mut network = builder.finish(&slots);
    let images = Images::random([1, 4, 4], 3, &mut rng(12));
    network.run_part(&images.values, images.size, &[Cut::Branch(slots[5])], &[5]);
    network.output(4);
}

#[test]
#[should_panic(expected = "a cut is of a convolution with a residual")]
fn a_cut_of_anything_else_is_refused() {
    let mut builder = Builder::new(3, 0);
    let slots = Blocks::random(true, &mut rng(13)).build(&mut builder);
    let mut network = builder.finish(&slots);
    network.run_part(&[0.0; 3], [1, 1, 1], &[Cut::Residual(slots[3])], &[5]);
}

#[test]
fn nan_and_infinity_are_kept() {
    for arithmetic in [Arithmetic::Float32, Arithmetic::Fastest] {
        for (bad, images) in cases::not_finite() {
            let found = run(&mut deep(arithmetic, false), &images);
            let kept = found.values.iter().any(|value| !value.is_finite());
            assert!(kept, "{bad} was lost in {arithmetic:?}");
        }
    }
}

#[test]
fn an_empty_image_gives_zeros_and_bias() {
    let mut network = deep(Arithmetic::Fastest, false);
    let mut images = Images::random([1, 4, 4], 3, &mut rng(8));
    images.values.fill(0.0);
    let found = run(&mut network, &images);
    assert!(found.values.iter().all(|value| value.is_finite()));
    let none = Images::random([0, 4, 4], 3, &mut rng(8));
    assert!(run(&mut network, &none).values.is_empty());
}

#[test]
#[should_panic(expected = "the kernel's input channels are the slot's")]
fn a_kernel_that_does_not_fit_is_refused() {
    let mut builder = Builder::new(3, 0);
    let image = builder.input();
    builder.conv(image, &Conv::new(&[1.0, 1.0], [1, 2, 1, 1], &[0.0]), None);
}

#[test]
#[should_panic(expected = "weights are finite")]
fn weights_that_are_not_finite_are_refused() {
    let mut builder = Builder::new(1, 0);
    let image = builder.input();
    builder.conv(image, &Conv::new(&[f32::NAN], [1, 1, 1, 1], &[0.0]), None);
}
