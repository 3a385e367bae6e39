//! The engine against burn, layer by layer and whole.

use burn::tensor::{Device, Tensor, TensorData};
use pollster::block_on;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use signet_core::{ResNet, batch, classifier};
use signet_recognizer::{
    Arithmetic, Backend, CPU_BATCH, Classifier, CpuBackend, GraphBuilder, InputImage, Picture,
    Precision, ResNetConfig, StageConfig, Weights, labels,
};

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

/// An eighth of the filters, so that every layer is still there.
fn narrow() -> ResNetConfig {
    let whole = ResNetConfig::default();
    let stages = whole.stages.iter().map(|stage| StageConfig {
        filters: stage.filters.map(|filters| filters / 8),
        ..*stage
    });
    ResNetConfig {
        stem: whole.stem / 8,
        stages: stages.collect(),
        detector: true,
        ..whole
    }
}

/// Whether kernels are stored as integers, and what is computed with them.
const WAYS: [(bool, Arithmetic); 3] = [
    (false, Arithmetic::Fastest),
    (true, Arithmetic::Fastest),
    (true, Arithmetic::Float32),
];

/// Folded weights whose kernels are integers times a scale, or not.
fn weights(integers: bool) -> Weights {
    let drawn = Weights::initial(narrow(), labels::digits(), 3).unwrap();
    let folded = drawn.fold();
    if integers {
        let bytes = folded.to_bytes(Precision::Int8).unwrap();
        return Weights::from_bytes(&bytes).unwrap();
    }
    folded
}

#[test]
fn every_layer_computes_what_burn_does_at_odd_sizes() {
    let device = Device::flex();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for (stored, arithmetic) in WAYS {
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
fn every_stage_computes_what_burn_does_on_pictures_of_any_shape() {
    let device = Device::flex();
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for (stored, arithmetic) in WAYS {
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
fn answers_are_those_of_burn() {
    let device = Device::flex();
    for integers in [false, true] {
        let weights = weights(integers);
        let burn = ResNet::load(weights.clone(), 0.0, &device);
        let noise = (0..64 * 64 * 4)
            .map(|i| (i * 7919 % 251) as u8)
            .collect::<Vec<_>>();
        let noise = Picture::from_rgba(&noise, 64, 64).unwrap();
        let inputs = [InputImage::reference(), noise.to_input(64)];
        // More than run together, so that there is a rest.
        let inputs: Vec<_> = inputs.iter().cycle().take(CPU_BATCH + 3).cloned().collect();
        let backend = CpuBackend::new(&weights, Arithmetic::Fastest);
        let found = block_on(backend.run(&inputs)).unwrap().rows;
        let expected = burn.answer_from(0, batch(&inputs, &device));
        assert_eq!(expected.dims(), [CPU_BATCH + 3, 10]);
        let gap_of_answers = gap(&found.concat(), &floats(expected));
        assert!(
            gap_of_answers < if integers { 1e-3 } else { 1e-5 },
            "{gap_of_answers}"
        );

        for parts in [4, 6] {
            let backend = CpuBackend::first_parts(&weights, parts);
            let found = block_on(backend.run(&inputs[..2])).unwrap();
            let expected = burn.forward_until(parts, batch(&inputs[..2], &device));
            assert_eq!(found.shape[..], expected.dims()[1..]);
            let gap = gap(&found.rows.concat(), &floats(expected));
            assert!(gap < if integers { 1e-3 } else { 1e-5 }, "{parts}: {gap}");
        }
    }
}

#[test]
fn the_classifier_takes_the_engine_on_the_processor_alone() {
    let inputs = [InputImage::reference()];
    let weights = weights(true);
    let exact = Classifier::on_cpu(&weights, Arithmetic::Float32);
    let fast = classifier(weights, &Device::flex().autodiff());
    let exact = block_on(exact.logits(&inputs)).unwrap().concat();
    let fast = block_on(fast.logits(&inputs)).unwrap().concat();
    assert!(gap(&fast, &exact) < 1e-3);
    assert_ne!(fast, exact, "integers round, floats don't");
}
