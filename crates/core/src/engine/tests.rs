//! The engine against burn, layer by layer and whole.

use super::*;
use crate::classifier::Classifier;
use crate::config::StageConfig;
use crate::labels;
use crate::model::{self, ResNet};
use crate::preprocess;
use crate::weights::Precision;
use burn::tensor::{Tensor, TensorData};
use pollster::block_on;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// `[batch, channels, height, width]` to pixels.
fn pixels(tensor: Tensor<4>) -> Vec<f32> {
    block_on(model::read(tensor.permute([0, 2, 3, 1])))
        .unwrap()
        .into_floats()
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
        finder: true,
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
            let mut plan = Plan {
                weights: &weights,
                builder: Builder::new(layer.input, 0),
            };
            plan.builder.arithmetic(arithmetic);
            let input = plan.builder.input();
            let output = plan.conv(layer, input, true, None);
            let mut network = plan.builder.finish(&[output]);
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
                let mut plan = Plan::new(&weights, arithmetic);
                let output = plan.parts(parts);
                let mut network = plan.builder.finish(&[output]);
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
        let noise = crate::preprocess::Picture::from_rgba(&noise, 64, 64).unwrap();
        let squares = [Square::reference(), noise.to_square(64)];
        // More than run together, so that there is a rest.
        let squares: Vec<_> = squares.iter().cycle().take(BATCH + 3).cloned().collect();
        let (found, _) = Engine::new(&weights, Arithmetic::Fastest).run(&squares);
        let answers = burn.answer_from(0, preprocess::batch(&squares, &device));
        let expected = block_on(model::read(answers)).unwrap();
        assert_eq!(expected.shape, [BATCH + 3, 10]);
        let gap_of_answers = gap(&found.concat(), &expected.floats());
        assert!(
            gap_of_answers < if integers { 1e-3 } else { 1e-5 },
            "{gap_of_answers}"
        );

        for parts in [4, 6] {
            let (found, shape) = Engine::until(&weights, parts).run(&squares[..2]);
            let input = preprocess::batch(&squares[..2], &device);
            let expected = block_on(model::read(burn.forward_until(parts, input))).unwrap();
            assert_eq!(shape[..], expected.shape[1..]);
            let gap = gap(&found.concat(), &expected.floats());
            assert!(gap < if integers { 1e-3 } else { 1e-5 }, "{parts}: {gap}");
        }
    }
}

#[test]
fn the_classifier_takes_the_engine_on_the_processor_alone() {
    assert!(serves(&Device::flex()));
    assert!(!serves(&Device::flex().autodiff()));
    let squares = [Square::reference()];
    let weights = weights(true);
    let exact = Classifier::on_processor(weights.clone(), Arithmetic::Float32);
    let fast = Classifier::new(weights, &Device::flex().autodiff());
    let exact = block_on(exact.logits(&squares)).unwrap().concat();
    let fast = block_on(fast.logits(&squares)).unwrap().concat();
    assert!(gap(&fast, &exact) < 1e-3);
    assert_ne!(fast, exact, "integers round, floats don't");
}
