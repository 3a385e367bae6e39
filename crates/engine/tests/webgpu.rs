//! A network answers on a GPU as on the CPU, whatever its layers and images: in a worker of a browser
//! with WebGPU, by `wasm-pack test --headless --chrome crates/engine --features webgpu`,
//! and natively, by `cargo test --release -p signet-engine --features webgpu --test webgpu`.

#![cfg(feature = "webgpu")]

mod cases;

use cases::{Blocks, Case, Images, POOLED, POOLINGS, deep, kernel, poolings, random, rng};
use signet_engine::{
    Arithmetic, Builder, Conv, Cut, Gpu, GpuNetwork, Kernel, Output, Padding, Slot,
};

#[cfg(not(target_arch = "wasm32"))]
use pollster::test as gpu_test;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as gpu_test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The browser's GPU, without which the test fails.
#[cfg(target_arch = "wasm32")]
async fn gpu() -> Option<Gpu> {
    Some(Gpu::open().await.unwrap())
}

/// The system's GPU. Without one the tests are skipped with a message.
#[cfg(not(target_arch = "wasm32"))]
async fn gpu() -> Option<Gpu> {
    use std::io::{Write, stderr};
    let gpu = Gpu::open().await;
    // `eprintln!` is shown only where a test fails.
    let _ = match &gpu {
        Ok(gpu) => writeln!(stderr(), "on {}", gpu.name()),
        Err(reason) => writeln!(stderr(), "skipped: {reason}"),
    };
    gpu.ok()
}

/// Of split-k: with images as small as these, no, some and all convolutions are split.
const MIN_INVOCATIONS: [usize; 3] = [0, 200, 1 << 15];

/// The arithmetic, and the share of the largest value that the GPU may be off by: in integer arithmetic
/// the CPU quantizes activations.
const WAYS: [(Arithmetic, f32); 2] = [(Arithmetic::Float32, 1e-5), (Arithmetic::Fastest, 5e-4)];

/// Runs what `build` builds on the GPU and on the CPU, on random images of each size.
async fn compare(
    gpu: &Gpu,
    [channels, border]: [usize; 2],
    sizes: &[[usize; 3]],
    what: &str,
    build: impl Fn(&mut Builder) -> Vec<Slot>,
) {
    let mut rng = rng(1);
    let ways = MIN_INVOCATIONS.map(|invocations| WAYS.map(|way| (way, invocations)));
    for ((arithmetic, tolerance), invocations) in ways.into_iter().flatten() {
        let [(plain, slots), (for_gpu, _)] = [(), ()].map(|()| {
            let mut builder = Builder::new(channels, border);
            builder.arithmetic(arithmetic);
            let slots = build(&mut builder);
            (builder, slots)
        });
        let mut on_cpu = plain.finish(&slots);
        let on_gpu = for_gpu.finish_on(&slots, gpu);
        on_gpu.split_k(invocations);
        for &size in sizes {
            let images = Images::random(size, channels, &mut rng);
            on_cpu.run(&images.values, size);
            let outputs = on_gpu.run(&images.values, size).await.unwrap();
            for index in 0..slots.len() {
                let (found, expected) = (outputs.output(index), on_cpu.output(index));
                let what = (what, size, arithmetic, invocations, index);
                cases::compare(&found.into(), &expected.into(), tolerance, what);
            }
        }
    }
}

#[gpu_test]
async fn convolutions_of_any_size_are_right() {
    let Some(gpu) = gpu().await else { return };
    // The largest windows are many more sums on a software adapter, and no other way through the shader.
    for case in Case::all().into_iter().filter(|case| case.shape[2] < 7) {
        let [output, channels, ..] = case.shape;
        let mut rng = rng(2);
        let weights = kernel(case.shape, true, &mut rng);
        let bias = random(output, &mut rng);
        let build = |builder: &mut Builder| case.build(builder, &weights, &bias);
        let what = format!("{case:?}");
        compare(&gpu, [channels, 0], &[case.size], &what, build).await;
    }
}

#[gpu_test]
async fn poolings_and_a_border_are_right() {
    let Some(gpu) = gpu().await else { return };
    for (window, stride) in POOLINGS {
        let build = |builder: &mut Builder| poolings(builder, window, stride);
        compare(&gpu, [6, 1], &POOLED, "poolings", build).await;
    }
}

#[gpu_test]
async fn buffers_that_are_used_again_and_sizes_that_come_back_change_nothing() {
    let Some(gpu) = gpu().await else { return };
    // More sizes than plans are kept of.
    let mut sizes: Vec<_> = (1..=6).map(|n| [n, 3 + n, 9 - n]).collect();
    sizes.extend([[1, 4, 8], [2, 5, 7], [1, 1, 1]]);
    for all in [false, true] {
        compare(&gpu, [3, 0], &sizes, "deep", |builder| deep(builder, all)).await;
    }
}

#[gpu_test]
async fn cuts_leave_out_what_they_do_on_the_cpu() {
    let Some(gpu) = gpu().await else { return };
    let size = [2, 7, 5];
    for ((arithmetic, tolerance), invocations) in WAYS.into_iter().zip(MIN_INVOCATIONS) {
        let [mut on_cpu, mut for_gpu] = [(), ()].map(|()| {
            let mut builder = Builder::new(3, 0);
            builder.arithmetic(arithmetic);
            builder
        });
        let blocks = Blocks::random(true, &mut rng(10));
        let slots = blocks.build(&mut on_cpu);
        blocks.build(&mut for_gpu);
        let mut on_cpu = on_cpu.finish(&slots);
        let on_gpu = for_gpu.finish_on(&slots, &gpu);
        on_gpu.split_k(invocations);
        let images = Images::random(size, 3, &mut rng(11));
        let whole = on_gpu.run(&images.values, size).await.unwrap();
        let part = on_gpu.run_part(&images.values, size, &[], &[4, 1]);
        let part = part.await.unwrap();
        for tap in [1, 4] {
            let [part, whole] = [&part, &whole].map(|outputs| Images::from(outputs.output(tap)));
            assert_eq!(part, whole, "to the bit");
        }
        for (cuts, left) in Blocks::cuts(&slots) {
            on_cpu.run_part(&images.values, size, &cuts, &[2, 5]);
            let part = on_gpu.run_part(&images.values, size, &cuts, &[2, 5]);
            let part = part.await.unwrap();
            for output in [2, 5] {
                let (found, expected) = (part.output(output), on_cpu.output(output));
                let what = (arithmetic, invocations, left, output);
                cases::compare(&found.into(), &expected.into(), tolerance, what);
            }
        }
        let again = on_gpu.run(&images.values, size).await.unwrap();
        for output in 0..slots.len() {
            let [again, whole] =
                [&again, &whole].map(|outputs| Images::from(outputs.output(output)));
            assert_eq!(again, whole, "no cut stays");
        }
    }
}

/// [`deep`] on the GPU.
fn deep_on(gpu: &Gpu) -> GpuNetwork {
    let mut builder = Builder::new(3, 0);
    let slots = deep(&mut builder, false);
    builder.finish_on(&slots, gpu)
}

async fn answer(network: &GpuNetwork, images: &Images) -> Images {
    let outputs = network.run(&images.values, images.size).await.unwrap();
    outputs.output(0).into()
}

#[gpu_test]
async fn runs_that_overlap_do_not_mix() {
    let Some(gpu) = gpu().await else { return };
    let network = deep_on(&gpu);
    let mut rng = rng(4);
    let [a, b] = [(), ()].map(|()| Images::random([1, 6, 6], 3, &mut rng));
    let alone = answer(&network, &a).await;
    let both = [answer(&network, &a), answer(&network, &b)];
    let both = futures_util::future::join_all(both).await;
    assert_eq!(both[0], alone);
    assert_ne!(both[1], alone);
}

#[gpu_test]
async fn an_image_gives_the_same_bits_alone_and_in_any_batch() {
    let Some(gpu) = gpu().await else { return };
    let [height, width] = [7, 5];
    let images = Images::random([9, height, width], 3, &mut rng(6));
    for invocations in MIN_INVOCATIONS {
        let network = deep_on(&gpu);
        network.split_k(invocations);
        let mut found = Vec::new();
        for batch in [1, 2, 9] {
            let mut all = Vec::new();
            for values in images.values.chunks(batch * height * width * 3) {
                let size = [values.len() / (height * width * 3), height, width];
                let outputs = network.run(values, size).await.unwrap();
                all.extend(Images::from(outputs.output(0)).values);
            }
            found.push(all);
        }
        for batch in &found[1..] {
            assert!(*batch == found[0], "{invocations} invocations");
        }
    }
}

#[gpu_test]
async fn autotuning_changes_no_answer() {
    let Some(gpu) = gpu().await else { return };
    let images = Images::random([1, 9, 9], 3, &mut rng(5));
    let mut answers = Vec::new();
    // The second network uses what was found with the first.
    for _ in 0..2 {
        let network = deep_on(&gpu);
        answers.push(answer(&network, &images).await.values);
        network.autotune(images.size).await.unwrap();
        answers.push(answer(&network, &images).await.values);
    }
    for answer in &answers[1..] {
        for (found, expected) in answer.iter().zip(&answers[0]) {
            assert!((found - expected).abs() <= 1e-5 * expected.abs().max(1.0));
        }
    }
}

#[gpu_test]
async fn nan_and_infinity_are_kept() {
    let Some(gpu) = gpu().await else { return };
    let network = deep_on(&gpu);
    for (bad, images) in cases::not_finite() {
        let found = answer(&network, &images).await.values;
        assert!(found.iter().any(|v| !v.is_finite()), "{bad} was lost");
    }
}
