//! The parity ladder: from parameter counts to a training step, compared with the Keras reference.
//!
//! The same cases run on every device; `--features wgpu` or `libtorch` add those. Each rung prints its largest
//! difference (`-- --nocapture`).

mod support;

use burn::module::ParamId;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor};
use pollster::block_on;
use signet_core::{
    Augmentation, AugmentationKey, Dataset, Event, Example, ResNet, TrainConfig, Trainer,
    TrainingSet, batch, classifier, restore_batch_norm,
};
use signet_recognizer::{HostTensor, ResNetConfig, Summary, Tensors, Weights, labels};
use std::collections::BTreeMap;
use support::*;

/// Keras' momentum of 0.99 in burn's way of counting.
const MOMENTUM: f64 = 0.01;

/// float32 sums in another order; the tiny network's logits are of order 1.
const EVALUATION: f32 = 1e-4;

/// Gradients, relative to the largest of their tensor.
const GRADIENT: f32 = 1e-3;

#[test]
fn every_block_has_the_parameters_of_the_reference() {
    let expected = json("full_parameter_counts.json");
    let summary = Summary::new(&ResNetConfig::default());
    assert_eq!(summary.total, 23_600_006);
    assert_eq!(summary.trainable, 23_546_886);
    assert_eq!(summary.non_trainable, 53_120);
    assert_eq!(expected["total"], summary.total);
    assert_eq!(expected["trainable"], summary.trainable);
    let mut blocks: Vec<(String, usize)> = Vec::new();
    for layer in &summary.layers {
        match blocks.last_mut() {
            Some((block, count)) if *block == layer.block => *count += layer.parameters,
            _ => blocks.push((layer.block.clone(), layer.parameters)),
        }
    }
    let expected: Vec<(String, usize)> =
        serde_json::from_value(expected["layers"].clone()).unwrap();
    assert_eq!(blocks, expected);
}

#[test]
fn the_narrow_network_has_the_parameters_of_the_reference() {
    let expected = json("tiny.json");
    let summary = Summary::new(&tiny_config());
    assert_eq!(expected["total_parameters"], summary.total);
    assert_eq!(expected["trainable_parameters"], summary.trainable);
}

#[test]
fn evaluation_agrees_at_every_tap_and_so_does_the_folded_network() {
    let expected = tensors("tiny_expected.safetensors");
    for (name, device) in devices() {
        for (form, weights) in [("", tiny_weights()), ("folded ", tiny_weights().fold())] {
            let network = ResNet::load(weights, MOMENTUM, &device);
            let input = device_tensor::<4>(&ours("", &expected["input_nhwc"]), &device);
            for (tap, map) in taps(&network, &input) {
                let expected = ours("", &expected[&format!("eval/{tap}")]);
                let mut map = host(map);
                // The reference flattens its features.
                map.shape.truncate(expected.shape.len());
                let what = format!("{form}evaluation, {tap}");
                rung(name, &what, difference(&map, &expected), EVALUATION);
            }
            let logits = host(network.forward(input));
            let gap = difference(&logits, &expected["eval/logits"]);
            rung(name, &format!("{form}evaluation, logits"), gap, EVALUATION);
            let floats = logits.floats();
            let rows = floats.chunks(6).flat_map(signet_recognizer::softmax);
            let probabilities = HostTensor::new(logits.shape.clone(), rows.collect());
            let gap = difference(&probabilities, &expected["eval/probabilities"]);
            let what = format!("{form}evaluation, probabilities");
            rung(name, &what, gap, EVALUATION);
        }
    }
}

#[test]
fn a_training_step_agrees_in_loss_gradients_and_every_parameter_after_adam() {
    let expected = tensors("tiny_expected.safetensors");
    for (name, device) in devices() {
        let device = device.autodiff();
        let network = ResNet::load(tiny_weights(), MOMENTUM, &device);
        let input = ours("", &expected["input_nhwc"]);
        let labels = expected["labels"].floats();
        let labels: Vec<i64> = labels.iter().map(|&label| label as i64).collect();
        let labels = Tensor::<1, Int>::from_data(&labels[..], &device);

        let logits = network.forward(device_tensor::<4>(&input, &device));
        let loss = CrossEntropyLossConfig::new()
            .init(&device)
            .forward(logits.clone(), labels);
        let logits = host(logits.detach());
        let gap = difference(&logits, &expected["train/logits"]);
        // Not 1e-4: each batch norm divides by the deviation of 16 to 4000 values, which magnifies
        // the rounding of the layer before it. An input that differs by its own rounding changes the
        // logits just as much, so that no implementation can be held to less. A second network
        // computes it, since a forward pass in training mode updates running statistics.
        let moved = ResNet::load(tiny_weights(), MOMENTUM, &device)
            .forward(device_tensor::<4>(&nudged(&input), &device));
        let moved = difference(&host(moved.detach()), &logits);
        println!("parity {name:>5}  the same, input moved by 1 unit in the last place {moved:.2e}");
        rung(name, "training, logits", gap, 1e-3);
        let gap = difference(&host(loss.clone().detach()), &expected["train/loss"]);
        rung(name, "training, loss", gap, EVALUATION);

        let own = GradientsParams::from_grads(loss.backward(), &network);
        let given = parameters(&expected, "train/grad/");
        let worst = worst_gradient(&network, &own, &given);
        rung(name, "training, gradients (relative)", worst, GRADIENT);

        // A step on our own gradients, compared where they exceed the rounding: Adam's first step is
        // the gradient's sign, which rounding flips for the smallest gradients.
        let after = adam_step(&network, own);
        let reference = parameters(&expected, "after_step/");
        let mut worst = 0.0_f32;
        for (name, expected) in &reference {
            let noise = given.get(name).map_or(0.0, |g| 0.01 * magnitude(g));
            let gradient = |i: usize| given.get(name).map_or(f32::MAX, |g| g.floats()[i].abs());
            let (found, expected) = (after.tensors()[name].floats(), expected.floats());
            for (i, (found, expected)) in found.iter().zip(expected.iter()).enumerate() {
                if gradient(i) > noise && !is_bias_before_norm(name) {
                    worst = worst.max((found - expected).abs());
                }
            }
        }
        let what = "after Adam on our gradients, parameters, statistics";
        rung(name, what, worst, EVALUATION);

        // A step on the reference's gradients: every parameter is compared.
        let network = ResNet::load(tiny_weights(), MOMENTUM, &device);
        let after = adam_step(&network, registered(&network, &given, &device));
        let trained = reference
            .iter()
            .filter(|(name, _)| given.contains_key(*name));
        let worst = trained.map(|(name, expected)| difference(&after.tensors()[name], expected));
        let worst = worst.fold(0.0, f32::max);
        let what = "after Adam on Keras' gradients, parameters";
        rung(name, what, worst, 1e-6);
    }
}

/// Keras adds its epsilon before the bias correction is divided out: on the first step its 1e-7
/// stands beside |gradient| as 1e-7 / sqrt(1 - 0.999).
fn adam_step(network: &ResNet, gradients: GradientsParams) -> Weights {
    let epsilon = 1e-7 / (1.0_f32 - 0.999).sqrt();
    let mut adam = AdamConfig::new().with_epsilon(epsilon).init();
    let network = adam.step(0.001, network.clone(), gradients);
    block_on(network.to_weights(&labels::digits())).unwrap()
}

/// The parameters that are trained, by name.
fn trained(network: &ResNet) -> BTreeMap<String, ParamId> {
    let head = (&network.head.weight, network.head.bias.as_ref().unwrap());
    let mut ids = BTreeMap::from([
        ("fc.kernel".to_owned(), head.0.id),
        ("fc.bias".to_owned(), head.1.id),
    ]);
    let layers = network.config().conv_layers();
    for (layer, module) in layers.iter().zip(network.layers()) {
        let (conv, norm) = (&module.conv, module.norm.as_ref().unwrap());
        let bias = conv.bias.as_ref().unwrap();
        ids.insert(format!("{}.kernel", layer.name), conv.weight.id);
        ids.insert(format!("{}.bias", layer.name), bias.id);
        ids.insert(format!("{}.gamma", layer.norm), norm.gamma.id);
        ids.insert(format!("{}.beta", layer.norm), norm.beta.id);
    }
    ids
}

/// Gradients by name as the optimizer takes them.
fn registered(network: &ResNet, gradients: &Tensors, device: &Device) -> GradientsParams {
    let device = device.clone().inner();
    let mut registered = GradientsParams::new();
    for (name, id) in trained(network) {
        let gradient = &gradients[&name];
        match gradient.shape.len() {
            4 => registered.register(id, device_tensor::<4>(gradient, &device)),
            2 => registered.register(id, device_tensor::<2>(gradient, &device).transpose()),
            _ => registered.register(id, device_tensor::<1>(gradient, &device)),
        }
    }
    registered
}

/// Every second value one unit in the last place up, the others down.
fn nudged(tensor: &HostTensor) -> HostTensor {
    let mut moved = tensor.clone();
    for pair in moved.floats_mut().chunks_mut(2) {
        pair[0] = pair[0].next_up();
        if let Some(second) = pair.get_mut(1) {
            *second = second.next_down();
        }
    }
    moved
}

/// A bias before a batch norm has a gradient of zero but for rounding: its Adam step is noise.
fn is_bias_before_norm(name: &str) -> bool {
    name.ends_with(".bias") && name != "fc.bias"
}

/// The worst difference over all gradients, relative to the largest value of each; where that
/// is zero but for rounding, to the gradient of the kernel whose sums are rounded.
fn worst_gradient(network: &ResNet, gradients: &GradientsParams, expected: &Tensors) -> f32 {
    let ids = trained(network);
    assert!(ids.keys().eq(expected.keys()), "not the same parameters");
    let gaps = ids.into_iter().map(|(name, id)| {
        let reference = &expected[&name];
        let found = match reference.shape.len() {
            4 => gradients.get::<4>(id).map(host),
            2 => gradients
                .get::<2>(id)
                .map(|kernel| host(kernel.transpose())),
            _ => gradients.get::<1>(id).map(host),
        };
        // On LibTorch a bias before a batch norm has no gradient, which would be zero.
        let gap = found.map_or(magnitude(reference), |found| difference(&found, reference));
        let scale = if is_bias_before_norm(&name) {
            &expected[&name.replace(".bias", ".kernel")]
        } else {
            reference
        };
        gap / magnitude(scale)
    });
    gaps.fold(0.0, f32::max)
}

/// A dataset whose epochs keep its order.
struct InOrder(Dataset);

impl TrainingSet for InOrder {
    fn labels(&self) -> &[String] {
        self.0.labels()
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn examples(&self, indices: &[usize], key: Option<AugmentationKey<'_>>) -> Vec<Example> {
        self.0.examples(indices, key)
    }

    fn order(&self, _seed: u64, _epoch: usize) -> Vec<usize> {
        (0..self.len()).collect()
    }
}

/// What twenty steps on the reference's batches find, as the trainer takes them: the batch's loss, then
/// the loss on other pictures after each step, then the running statistics after each, layer by layer.
fn twenty_steps(learning_rate: f64, device: &Device) -> [Vec<f32>; 3] {
    let config = TrainConfig {
        epochs: 1,
        batch_size: 16,
        learning_rate,
        ..TrainConfig::reference()
    };
    let set = InOrder(bars(20 * config.batch_size, 0));
    let mut trainer = Trainer::new(tiny_weights(), set, vec![], config, device).unwrap();
    let checked = bars(24, 1000);
    let inputs: Vec<_> = checked.samples().iter().map(|s| s.input.clone()).collect();
    let mut found: [Vec<f32>; 3] = Default::default();
    let mut sum = 0.0;
    for step in 1..=20 {
        let Event::Batch { training, .. } = block_on(trainer.step()).unwrap() else {
            panic!("step {step} trains a batch");
        };
        // The trainer reports the epoch's mean so far.
        let so_far = training.loss * f64::from(step);
        found[0].push((so_far - std::mem::replace(&mut sum, so_far)) as f32);
        let weights = block_on(trainer.weights()).unwrap();
        let all = weights.tensors();
        for norm in all.keys().filter_map(|it| it.strip_suffix(".running_mean")) {
            for leaf in ["running_mean", "running_variance"] {
                let values = &all[&format!("{norm}.{leaf}")];
                found[2].push(values.floats().iter().sum::<f32>() / values.count() as f32);
            }
        }
        let answers = block_on(classifier(weights, &Device::flex()).classify(&inputs)).unwrap();
        let truths = checked.samples().iter().map(|sample| sample.label);
        let losses = answers
            .iter()
            .zip(truths)
            .map(|(answer, truth)| -answer.probabilities[truth].ln());
        found[1].push(losses.sum::<f32>() / inputs.len() as f32);
    }
    found
}

/// The last rung. At the recipe's rate rounding grows from step to step, since Adam's first steps are the
/// gradient's sign, and each batch norm divides by what it has rounded: Keras itself, with its pixels moved
/// by one unit in the last place, is soon as far away. With small steps the statistics tell even where Adam
/// adds its epsilon, which wgpu has elsewhere.
#[test]
fn twenty_steps_agree_in_loss_evaluation_and_running_statistics() {
    let expected = tensors("steps_expected.safetensors");
    let parts = ["loss", "evaluation", "statistics"];
    let of = |run: &str| parts.map(|part| expected[&format!("{run}/{part}")].floats().into_owned());
    let gaps = |found: &[Vec<f32>; 3], expected: &[Vec<f32>; 3]| {
        let pairs = found.iter().zip(expected);
        let gaps = pairs.map(|(found, expected)| {
            assert_eq!(found.len(), expected.len());
            let gaps = found.iter().zip(expected);
            gaps.map(|(a, b)| (a - b).abs() / b.abs().max(1.0))
                .fold(0.0, f32::max)
        });
        gaps.collect::<Vec<f32>>()
    };
    let rounding = gaps(&of("moved"), &of("recipe"));
    println!(
        "parity keras  twenty steps, recipe, pixels moved by 1 unit in the last place {rounding:?}"
    );
    for (name, device) in devices() {
        for (run, rate) in [("recipe", 0.001), ("slow", 0.00003)] {
            let found = gaps(&twenty_steps(rate, &device), &of(run));
            let most = match run {
                "slow" => [0.2, 1e-3, if name == "wgpu" { 1e-2 } else { 3e-3 }],
                _ => [1.5, 0.1, 0.2],
            };
            for ((part, gap), most) in parts.iter().zip(found).zip(most) {
                rung(name, &format!("twenty steps, {run}, {part}"), gap, most);
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_network_and_another_seed_another() {
    let draw = |seed| Weights::initial(tiny_config(), labels::digits(), seed).unwrap();
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
    // Glorot's bound, reached but not passed.
    let weights = draw(1);
    let kernel = &weights.tensors()["res5a_branch2b.kernel"];
    let limit = (6.0_f32 / ((32 + 32) * 9) as f32).sqrt();
    assert!(magnitude(kernel) <= limit && magnitude(kernel) > 0.99 * limit);
    // Weights are drawn on the host, and come back from a device unchanged.
    for (_, device) in devices() {
        let network = ResNet::load(draw(1), MOMENTUM, &device);
        let back = block_on(network.to_weights(&labels::digits())).unwrap();
        assert_eq!(back, draw(1));
    }
}

#[test]
fn a_network_on_a_plain_device_is_in_evaluation_mode() {
    // Running statistics stay as they are; only a device with autodiff moves them.
    let device = Device::flex();
    let network = ResNet::load(tiny_weights(), MOMENTUM, &device);
    let _ = network.forward(Tensor::ones([2, 3, 64, 64], &device));
    let after = block_on(network.to_weights(&labels::digits())).unwrap();
    assert_eq!(after, tiny_weights());
}

/// Restored batch norm gives the logits of the folded weights in training mode (statistics of the
/// batch), in evaluation mode (running statistics), and folded again.
#[test]
fn restored_batch_norm_changes_no_logits_in_training_nor_in_evaluation() {
    let pictures = bars(24, 0);
    let inputs: Vec<_> = pictures.samples().iter().map(|s| s.input.clone()).collect();
    let config = TrainConfig {
        augmentation: Augmentation::NONE,
        ..TrainConfig::default()
    };
    let folded = tiny_weights().fold();
    for (name, device) in devices() {
        let restored = restore_batch_norm(folded.clone(), &pictures, &config, &device);
        let restored = block_on(restored).unwrap();
        assert!(!restored.is_folded());
        let logits = |weights: Weights, device: &Device| {
            let network = ResNet::load(weights, MOMENTUM, device);
            host(network.forward(batch(&inputs, device)))
        };
        let expected = logits(folded.clone(), &device);
        let training = logits(restored.clone(), &device.clone().autodiff());
        for (mode, found) in [
            ("training", training),
            ("evaluation", logits(restored.clone(), &device)),
            ("folded", logits(restored.fold(), &device)),
        ] {
            let gap = difference(&found, &expected) / magnitude(&expected);
            assert!(gap < 1e-4, "{mode} on {name}: {gap}");
        }
    }
    let device = Device::flex();
    let restored = restore_batch_norm(tiny_weights(), &pictures, &config, &device);
    assert_eq!(block_on(restored).unwrap(), tiny_weights(), "nothing to do");
}
