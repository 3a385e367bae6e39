//! The network in a config's graph, found from its output to its input. What the network doesn't have is refused by the
//! name of the layer.

use super::file::KerasFile;
use super::graph::Graph;
use super::layer::Kind;
use super::plan::{Block, Plan, Unit};
use super::walk::{Walk, activation, numbers, text_of};
use crate::error::{Error, Result};
use serde_json::Value;
use signet_recognizer::EPSILON;
use signet_recognizer::weights::keras::Pixels;

/// As many blocks a network may have.
const MOST_BLOCKS: usize = 300;

/// What a graph tells of a network.
#[derive(Debug)]
pub struct Trunk {
    pub plan: Plan,
    /// A batch norm that is called as in training, whatever is asked for.
    pub training: Option<String>,
    /// Whether the maximum pooling is padded, as in Keras' own ResNet50.
    pub padded_pool: bool,
    /// The picture's side, where the config fixes it to another than the network's.
    pub input: Option<String>,
}

/// Finds the network in a graph.
pub fn find(graph: &Graph, file: &KerasFile) -> Result<Trunk> {
    let walk = Walk::new(graph, file);
    let (head, mut at) = walk.head()?;
    let mut blocks = Vec::new();
    while !walk.is(at, "MaxPooling2D") {
        let (block, input) = walk.block(at)?;
        blocks.push(block);
        if blocks.len() > MOST_BLOCKS {
            return Err(walk.misfit(at, format!("ends one of more than {MOST_BLOCKS} blocks")));
        }
        at = input;
    }
    blocks.reverse();
    let (stem, padded_pool, at) = walk.stem(at)?;
    let (pixels, input) = walk.pixels(at)?;
    let training = graph
        .nodes
        .iter()
        .find(|node| node.training && node.class == "BatchNormalization");
    Ok(Trunk {
        plan: Plan {
            stem,
            blocks,
            head,
            pixels,
            left_out: None,
        },
        training: training.map(|node| node.name.clone()),
        padded_pool,
        input,
    })
}

impl Walk<'_> {
    /// The dense layer, where there is one, and the node that the features are averaged of.
    fn head(&self) -> Result<(Option<usize>, usize)> {
        let mut at = self.passed(self.graph.output)?;
        if self.is(at, "Softmax")
            || activation(self.node(at)) == Some("softmax") && !self.is(at, "Dense")
        {
            at = self.input(at)?;
        }
        let mut head = None;
        if self.is(at, "Dense") {
            match activation(self.node(at)) {
                Some("softmax" | "linear") | None => {}
                Some(other) => {
                    return Err(
                        self.misfit(at, format!("answers by {other}, and softmax is needed"))
                    );
                }
            }
            head = Some(self.stored(at, Kind::Dense)?);
            at = self.input(at)?;
        }
        while self.is(at, "Flatten") || self.is(at, "Reshape") {
            at = self.input(at)?;
        }
        if self.is(at, "AveragePooling2D") {
            self.require(at, "pool_size", &[2, 2])?;
            at = self.input(at)?;
        } else if self.is(at, "GlobalAveragePooling2D") {
            at = self.input(at)?;
        } else if head.is_some() {
            return Err(self.misfit(
                at,
                "is before the dense layer, and an average pooling is needed",
            ));
        }
        Ok((head, at))
    }

    /// A block by its last activation, and the node that it takes.
    fn block(&self, at: usize) -> Result<(Block, usize)> {
        let sum = self.relu(at)?;
        let node = self.node(sum);
        let is_sum =
            ["Add", "add"].contains(&&*node.class) || text_of(node, "function").contains("add");
        let [left, right] = node.inputs[..] else {
            return Err(self.misfit(
                sum,
                "is before an activation, and the sum of a block is needed",
            ));
        };
        if !is_sum {
            return Err(self.misfit(
                sum,
                "is before an activation, and the sum of a block is needed",
            ));
        }
        let paths = [left, right].map(|input| self.path(input));
        let [left, right] = paths;
        let (left, right) = (left?, right?);
        let (main, short) = if left.0.len() > right.0.len() {
            (left, right)
        } else {
            (right, left)
        };
        let (Ok(units), Ok(strides)) = (
            <[Unit; 3]>::try_from(main.0),
            <[usize; 3]>::try_from(main.1),
        ) else {
            return Err(self.misfit(
                sum,
                "adds no path of three convolutions, each with a batch norm",
            ));
        };
        if short.0.len() > 1 {
            return Err(self.misfit(sum, "adds two paths with more than one convolution"));
        }
        if main.2 != short.2 {
            return Err(self.misfit(sum, "adds two paths that do not begin at one layer"));
        }
        let shown = |unit: &Unit| self.file.layers[unit.conv].shown().to_owned();
        if let Some(at) = (1..3).find(|at| strides[*at] != 1) {
            return Err(Error::KerasLayer {
                layer: shown(&units[at]),
                reason: format!(
                    "has the stride {}, and a block's stride is on its first 1x1 convolution here: its weights would answer otherwise",
                    strides[at]
                ),
            });
        }
        let shortcut = short.0.first().copied();
        let of_shortcut = short.1.first().copied().unwrap_or(1);
        if strides[0] != of_shortcut {
            return Err(Error::KerasLayer {
                layer: shown(&units[0]),
                reason: format!(
                    "has the stride {}, and its block's shortcut {of_shortcut}",
                    strides[0]
                ),
            });
        }
        let block = Block {
            main: units,
            shortcut,
            stride: Some(strides[0]),
        };
        Ok((block, main.2))
    }

    /// The convolutions of a path into a block's sum, first to last, with their strides, and where the path begins.
    fn path(&self, at: usize) -> Result<(Vec<Unit>, Vec<usize>, usize)> {
        let (mut units, mut strides) = (Vec::new(), Vec::new());
        let mut at = self.passed(at)?;
        let begins = |at: usize| !self.is(at, "BatchNormalization");
        while units.len() < 4 && !begins(at) {
            let (unit, stride, input) = self.unit(at)?;
            units.push(unit);
            strides.push(stride);
            at = input;
            // An activation within the path, or the block's input.
            if let Ok(before) = self.relu(at)
                && !begins(before)
                && !self.is_stem(before)
            {
                at = before;
            }
        }
        units.reverse();
        strides.reverse();
        Ok((units, strides, at))
    }

    /// Whether a batch norm is the stem's: a block without a pooling before it would run into it.
    fn is_stem(&self, norm: usize) -> bool {
        let conv = self.input(norm);
        conv.is_ok_and(|conv| numbers(self.node(conv), "kernel_size") == Some(vec![7, 7]))
    }

    /// A convolution and the batch norm at a node, the stride, and the node that the convolution takes.
    fn unit(&self, norm: usize) -> Result<(Unit, usize, usize)> {
        let conv = self.input(norm)?;
        if !self.is(conv, "Conv2D") {
            return Err(self.misfit(conv, "is before a batch norm, and a Conv2D is needed"));
        }
        let node = self.node(conv);
        if let Some(other) = activation(node).filter(|other| *other != "linear") {
            return Err(self.misfit(
                conv,
                format!("has the activation {other} before its batch norm"),
            ));
        }
        for (key, needed) in [("dilation_rate", vec![1, 1]), ("groups", vec![1])] {
            if node.config.contains_key(key) {
                self.require(conv, key, &needed)?;
            }
        }
        if text_of(node, "data_format") == "channels_first" {
            return Err(self.misfit(conv, "has its channels first, and they are needed last"));
        }
        let strides = numbers(node, "strides").unwrap_or(vec![1, 1]);
        let [stride, across] = strides[..] else {
            return Err(self.misfit(conv, "has no two strides"));
        };
        let kernel = numbers(node, "kernel_size").unwrap_or_default();
        let needed = if kernel == [3, 3] { "same" } else { "valid" };
        let padding = text_of(node, "padding");
        if stride != across || kernel != [1, 1] && padding != needed {
            return Err(self.misfit(
                conv,
                format!(
                    "has the strides {strides:?} and the padding {padding}, and {needed} is needed"
                ),
            ));
        }
        let norm_node = self.node(norm);
        let epsilon = norm_node
            .config
            .get("epsilon")
            .and_then(Value::as_f64)
            .unwrap_or(EPSILON);
        let unit = Unit {
            conv: self.stored(conv, Kind::Conv)?,
            norm: self.stored(norm, Kind::Norm)?,
            epsilon,
        };
        Ok((unit, stride, self.input(conv)?))
    }

    /// The stem by its pooling, whether the pooling is padded, and the node that the stem takes.
    fn stem(&self, pool: usize) -> Result<(Unit, bool, usize)> {
        self.require(pool, "pool_size", &[3, 3])?;
        self.require(pool, "strides", &[2, 2])?;
        let mut at = self.input(pool)?;
        let padded = self.is(at, "ZeroPadding2D");
        if padded {
            at = self.input(at)?;
        }
        if text_of(self.node(pool), "padding") == "same" {
            return Err(self.misfit(pool, "pads its pictures, and no padding is needed"));
        }
        let norm = self.relu(at)?;
        let (unit, stride, mut at) = self.unit(norm)?;
        if stride != 2 {
            return Err(self.misfit(
                at,
                format!(
                    "is before the first convolution, whose stride is {stride}, and 2 is needed"
                ),
            ));
        }
        if !self.is(at, "ZeroPadding2D") {
            return Err(self.misfit(
                at,
                "is before the first convolution, and a ZeroPadding2D by 3 is needed",
            ));
        }
        let padding = numbers(self.node(at), "padding").unwrap_or_default();
        if padding != [3; 4] && padding != [3; 2] {
            return Err(self.misfit(
                at,
                format!("pads by {padding:?}, and 3 on every side is needed"),
            ));
        }
        at = self.input(at)?;
        Ok((unit, padded, at))
    }

    /// What the first convolution expects of pixels, from the layers before it to the input.
    fn pixels(&self, mut at: usize) -> Result<(Pixels, Option<String>)> {
        let mut pixels = Pixels::UNIT_RGB;
        if self.is(at, "Rescaling") {
            let number = |key: &str| self.node(at).config.get(key).and_then(Value::as_f64);
            let (Some(scale), offset) = (number("scale"), number("offset").unwrap_or(0.0)) else {
                return Err(self.misfit(at, "has no scale that is one number"));
            };
            // Of pixels from 0 to 255. A scale of nearly 1/255 is 1/255 that was rounded.
            let scale = if (scale * 255.0 - 1.0).abs() < 1e-6 {
                1.0
            } else {
                scale * 255.0
            };
            pixels.scale = [scale; 3];
            pixels.offset = [offset; 3];
            at = self.input(at)?;
        }
        if !self.is(at, "InputLayer") {
            return Err(self.misfit(
                at,
                "changes the picture before the first convolution, and only a Rescaling is read",
            ));
        }
        let config = &self.node(at).config;
        let shape = ["batch_shape", "batch_input_shape"]
            .iter()
            .find_map(|key| config.get(*key)?.as_array());
        let side = shape.and_then(|shape| shape.get(1)?.as_u64());
        let other = side.filter(|side| *side != 64);
        Ok((pixels, other.map(|_| self.node(at).name.clone())))
    }
}
