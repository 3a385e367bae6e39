//! A network answers on a GPU as on the CPU, whatever its layers and images: in a worker of a browser
//! with WebGPU, by `wasm-pack test --headless --chrome crates/engine --features webgpu`,
//! and natively, by `cargo test --release -p signet-engine --features webgpu --test webgpu`.

#![cfg(feature = "webgpu")]

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_engine::{Arithmetic, Builder, Conv, Gpu, Output, Padding, Slot};

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

/// Numbers from -1 to 1.
fn random(count: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    (0..count)
        .map(|_| rng.random::<f32>() * 2.0 - 1.0)
        .collect()
}

/// A kernel of int8 weights times a scale per output channel.
fn kernel(shape: [usize; 4], rng: &mut ChaCha8Rng) -> Vec<f32> {
    let row: usize = shape[1..].iter().product();
    let mut kernel = Vec::new();
    for _ in 0..shape[0] {
        let scale = rng.random::<f32>() * 0.01 + 0.001;
        kernel.push(127.0 * scale);
        kernel.extend((1..row).map(|_| (rng.random::<f32>() * 254.0 - 127.0).round() * scale));
    }
    kernel
}

fn values(output: &Output<'_>) -> Vec<f32> {
    output.pixels().flatten().copied().collect()
}

/// Runs what `build` builds on the GPU and on the CPU, on random images of each size.
async fn compare(
    gpu: &Gpu,
    [channels, border]: [usize; 2],
    sizes: &[[usize; 3]],
    what: &str,
    build: impl Fn(&mut Builder) -> Vec<Slot>,
) {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let arithmetics = [Arithmetic::Float32, Arithmetic::Fastest];
    let cases = MIN_INVOCATIONS.map(|invocations| arithmetics.map(|a| (a, invocations)));
    for (arithmetic, invocations) in cases.into_iter().flatten() {
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
            let images = random(size.iter().product::<usize>() * channels, &mut rng);
            on_cpu.run(&images, size);
            let outputs = on_gpu.run(&images, size).await.unwrap();
            for index in 0..slots.len() {
                let (expected, found) = (on_cpu.output(index), outputs.output(index));
                let shape = |o: &Output<'_>| [o.height, o.width, o.channels];
                assert_eq!(shape(&found), shape(&expected), "{what}, {size:?}");
                let (expected, found) = (values(&expected), values(&found));
                let largest = expected.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
                // In integer arithmetic the CPU quantizes activations.
                let tolerance = match arithmetic {
                    Arithmetic::Float32 => 1e-5,
                    Arithmetic::Fastest => 5e-4,
                };
                for (found, expected) in found.iter().zip(&expected) {
                    assert!(
                        (found - expected).abs() <= tolerance * largest,
                        "{what}, {size:?}, {arithmetic:?}, {invocations} invocations, output {index}: {found}, not {expected}"
                    );
                }
            }
        }
    }
}

#[gpu_test]
async fn convolutions_of_any_size_are_right() {
    let Some(gpu) = gpu().await else { return };
    let sizes = [[1, 9, 7], [2, 5, 8], [1, 13, 4]];
    for window in [[1, 1], [3, 3], [2, 2], [1, 3], [2, 5]] {
        for [input, output] in [[3, 8], [8, 3], [5, 20], [16, 33]] {
            for stride in [1, 2] {
                for padding in [
                    Padding::default(),
                    Padding::all(2),
                    Padding::same(window[0]),
                ] {
                    let shape = [output, input, window[0], window[1]];
                    let what = format!("{shape:?}, stride {stride}, {padding:?}");
                    compare(&gpu, [input, 0], &sizes, &what, |builder| {
                        let mut rng = ChaCha8Rng::seed_from_u64(2);
                        let weights = kernel(shape, &mut rng);
                        let bias = random(output, &mut rng);
                        let conv = Conv {
                            stride,
                            padding,
                            ..Conv::new(&weights, shape, &bias)
                        };
                        let image = builder.input();
                        let shortcut = builder.conv(image, &conv, None);
                        let conv = Conv { relu: true, ..conv };
                        vec![builder.conv(image, &conv, Some(shortcut)), shortcut]
                    })
                    .await;
                }
            }
        }
    }
}

#[gpu_test]
async fn convolutions_of_large_images_are_right() {
    let Some(gpu) = gpu().await else { return };
    let sizes = [[1, 61, 67], [3, 40, 37]];
    for window in [1, 3] {
        let shape = [36, 5, window, window];
        compare(&gpu, [5, 0], &sizes, &format!("{shape:?}"), |builder| {
            let mut rng = ChaCha8Rng::seed_from_u64(2);
            let weights = kernel(shape, &mut rng);
            let bias = random(shape[0], &mut rng);
            let conv = Conv {
                padding: Padding::same(window),
                ..Conv::new(&weights, shape, &bias)
            };
            let image = builder.input();
            let shortcut = builder.conv(image, &conv, None);
            let conv = Conv { relu: true, ..conv };
            vec![builder.conv(image, &conv, Some(shortcut))]
        })
        .await;
    }
}

#[gpu_test]
async fn poolings_and_a_border_are_right() {
    let Some(gpu) = gpu().await else { return };
    let sizes = [[2, 7, 5], [1, 9, 4], [3, 4, 4]];
    for (window, stride) in [(3, 2), (2, 2), (2, 1)] {
        compare(&gpu, [6, 1], &sizes, "poolings", |builder| {
            let image = builder.input();
            vec![
                builder.mean_pool(image, window, stride),
                builder.max_pool(image, window, stride),
            ]
        })
        .await;
    }
}

/// Deep enough that slots share buffers, with more channels and with fewer.
fn deep(builder: &mut Builder, all: bool) -> Vec<Slot> {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut x = builder.input();
    let mut slots = Vec::new();
    for (index, [input, output]) in [[3, 24], [24, 8], [8, 8], [8, 40], [40, 5]]
        .iter()
        .enumerate()
    {
        let shape = [*output, *input, 3, 3];
        let (weights, bias) = (kernel(shape, &mut rng), random(*output, &mut rng));
        let conv = Conv {
            padding: Padding::all(1),
            relu: true,
            ..Conv::new(&weights, shape, &bias)
        };
        x = builder.conv(x, &conv, (index == 2).then_some(x));
        slots.push(x);
    }
    if all { slots } else { vec![x] }
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
async fn runs_that_overlap_do_not_mix() {
    let Some(gpu) = gpu().await else { return };
    let mut builder = Builder::new(3, 0);
    let slots = deep(&mut builder, false);
    let network = builder.finish_on(&slots, &gpu);
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let [a, b] = [(), ()].map(|()| random(6 * 6 * 3, &mut rng));
    let alone = values(&network.run(&a, [1, 6, 6]).await.unwrap().output(0));
    let both = [network.run(&a, [1, 6, 6]), network.run(&b, [1, 6, 6])];
    let [first, second] = futures_util::future::join_all(both)
        .await
        .try_into()
        .unwrap();
    assert_eq!(values(&first.unwrap().output(0)), alone);
    assert_ne!(values(&second.unwrap().output(0)), alone);
}

#[gpu_test]
async fn autotuning_changes_no_answer() {
    let Some(gpu) = gpu().await else { return };
    let image = random(9 * 9 * 3, &mut ChaCha8Rng::seed_from_u64(5));
    let mut answers = Vec::new();
    // The second network uses what was found with the first.
    for _ in 0..2 {
        let mut builder = Builder::new(3, 0);
        let slots = deep(&mut builder, false);
        let network = builder.finish_on(&slots, &gpu);
        for tuned in [false, true] {
            if tuned {
                network.autotune([1, 9, 9]).await.unwrap();
            }
            let outputs = network.run(&image, [1, 9, 9]).await.unwrap();
            answers.push(values(&outputs.output(0)));
        }
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
    let mut builder = Builder::new(3, 0);
    let slots = deep(&mut builder, false);
    let network = builder.finish_on(&slots, &gpu);
    for bad in [f32::NAN, f32::INFINITY] {
        let mut image = vec![0.5; 8 * 8 * 3];
        image[100] = bad;
        let outputs = network.run(&image, [1, 8, 8]).await.unwrap();
        let lost = values(&outputs.output(0))
            .iter()
            .all(|value| value.is_finite());
        assert!(!lost, "{bad} was lost");
    }
}
