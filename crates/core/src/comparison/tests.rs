use super::*;
use crate::block::{Block, ConvNorm};
use burn::module::Module;
use burn::module::Param;
use burn::tensor::activation::relu;
use network::NarrowBlock;
use pollster::block_on;
use signet_recognizer::labels;

const BOTH: [bool; 2] = [true, false];

fn variants() -> Vec<Variant> {
    let of = |skips| BOTH.map(|batch_norm| Variant { skips, batch_norm });
    BOTH.map(of).concat()
}

fn config(depth: usize) -> ComparisonConfig {
    ComparisonConfig {
        depth,
        variants: variants(),
        batch_size: 12,
        learning_rate: 0.02,
        seed: 3,
    }
}

/// Squares whose place and color are the class, before noise.
fn pictures() -> Dataset {
    let samples = (0..30).map(|index| {
        let label = index % 6;
        let noise = move |x: usize, y: usize| ((x * 31 + y * 17 + index * 13) % 23) as u8;
        let input = InputImage::from_fn(64, |x, y| {
            let inside = x / 16 == label % 3 && y / 16 == label / 3;
            [if inside { 220 } else { 40 }, noise(x, y), 20 * label as u8]
        });
        crate::Sample { input, label }
    });
    Dataset::new(labels::digits(), samples.collect()).expect("six labels")
}

fn start(config: ComparisonConfig) -> Comparison {
    Comparison::new(config, pictures(), &Device::flex()).expect("it starts")
}

impl Comparison {
    fn network(&self, at: usize) -> &NarrowNetwork {
        &self.networks[at].as_ref().expect("in training").0
    }
}

/// Steps until `count` are done.
fn steps(comparison: &mut Comparison, count: usize) -> Vec<Step> {
    let steps = (0..count).map(|_| block_on(comparison.step()).expect("the device works"));
    steps.collect()
}

/// Logits by burn's own modules, one after the other.
fn by_hand(network: &NarrowNetwork, input: Tensor<4>) -> Tensor<2> {
    let layer = |layer: &ConvNorm, x: Tensor<4>| {
        let x = layer.conv.forward(x);
        layer
            .norm
            .as_ref()
            .map_or(x.clone(), |norm| norm.forward(x))
    };
    let main =
        |[a, b, c]: [&ConvNorm; 3], x: Tensor<4>| layer(c, relu(layer(b, relu(layer(a, x)))));
    let stem = relu(layer(&network.stem, input));
    let map = network.blocks.iter().fold(stem, |x, block| match block {
        NarrowBlock::Plain(plain) => relu(main([&plain.a, &plain.b, &plain.c], x)),
        NarrowBlock::Residual(Block::Identity(block)) => {
            relu(main(block.main.layers(), x.clone()) + x)
        }
        NarrowBlock::Residual(Block::Convolutional(block)) => {
            relu(main(block.main.layers(), x.clone()) + layer(&block.shortcut, x))
        }
    });
    let features = map.mean_dims(&[2, 3]).flatten::<2>(1, 3);
    network.head.forward(features)
}

fn cross_entropy(logits: Tensor<2>, labels: &[usize]) -> Tensor<1> {
    let rows = logits.dims()[0];
    let targets: Vec<i64> = labels.iter().map(|&label| label as i64).collect();
    let targets = Tensor::<1, Int>::from_data(&targets[..], &logits.device());
    let logs = burn::tensor::activation::log_softmax(logits, 1);
    logs.gather(1, targets.reshape([rows, 1])).mean().neg()
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec_as().expect("floats")
}

/// Loss, accuracy and norms are those of the same network put together of burn's modules, and of the
/// gradients that burn's autodiff finds for it.
#[test]
fn what_is_measured_equals_burns_own_gradients() {
    for depth in [8, 20] {
        let mut comparison = start(config(depth));
        let (inputs, labels) = comparison.next_batch();
        assert_eq!(inputs.dims(), [12, 3, SIDE, SIDE]);
        let expected = (0..variants().len()).map(|at| {
            let network = comparison.network(at);
            let logits = by_hand(network, inputs.clone());
            let loss = cross_entropy(logits, &labels);
            let gradients = loss.backward();
            let head = network.head.weight.val().grad(&gradients).expect("one");
            let main = network.blocks.iter().flat_map(|block| match block {
                NarrowBlock::Plain(main) => main.layers(),
                NarrowBlock::Residual(block) => block.parts().0,
            });
            let layers = std::iter::once(&network.stem).chain(main);
            let gradient = |layer: &ConvNorm| layer.conv.weight.val().grad(&gradients);
            let norms =
                layers.map(|layer| config::euclidean(&floats(gradient(layer).expect("one"))));
            let norms: Vec<f64> = norms.chain([config::euclidean(&floats(head))]).collect();
            (floats(loss)[0], norms)
        });
        let expected: Vec<_> = expected.collect();
        let step = steps(&mut comparison, 1).remove(0);
        for ((found, (loss, norms)), variant) in step.networks.iter().zip(&expected).zip(variants())
        {
            let found = found.as_ref().expect("finite");
            assert!(
                (found.loss as f32 - loss).abs() < 1e-4,
                "{variant:?}: {} {loss}",
                found.loss
            );
            assert_eq!((found.norms.len(), norms.len()), (depth, depth));
            for ((found, expected), layer) in found.norms.iter().zip(norms).zip(comparison.layers())
            {
                let gap = (found - expected).abs() / expected;
                assert!(
                    gap < 0.01,
                    "{variant:?}, {}: {found} {expected}",
                    layer.name
                );
            }
        }
    }
}

/// A gradient's norm is the slope of the loss along it.
#[test]
fn norms_are_slopes_of_the_loss() {
    let mut comparison = start(config(8));
    let (inputs, labels) = comparison.next_batch();
    let networks: Vec<_> = (0..4).map(|at| comparison.network(at).clone()).collect();
    let step = steps(&mut comparison, 1).remove(0);
    for (network, found) in networks.into_iter().zip(step.networks) {
        let expected = found.expect("finite").norms;
        let loss =
            |network: &NarrowNetwork| cross_entropy(network.forward(inputs.clone()), &labels);
        let gradients = loss(&network).backward();
        let kernel = network.stem.conv.weight.val();
        let gradient = Tensor::from_inner(kernel.grad(&gradients).expect("one"));
        let at = |distance: f64| {
            let moved = kernel.clone() + gradient.clone() * (distance / expected[0]);
            let mut network = network.clone();
            network.stem.conv.weight = Param::from_tensor(moved.detach());
            f64::from(floats(loss(&network))[0])
        };
        let reach = 0.002 / expected[0].max(0.1);
        let slope = (at(reach) - at(-reach)) / (2.0 * reach);
        assert!(
            (slope / expected[0] - 1.0).abs() < 0.1,
            "{slope} {}",
            expected[0]
        );
    }
}

#[test]
fn a_plain_network_has_its_skips_left_out_and_the_same_kernels() {
    let comparison = start(config(20));
    let count = |at: usize| comparison.network(at).num_params();
    // Biases apart, a network with skips has the shortcuts' kernels more: 8 to 32, 32 to 64, 64 to 128
    // and 128 to 256 channels.
    let shortcuts = [(8, 32), (32, 64), (64, 128), (128, 256)].map(|(i, o)| i * o + o);
    assert_eq!(count(1) - count(3), shortcuts.iter().sum::<usize>());
    assert!(count(0) > count(1) && count(2) > count(3), "batch norm");
    for at in 1..4 {
        let [a, b] = [0, at].map(|at| floats(comparison.network(at).stem.conv.weight.val()));
        assert_eq!(a, b);
        let [a, b] = [0, at].map(|at| floats(comparison.network(at).head.weight.val()));
        assert_eq!(a, b);
    }
}

#[test]
fn losses_fall_and_the_same_seed_gives_the_same_steps() {
    let run = |seed| steps(&mut start(ComparisonConfig { seed, ..config(8) }), 30);
    let found = run(3);
    assert!(found.iter().map(|step| step.step).eq(1..=30));
    assert_eq!(found, run(3));
    assert_ne!(found[0], run(4)[0]);
    let loss = |step: &Step, at: usize| step.networks[at].as_ref().expect("finite").loss;
    for at in [0, 2] {
        let (first, last) = (loss(&found[0], at), loss(&found[29], at));
        assert!(last < 0.5 * first, "{at}: from {first} to {last}");
    }
}

/// He et al. 2015, section 4.1, and what they don't say: batch norm keeps the gradients of a plain
/// network from vanishing, and without skips they grow from layer to layer towards the input.
#[test]
fn deep_plain_networks_have_vanishing_gradients_without_batch_norm_and_growing_ones_with_it() {
    let step = steps(&mut start(config(50)), 1).remove(0);
    let first = |at: usize| step.networks[at].as_ref().expect("finite").norms[0];
    let [residual, residual_bare, plain, plain_bare] = [0, 1, 2, 3].map(first);
    assert!(plain_bare < 1e-6, "{plain_bare}");
    assert!(residual_bare > 1e-3, "{residual_bare}");
    assert!(plain > residual && residual > 1.0, "{plain} {residual}");
}

#[test]
fn a_network_that_diverges_is_given_up_and_nonsense_is_refused() {
    let mut wild = start(ComparisonConfig {
        learning_rate: 1e30,
        ..config(8)
    });
    let found = steps(&mut wild, 4);
    assert!(
        found[0].networks.iter().all(Option::is_some),
        "as initialized"
    );
    assert!(found[3].networks.iter().all(Option::is_none));

    let usual = || config(8);
    for (config, name) in [
        (
            ComparisonConfig {
                depth: 9,
                ..usual()
            },
            "depth",
        ),
        (
            ComparisonConfig {
                variants: vec![],
                ..usual()
            },
            "networks",
        ),
        (
            ComparisonConfig {
                batch_size: 1,
                ..usual()
            },
            "batch size",
        ),
        (
            ComparisonConfig {
                learning_rate: f64::NAN,
                ..usual()
            },
            "learning rate",
        ),
    ] {
        match Comparison::new(config, pictures(), &Device::flex()) {
            Err(Error::Setting { name: found, .. }) => assert_eq!(found, name),
            _ => panic!("{name} was let through"),
        }
    }
    let one = Dataset::new(labels::digits(), pictures().samples()[..1].to_vec()).expect("a label");
    assert!(Comparison::new(usual(), one, &Device::flex()).is_err());
}
