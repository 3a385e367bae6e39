//! The narrow network as a burn module.

use super::config::Variant;
use crate::block::{Block, ConvNorm, MainPath};
use crate::parameters::ParameterSource;
use burn::module::{Module, ParamId};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use signet_recognizer::{ResNetConfig, Tensors};

/// Stem, blocks, the mean over all places, head.
#[derive(Module, Debug)]
pub(super) struct NarrowNetwork {
    pub stem: ConvNorm,
    pub blocks: Vec<NarrowBlock>,
    pub head: Linear,
}

/// A block with its skip connection or without.
#[expect(clippy::large_enum_variant, reason = "as of `Block`")]
#[derive(Module, Debug)]
pub(super) enum NarrowBlock {
    Residual(Block),
    Plain(MainPath),
}

impl NarrowNetwork {
    /// The network of `tensors`, of which it takes those that its variant has: a kernel is the same in each.
    pub fn load(
        config: &ResNetConfig,
        variant: Variant,
        tensors: Tensors,
        device: &Device,
    ) -> Self {
        let mut source = ParameterSource {
            tensors,
            norms: variant.batch_norm,
            // Nobody reads the running statistics: the networks are always in training mode.
            momentum: 0.1,
            taken: 0,
        };
        let stem = ConvNorm::load(&config.stem_layer(), &mut source, device);
        let blocks = config.blocks().into_iter().flatten();
        let blocks = blocks.map(|layers| match variant.skips {
            true => NarrowBlock::Residual(Block::load(&layers, &mut source, device)),
            false => NarrowBlock::Plain(MainPath::load(&layers.main, &mut source, device)),
        });
        Self {
            stem,
            blocks: blocks.collect(),
            head: Linear {
                weight: source.dense_param("fc", device),
                bias: Some(source.param("fc", "bias", device)),
            },
        }
    }

    /// # Shapes
    ///
    /// - `input`: `[batch, 3, 32, 32]`
    /// - output: `[batch, classes]`, logits
    pub fn forward(&self, input: Tensor<4>) -> Tensor<2> {
        let x = self.stem.rectified(input, None);
        let map = self.blocks.iter().fold(x, |x, block| match block {
            NarrowBlock::Residual(block) => block.forward(x),
            NarrowBlock::Plain(main) => main.forward(x, None),
        });
        let features = map.flatten::<3>(2, 3).mean_dim(2);
        self.head.forward(features.flatten::<2>(1, 2))
    }

    /// The kernels of stem and main paths, in order, and the head's.
    pub fn kernels(&self) -> (Vec<ParamId>, ParamId) {
        let main = self.blocks.iter().flat_map(|block| match block {
            NarrowBlock::Residual(block) => block.parts().0,
            NarrowBlock::Plain(main) => main.layers(),
        });
        let layers = std::iter::once(&self.stem).chain(main);
        let convolutions = layers.map(|layer| layer.conv.weight.id);
        (convolutions.collect(), self.head.weight.id)
    }
}
