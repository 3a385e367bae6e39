//! Which of a file's layers is which of the network's, and the weights that this makes.

use super::file::KerasFile;
use super::layer::{Kind, Layer, Variable};
use crate::error::{Error, Result};
use signet_recognizer::weights::keras::{Pixels, tensor};
use signet_recognizer::{
    ConvLayer, EPSILON, HostTensor, ResNetConfig, StageConfig, Tensors, Weights, labels,
};

/// The stages' strides, where no config tells them.
const STRIDES: [usize; 4] = [1, 2, 2, 2];

/// A fresh head's seed.
const HEAD_SEED: u64 = 0;

/// A convolution and the batch norm behind it, by their places in the file's layers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    pub conv: usize,
    pub norm: usize,
    /// The batch norm's, where the file tells or its names do; else Keras' default.
    pub epsilon: f64,
}

/// A block: its main path, and the shortcut of one that opens a stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    pub main: [Unit; 3],
    pub shortcut: Option<Unit>,
    /// Where the config tells it.
    pub stride: Option<usize>,
}

/// A whole network.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub stem: Unit,
    pub blocks: Vec<Block>,
    /// The dense layer; none in a network without its top.
    pub head: Option<usize>,
    /// What the first convolution expects.
    pub pixels: Pixels,
    /// A dense layer that is left out.
    pub left_out: Option<usize>,
}

impl Unit {
    pub fn new(conv: usize, norm: usize) -> Self {
        let epsilon = EPSILON;
        Self {
            conv,
            norm,
            epsilon,
        }
    }
}

impl Plan {
    /// Leaves the dense layer out: the network gets a fresh one.
    pub fn leave_out_head(&mut self) {
        self.left_out = self.head.take();
    }

    /// Exchanges the last convolution of a block's main path with its shortcut's.
    pub fn exchange(&mut self, block: usize) {
        let block = &mut self.blocks[block];
        if let Some(shortcut) = &mut block.shortcut {
            std::mem::swap(&mut block.main[2], shortcut);
        }
    }

    /// The units in the order of [`ResNetConfig::conv_layers`].
    fn units(&self) -> impl Iterator<Item = &Unit> {
        let blocks = self
            .blocks
            .iter()
            .flat_map(|block| block.main.iter().chain(&block.shortcut));
        std::iter::once(&self.stem).chain(blocks)
    }

    /// The network of the shapes in the file.
    pub fn config(&self, layers: &[Layer]) -> Result<ResNetConfig> {
        let output = |unit: &Unit| layers[unit.conv].variables[0].shape[3];
        let mut stages: Vec<StageConfig> = Vec::new();
        for block in &self.blocks {
            match (&block.shortcut, stages.last_mut()) {
                (None, Some(stage)) => stage.identity_blocks += 1,
                (None, None) => {
                    let layer = &layers[block.main[0].conv];
                    return Err(misfit(
                        layer,
                        "begins the first block, whose shortcut has no convolution",
                    ));
                }
                (Some(_), _) => stages.push(StageConfig {
                    filters: [0, 1, 2].map(|at| output(&block.main[at])),
                    stride: block
                        .stride
                        .or_else(|| STRIDES.get(stages.len()).copied())
                        .unwrap_or(2),
                    identity_blocks: 0,
                }),
            }
        }
        let classes = match self.head {
            Some(head) => layers[head].variables[0].shape[1],
            None => labels::digits().len(),
        };
        let stem = output(&self.stem);
        let config = ResNetConfig {
            stem,
            stages,
            classes,
            detector: false,
        };
        config.validate()?;
        Ok(config)
    }

    /// The weights: every variable at its place, or the first layer that doesn't fit. Batch norms stay.
    pub fn weights(&self, file: &KerasFile) -> Result<Weights> {
        let layers = &file.layers;
        let config = self.config(layers)?;
        let convs = config.conv_layers();
        for (conv, unit) in convs.iter().zip(self.units()) {
            require_fit(conv, &layers[unit.conv], &layers[unit.norm])?;
        }
        self.require_head(&config, layers)?;
        self.require_all(layers)?;
        let mut tensors = Tensors::new();
        for (conv, unit) in convs.iter().zip(self.units()) {
            place(file, conv, unit, &mut tensors)?;
        }
        self.pixels.fold(&mut tensors)?;
        let labels: Vec<String> = match config.classes {
            6 => labels::digits(),
            classes => (0..classes).map(|class| class.to_string()).collect(),
        };
        match self.head {
            Some(head) => {
                for (at, leaf) in ["kernel", "bias"].into_iter().enumerate() {
                    let found = layers[head].variable(leaf, at);
                    let values = found
                        .map(|v| Ok::<_, Error>(tensor(&v.shape, file.store.floats(v)?)))
                        .transpose()?;
                    let values = values.unwrap_or_else(|| constant(config.classes, 0.0));
                    tensors.insert(format!("fc.{leaf}"), values);
                }
            }
            None => {
                let mut fresh =
                    Weights::initial(config.clone(), labels.clone(), HEAD_SEED)?.into_tensors();
                for name in ["fc.kernel", "fc.bias"] {
                    tensors.extend(fresh.remove(name).map(|tensor| (name.to_owned(), tensor)));
                }
            }
        }
        Ok(Weights::new(config, labels, tensors)?)
    }

    fn require_head(&self, config: &ResNetConfig, layers: &[Layer]) -> Result<()> {
        let Some(head) = self.head.map(|head| &layers[head]) else {
            return Ok(());
        };
        let expected = [config.features(), config.classes];
        if head.variables[0].shape != expected {
            let found = sides(&head.variables[0].shape);
            return Err(misfit(
                head,
                format!(
                    "is {found}, and a dense layer behind the average of {} features is needed",
                    expected[0]
                ),
            ));
        }
        require_bias(head, config.classes)
    }

    /// Refuses a layer with weights that has no place in the network.
    fn require_all(&self, layers: &[Layer]) -> Result<()> {
        let mut used = vec![false; layers.len()];
        for at in self
            .units()
            .flat_map(|unit| [unit.conv, unit.norm])
            .chain(self.head)
            .chain(self.left_out)
        {
            if std::mem::replace(&mut used[at], true) {
                return Err(misfit(&layers[at], "has two places in the network"));
            }
        }
        let is_left = |(layer, used): &(&Layer, bool)| !used && layer.kind() != Kind::Seed;
        match layers.iter().zip(used).find(is_left) {
            Some((layer, _)) => {
                let shapes: Vec<String> = layer.variables.iter().map(|v| sides(&v.shape)).collect();
                Err(misfit(
                    layer,
                    format!(
                        "with weights of {} has no place in the network",
                        shapes.join(", ")
                    ),
                ))
            }
            None => Ok(()),
        }
    }
}

fn require_fit(conv: &ConvLayer, layer: &Layer, norm: &Layer) -> Result<()> {
    let expected = [conv.kernel, conv.kernel, conv.input, conv.output];
    let found = &layer.variables[0].shape;
    if found != &expected {
        let (found, expected, name) = (sides(found), sides(&expected), &conv.name);
        return Err(misfit(
            layer,
            format!("is {found}, and {expected} is needed for `{name}`"),
        ));
    }
    require_bias(layer, conv.output)?;
    let length = &norm.variables[0].shape;
    if length != &[conv.output] {
        let (found, name) = (sides(length), &conv.norm);
        return Err(misfit(
            norm,
            format!(
                "has {found} channels, and {} are needed for `{name}`",
                conv.output
            ),
        ));
    }
    let is_whole = norm.variables.len() == 4 || norm.variables.iter().all(|v| v.leaf.is_some());
    if !is_whole {
        return Err(misfit(
            norm,
            "has fewer than four lists, and the file doesn't say whether scale or center is left out: save the model as .keras or .h5",
        ));
    }
    Ok(())
}

fn require_bias(layer: &Layer, output: usize) -> Result<()> {
    match layer.variables.get(1) {
        Some(bias) if bias.shape != [output] => Err(misfit(
            layer,
            format!(
                "has a bias of {}, and {output} is needed",
                sides(&bias.shape)
            ),
        )),
        _ => Ok(()),
    }
}

/// Reads a convolution and its batch norm.
fn place(file: &KerasFile, conv: &ConvLayer, unit: &Unit, tensors: &mut Tensors) -> Result<()> {
    let [layer, norm] = [unit.conv, unit.norm].map(|at| &file.layers[at]);
    let read =
        |variable: &Variable| Ok::<_, Error>(tensor(&variable.shape, file.store.floats(variable)?));
    let or = |variable: Option<&Variable>, default: f32| match variable {
        Some(variable) => read(variable),
        None => Ok(constant(conv.output, default)),
    };
    tensors.insert(format!("{}.kernel", conv.name), read(&layer.variables[0])?);
    tensors.insert(
        format!("{}.bias", conv.name),
        or(layer.variables.get(1), 0.0)?,
    );
    let leaves = [("gamma", "gamma", 1.0), ("beta", "beta", 0.0)];
    let statistics = [
        ("moving_mean", "running_mean", 0.0),
        ("moving_variance", "running_variance", 1.0),
    ];
    for (at, (leaf, to, default)) in leaves.into_iter().chain(statistics).enumerate() {
        let mut values = or(norm.variable(leaf, at), default)?;
        if to == "running_variance" && unit.epsilon != EPSILON {
            let difference = unit.epsilon - EPSILON;
            let moved = |value: &mut f32| *value = (f64::from(*value) + difference) as f32;
            values.floats_mut().iter_mut().for_each(moved);
        }
        tensors.insert(format!("{}.{to}", conv.norm), values);
    }
    Ok(())
}

fn constant(length: usize, value: f32) -> HostTensor {
    HostTensor::new(vec![length], vec![value; length])
}

/// A shape as people write it: `3x3x64x64`.
pub fn sides(shape: &[usize]) -> String {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    sides.join("x")
}

/// A refusal that names a layer.
pub fn misfit(layer: &Layer, reason: impl Into<String>) -> Error {
    Error::KerasLayer {
        layer: layer.shown().to_owned(),
        reason: reason.into(),
    }
}
