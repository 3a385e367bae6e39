//! Networks that several threads compute.

mod cases;

use cases::{Blocks, Case, Images, POOLED, POOLINGS, kernel, poolings, random, rng};
use signet_engine::{
    Arithmetic, Builder, Conv, Cut, Kernel, Network, Output, Padding, Slot, threads,
};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// One test at a time: they share the pool.
static POOL: Mutex<()> = Mutex::new(());

/// Threads in turn, of those that are there.
const THREADS: [usize; 5] = [1, 2, 3, 5, 2];

/// Runs `test` with four helpers.
fn helped(test: impl FnOnce()) {
    let _alone = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let helpers = start(4);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(test));
    stop(helpers);
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

fn start(count: usize) -> Vec<JoinHandle<()>> {
    threads::set_threads(1 + count);
    let helpers = (0..count).map(|_| std::thread::spawn(threads::help));
    let helpers = helpers.collect();
    let start = Instant::now();
    while threads::threads() <= count {
        assert!(start.elapsed() < Duration::from_secs(60), "helpers enter");
        std::thread::yield_now();
    }
    helpers
}

fn stop(helpers: Vec<JoinHandle<()>>) {
    threads::stop();
    for helper in helpers {
        helper.join().expect("a helper returns");
    }
    assert_eq!(threads::threads(), 1);
}

/// Asserts that all outputs of a network are to the bit the same by any number of threads.
fn assert_same(network: &mut Network, images: &Images, outputs: usize, what: &str) {
    let mut run = |n: usize| -> Vec<u32> {
        threads::set_threads(n);
        assert_eq!(threads::threads(), n);
        network.run(&images.values, images.size);
        bits(network, 0..outputs)
    };
    let alone = run(1);
    for n in THREADS {
        assert!(run(n) == alone, "{n} threads: {what}");
    }
}

fn bits(network: &Network, outputs: impl Iterator<Item = usize>) -> Vec<u32> {
    let values = outputs.flat_map(|output| network.output(output).pixels().flatten());
    values.map(|value| value.to_bits()).collect()
}

/// Convolutions that are split between tiles or between panels, in all arithmetics, some by Winograd's
/// minimal filtering.
#[test]
fn convolutions_are_the_same_by_any_number_of_threads() {
    helped(|| {
        let mut rng = rng(21);
        let batches = [([8, 16, 16], [72, 72], 3), ([8, 2, 2], [136, 72], 1)];
        let batches = batches.map(|(size, [o, i], side)| Case {
            size,
            shape: [o, i, side, side],
            stride: 1,
            padding: Padding::same(side),
            relu: [true; 2],
        });
        for case in Case::all().into_iter().chain(batches) {
            let [output, channels, ..] = case.shape;
            let images = Images::random(case.size, channels, &mut rng);
            for (integers, arithmetic) in [
                (false, Arithmetic::Fastest),
                (true, Arithmetic::Fastest),
                (true, Arithmetic::Float32),
            ] {
                let kernel = kernel(case.shape, integers, &mut rng);
                let mut builder = Builder::new(channels, 0);
                builder.arithmetic(arithmetic);
                let bias = random(output, &mut rng);
                let outputs = case.build(&mut builder, &kernel, &bias);
                let what = format!("{case:?} {integers} {arithmetic:?}");
                assert_same(&mut builder.finish(&outputs), &images, 2, &what);
            }
        }
    });
}

#[test]
fn poolings_are_the_same_by_any_number_of_threads() {
    helped(|| {
        for (window, stride) in POOLINGS {
            let mut builder = Builder::new(6, 0);
            let outputs = poolings(&mut builder, window, stride);
            let mut network = builder.finish(&outputs);
            for size in POOLED {
                let images = Images::random(size, 6, &mut rng(22));
                assert_same(
                    &mut network,
                    &images,
                    2,
                    &format!("{window} {stride} {size:?}"),
                );
            }
        }
    });
}

#[test]
fn parts_of_networks_and_images_that_are_not_finite_are_the_same_by_any_number_of_threads() {
    helped(|| {
        let mut rng = rng(23);
        for integers in [false, true] {
            let mut builder = Builder::new(3, 0);
            let slots = Blocks::random(integers, &mut rng).build(&mut builder);
            let mut network = builder.finish(&slots);
            let images = Images::random([2, 26, 17], 3, &mut rng);
            let cuts = [Cut::Branch(slots[2]), Cut::Residual(slots[5])];
            let mut cut = |n: usize| {
                threads::set_threads(n);
                network.run_part(&images.values, images.size, &cuts, &[2, 5]);
                bits(&network, [2, 5].into_iter())
            };
            let alone = cut(1);
            for n in THREADS {
                assert!(cut(n) == alone, "{n} threads");
            }
            for (bad, images) in cases::not_finite() {
                assert_same(&mut network, &images, 6, &format!("{bad}"));
            }
        }
        let none = Images::random([0, 4, 4], 3, &mut rng);
        let mut builder = Builder::new(3, 1);
        let outputs = cases::deep(&mut builder, true);
        assert_same(&mut builder.finish(&outputs), &none, 5, "no images");
    });
}

#[test]
fn helpers_that_come_and_go_change_no_answer() {
    helped(|| {
        let mut builder = Builder::new(3, 1);
        let outputs = cases::deep(&mut builder, true);
        let mut network = builder.finish(&outputs);
        let images = Images::random([3, 40, 40], 3, &mut rng(24));
        assert_same(&mut network, &images, 5, "at first");
        let alone = bits(&network, 0..5);
        for count in [2, 0, 4, 1] {
            threads::stop();
            while threads::threads() > 1 {
                std::thread::yield_now();
            }
            let helpers = start(count);
            for _ in 0..20 {
                network.run(&images.values, images.size);
                assert!(bits(&network, 0..5) == alone, "{count} helpers");
            }
            stop(helpers);
        }
    });
}
