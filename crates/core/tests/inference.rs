//! The engine against burn: layer by layer, stage by stage, and the whole network.

mod support;

use burn::tensor::{Device, Tensor, TensorData};
use pollster::block_on;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_core::{ResNet, batch, classifier};
use signet_recognizer::{
    Arithmetic, Backend, CPU_BATCH, Classifier, CpuBackend, GraphBuilder, InputImage, Picture,
    Precision, Weights, labels,
};
use support::narrowed;

/// `[batch, channels, height, width]` to pixels.
fn pixels(tensor: Tensor<4>) -> Vec<f32> {
    floats(tensor.permute([0, 2, 3, 1]))
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec_as().unwrap()
}

fn random(count: usize, rng: &mut ChaCha8Rng) -> Vec<f32> {
    (0..count).map(|_| rng.random::<f32>() - 0.3).collect()
}

fn gap(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(1e-9_f32, |most, v| most.max(v.abs()));
    let gaps = found.iter().zip(expected).map(|(a, b)| (a - b).abs());
    gaps.fold(0.0, f32::max) / largest
}

/// Whether kernels are stored as integers, and the arithmetic of the engine.
const KINDS: [(bool, Arithmetic); 3] = [
    (false, Arithmetic::Fastest),
    (true, Arithmetic::Fastest),
    (true, Arithmetic::Float32),
];

/// Folded weights, their kernels stored as integers or as floats.
fn weights(integers: bool) -> Weights {
    let config = narrowed(8).with_detector(true);
    let folded = Weights::initial(config, labels::digits(), 3)
        .unwrap()
        .fold();
    if integers {
        let bytes = folded.to_bytes(Precision::Int8).unwrap();
        return Weights::from_bytes(&bytes).unwrap();
    }
    folded
}

#[test]
fn every_layer_agrees_with_burn_at_odd_sizes() {
    let device = Device::flex();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (stored, arithmetic) in KINDS {
        let weights = weights(stored);
        let burn = ResNet::load(weights.clone(), 0.0, &device);
        let layers = weights.config().conv_layers();
        for (layer, module) in layers.iter().zip(burn.layers()) {
            let [batch, height, width] = [2, 13, 10];
            let values = random(batch * height * width * layer.input, &mut rng);
            let mut graph = GraphBuilder::for_input(&weights, arithmetic, layer.input, 0);
            let input = graph.input();
            let output = graph.conv(layer, input, true, None);
            let mut network = graph.finish(&[output]);
            let integers = stored && arithmetic == Arithmetic::Fastest;
            assert_eq!(network.integer_layers(), (usize::from(integers), 1));
            network.run(&values, [batch, height, width]);
            let found: Vec<f32> = network.output(0).pixels().flatten().copied().collect();

            let values = TensorData::new(values, [batch, height, width, layer.input]);
            let input = Tensor::<4>::from_data(values, &device).permute([0, 3, 1, 2]);
            let expected = pixels(burn::tensor::activation::relu(module.forward(input)));
            let gap = gap(&found, &expected);
            let most = if integers { 2e-4 } else { 1e-5 };
            assert!(gap < most, "{}: {gap}", layer.name);
        }
    }
}

#[test]
fn every_stage_agrees_with_burn_at_any_picture_size() {
    let device = Device::flex();
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for (stored, arithmetic) in KINDS {
        let weights = weights(stored);
        let burn = ResNet::load(weights.clone(), 0.0, &device);
        let integers = stored && arithmetic == Arithmetic::Fastest;
        for [height, width] in [[64, 64], [97, 64], [65, 131]] {
            let values = random(height * width * 3, &mut rng);
            let data = TensorData::new(values.clone(), [1, height, width, 3]);
            let input = Tensor::<4>::from_data(data, &device).permute([0, 3, 1, 2]);
            for parts in 1..=5 {
                let mut graph = GraphBuilder::new(&weights, arithmetic);
                let output = graph.parts(parts);
                let mut network = graph.finish(&[output]);
                network.run(&values, [1, height, width]);
                let found: Vec<f32> = network.output(0).pixels().flatten().copied().collect();
                let expected = pixels(burn.forward_until(parts, input.clone()));
                let gap = gap(&found, &expected);
                let most = if integers { 1e-3 } else { 1e-5 };
                assert!(gap < most, "{parts} parts of {height} x {width}: {gap}");
            }
        }
    }
}

#[test]
fn outputs_agree_with_burn() {
    let device = Device::flex();
    for integers in [false, true] {
        let weights = weights(integers);
        let burn = ResNet::load(weights.clone(), 0.0, &device);
        let noise: Vec<u8> = (0..64 * 64 * 4).map(|i| (i * 7919 % 251) as u8).collect();
        let noise = Picture::from_rgba(&noise, 64, 64).unwrap();
        let inputs = [InputImage::reference(), noise.to_input(64)];
        // More than one batch.
        let inputs: Vec<_> = inputs.iter().cycle().take(CPU_BATCH + 3).cloned().collect();
        let backend = CpuBackend::new(&weights, Arithmetic::Fastest);
        let found = block_on(backend.run(&inputs)).unwrap().rows;
        let expected = burn.answer_from(0, batch(&inputs, &device));
        assert_eq!(expected.dims(), [CPU_BATCH + 3, 10]);
        let most = if integers { 1e-3 } else { 1e-5 };
        let difference = gap(&found.concat(), &floats(expected));
        assert!(difference < most, "{difference}");

        for parts in [4, 6] {
            let backend = CpuBackend::first_parts(&weights, parts);
            let found = block_on(backend.run(&inputs[..2])).unwrap();
            let expected = burn.forward_until(parts, batch(&inputs[..2], &device));
            assert_eq!(found.shape[..], expected.dims()[1..]);
            let gap = gap(&found.rows.concat(), &floats(expected));
            assert!(gap < most, "{parts}: {gap}");
        }
    }
}

#[test]
fn the_classifier_on_flex_is_the_engines() {
    let inputs = [InputImage::reference()];
    let weights = weights(true);
    let exact = Classifier::on_cpu(&weights, Arithmetic::Float32);
    let fast = classifier(weights, &Device::flex().autodiff());
    let [exact, fast] = [exact, fast].map(|it| block_on(it.logits(&inputs)).unwrap().concat());
    assert!(gap(&fast, &exact) < 1e-3);
    assert_ne!(fast, exact, "integers round, floats don't");
}
