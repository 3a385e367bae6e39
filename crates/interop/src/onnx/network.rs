//! The network in an ONNX file: its layers, found by following the values from the input on.

use super::decode::Source;
use super::file::{File, Node};
use super::graph::{Graph, unfit};
use super::nodes::pads;
use super::{decode, metadata};
use crate::error::{Error, Result};
use crate::imported::{Imported, Note};
use signet_recognizer::{
    BOUNDING_BOX_LAYER, BlockLayers, ConvLayer, HostTensor, INPUT_SIDE, PRESENCE_LAYER,
    ResNetConfig, Tensors, Weights,
};

/// Operations that change nothing in pooled features but their shape.
const RESHAPING: [&str; 5] = ["Flatten", "Reshape", "Squeeze", "Identity", "Dropout"];

/// What is given each tensor and its name.
type Keep<'k> = &'k mut dyn FnMut(&str, HostTensor) -> Result<HostTensor>;

/// Reads an ONNX file that has this project's network.
///
/// # Errors
///
/// [`Error::OnnxFormat`] for what is no such file, [`Error::OnnxNetwork`] for another network, and what
/// [`Weights::new`] refuses.
pub fn import(source: &dyn Source) -> Result<Imported> {
    read(source, &mut |_, tensor| Ok(tensor))
}

/// As [`import`]; `keep` is given each tensor with its name, and returns the one that is kept in its place.
pub(super) fn read(source: &dyn Source, keep: Keep<'_>) -> Result<Imported> {
    let file = File::read(source)?;
    refuse_torchvision(&file)?;
    let graph = Graph::new(source, &file);
    let input = input(&file)?;
    let told = metadata::read(&file.metadata)?;
    let mut notes = Vec::new();
    let network = told.network.clone().unwrap_or_default();
    let mut walk = Walk {
        graph,
        tensors: Tensors::new(),
        keep,
    };
    let map = walk.convolutions(&network, input)?;
    let classes = walk.head(&network, map)?;
    let network = network.with_classes(classes);
    if network.detector {
        walk.detector(&network, map)?;
    }
    let labels = told.labels.unwrap_or_else(|| {
        notes.push(Note::LabelsNumbered { classes });
        (0..classes).map(|class| class.to_string()).collect()
    });
    if !told.is_preprocessing_known {
        notes.push(Note::PreprocessingUnknown);
    }
    let mut weights = Weights::new(network, labels, walk.tensors)?;
    if let Some(logits) = told.reference_logits {
        weights = weights.with_reference_logits(logits)?;
    }
    Ok(Imported { weights, notes })
}

/// The shapes of torchvision's ResNet-50 are this network's, and only the strides tell them apart.
fn refuse_torchvision(file: &File) -> Result<()> {
    let is_strided = |node: &&Node| {
        node.operation == "Conv"
            && node.integers("kernel_shape", &[]) == [3, 3]
            && node.integers("strides", &[1, 1]) == [2, 2]
    };
    match file.nodes.iter().find(is_strided) {
        Some(node) => Err(unfit(
            node,
            "a stage's stride is on its 3x3 convolution, as in torchvision's ResNet-50; here it is on the first 1x1 convolution. \
             The shapes are the same and the network is another, so that its weights are of no use here",
        )),
        None => Ok(()),
    }
}

/// The one input, of pictures of the size that is read here.
fn input(file: &File) -> Result<&str> {
    let [(name, dims)] = file.inputs.as_slice() else {
        return Err(decode::wrong(format!(
            "its graph has {} inputs, and one is needed",
            file.inputs.len()
        )));
    };
    let side = INPUT_SIDE as i64;
    let fits =
        |at: usize, needed: i64| dims.get(at).is_none_or(|found| [0, needed].contains(found));
    let is_fit = dims.is_empty() || dims.len() == 4;
    if is_fit && fits(1, 3) && fits(2, side) && fits(3, side) {
        return Ok(name);
    }
    Err(Error::OnnxNetwork {
        node: super::graph::shown(name),
        reason: format!("the input is {dims:?}, and [batch, 3, {side}, {side}] is needed"),
    })
}

struct Walk<'a, 'k> {
    graph: Graph<'a>,
    tensors: Tensors,
    keep: Keep<'k>,
}

impl<'a> Walk<'a, '_> {
    /// From the input to the last stage's map.
    fn convolutions(&mut self, network: &ResNetConfig, input: &'a str) -> Result<&'a str> {
        let stem = network.stem_layer();
        let node = self
            .graph
            .reader(input, &["Conv"], "the convolution conv1")?;
        let x = self.conv(node, &stem)?;
        let x = self.relu(x, &stem.name)?;
        let pool = self.graph.reader(x, &["MaxPool"], "a max pooling")?;
        let is_pool = pool.integers("kernel_shape", &[]) == [3, 3]
            && pool.integers("strides", &[1, 1]) == [2, 2]
            && pool.integers("pads", &[0; 4]) == [0; 4]
            && pool.integer("ceil_mode", 0) == 0
            && is_usual(pool);
        if !is_pool {
            return Err(unfit(
                pool,
                "a max pooling of 3x3 with stride 2 and without padding is needed",
            ));
        }
        let mut x = self.graph.output(pool)?;
        for block in network.blocks().iter().flatten() {
            x = self.block(block, x)?;
        }
        Ok(x)
    }

    fn block(&mut self, block: &BlockLayers, x: &'a str) -> Result<&'a str> {
        let [a, b, c] = &block.main;
        let convs = self.graph.readers(x).iter().copied();
        let convs: Vec<_> = convs.filter(|node| node.operation == "Conv").collect();
        // What a convolution's result goes to tells the main path from the shortcut.
        let is_shortcut = |node: &Node| {
            let output = node.outputs.first().map_or("", String::as_str);
            let readers = self.graph.readers(output);
            readers.iter().any(|reader| reader.operation == "Add")
        };
        let needed = format!("the convolution {}", a.name);
        let main = convs.iter().copied().find(|node| !is_shortcut(node));
        let first = match main {
            Some(node) => node,
            None => self.graph.reader(x, &["Conv"], &needed)?,
        };
        let beside = convs.iter().copied().find(|node| is_shortcut(node));
        let y = self.conv(first, a)?;
        let y = self.relu(y, &a.name)?;
        let node = self
            .graph
            .reader(y, &["Conv"], &format!("the convolution {}", b.name))?;
        let y = self.conv(node, b)?;
        let y = self.relu(y, &b.name)?;
        let node = self
            .graph
            .reader(y, &["Conv"], &format!("the convolution {}", c.name))?;
        let y = self.conv(node, c)?;
        let shortcut = match &block.shortcut {
            Some(layer) => {
                let node = beside.ok_or_else(|| {
                    unfit(
                        first,
                        format!("a convolution beside it, {}, is needed", layer.name),
                    )
                })?;
                self.conv(node, layer)?
            }
            None => x,
        };
        let sum = self
            .graph
            .reader(y, &["Add"], &format!("the sum of block {}", block.name))?;
        if sum.inputs.len() != 2 || !sum.inputs.iter().any(|input| input == shortcut) {
            return Err(unfit(sum, "a block adds its shortcut to its main path"));
        }
        let x = self.graph.output(sum)?;
        self.relu(x, &format!("block {}", block.name))
    }

    fn relu(&self, value: &'a str, behind: &str) -> Result<&'a str> {
        let node = self
            .graph
            .reader(value, &["Relu"], &format!("a ReLU behind {behind}"))?;
        self.graph.output(node)
    }

    fn conv(&mut self, node: &'a Node, layer: &ConvLayer) -> Result<&'a str> {
        let side = layer.kernel as i64;
        let stride = layer.stride as i64;
        let [before, behind] = pads(layer);
        let pads = [before, before, behind, behind];
        let wrong = |what: &str, found: Vec<i64>, needed: &[i64]| {
            Err(unfit(
                node,
                format!(
                    "the convolution's {what} is {found:?}, where {} needs {needed:?}",
                    layer.name
                ),
            ))
        };
        let ones = [1, 1];
        for (what, attribute, usual, needed) in [
            (
                "kernel",
                "kernel_shape",
                [side; 2].as_slice(),
                [side; 2].as_slice(),
            ),
            ("stride", "strides", ones.as_slice(), [stride; 2].as_slice()),
            ("padding", "pads", [0; 4].as_slice(), pads.as_slice()),
            ("dilation", "dilations", ones.as_slice(), ones.as_slice()),
        ] {
            let found = node.integers(attribute, usual);
            if found != needed {
                return wrong(what, found, needed);
            }
        }
        if node.integer("group", 1) != 1 || !is_usual(node) {
            return Err(unfit(
                node,
                format!(
                    "{} is a convolution without groups and with its padding in numbers",
                    layer.name
                ),
            ));
        }
        let kernel = self.graph.constant(node, 1, &layer.kernel_shape())?;
        self.take(&layer.name, kernel, node, layer.output)?;
        self.graph.output(node)
    }

    /// Keeps a layer's kernel, and its bias, which is the node's third input. One without is zeros.
    fn take(
        &mut self,
        layer: &str,
        kernel: HostTensor,
        node: &'a Node,
        outputs: usize,
    ) -> Result<()> {
        let bias = match node.inputs.get(2).map(String::as_str) {
            None | Some("") => HostTensor::new(vec![outputs], vec![0.0; outputs]),
            Some(_) => self.graph.constant(node, 2, &[outputs])?,
        };
        for (leaf, tensor) in [("kernel", kernel), ("bias", bias)] {
            let name = format!("{layer}.{leaf}");
            let kept = (self.keep)(&name, tensor)?;
            self.tensors.insert(name, kept);
        }
        Ok(())
    }

    /// The mean of the map and the dense layer behind it. Returns the number of classes.
    fn head(&mut self, network: &ResNetConfig, map: &'a str) -> Result<usize> {
        let features = self.features(map)?;
        // Where there is a detector, another dense layer reads the features.
        let mut readers = self.graph.readers(features).iter().copied();
        let dense = readers.find(|node| !(network.detector && self.is_presence(node)));
        let needed = "the dense layer of the classes";
        let node = match dense {
            Some(node) if node.operation == "Gemm" => node,
            _ => self.graph.reader(features, &["Gemm"], needed)?,
        };
        let shape = self.graph.shape(node, 1);
        let classes = shape.and_then(|shape| shape.first().copied());
        let classes = classes.ok_or_else(|| unfit(node, "its kernel is no constant"))?;
        let checked = network.clone().with_classes(classes);
        checked.validate()?;
        self.dense("fc", node, [classes, network.features()])?;
        Ok(classes)
    }

    fn features(&self, map: &'a str) -> Result<&'a str> {
        const MEANS: [&str; 3] = ["GlobalAveragePool", "AveragePool", "ReduceMean"];
        let pool = self.graph.reader(map, &MEANS, "the average pooling")?;
        let is_mean = match pool.operation.as_str() {
            "AveragePool" => {
                pool.integers("kernel_shape", &[]) == [2, 2]
                    && pool.integers("pads", &[0; 4]) == [0; 4]
                    && is_usual(pool)
            }
            "ReduceMean" => {
                // From opset 18 on the axes are an input.
                let axes = self.graph.whole_numbers(pool, 1);
                let axes = axes.unwrap_or_else(|| pool.integers("axes", &[]));
                matches!(axes.as_slice(), [2, 3] | [-2, -1] | [-1, -2])
            }
            _ => true,
        };
        if !is_mean {
            return Err(unfit(pool, "the mean over the whole map of 2x2 is needed"));
        }
        let features = self.graph.through(self.graph.output(pool)?, &RESHAPING)?;
        if let [gather] = self.graph.readers(features)
            && gather.operation == "Gather"
        {
            return Err(unfit(
                gather,
                "features are picked by an index, as PyTorch's newer exporter writes an adaptive average pooling: write the mean as \
                 x.mean((2, 3)), or export with dynamo=False",
            ));
        }
        Ok(features)
    }

    fn is_presence(&self, node: &Node) -> bool {
        let output = node.outputs.first().map_or("", String::as_str);
        let readers = self.graph.readers(output);
        readers.iter().any(|reader| reader.operation == "Sigmoid")
    }

    /// The detector's dense layers, of the features and of the map.
    fn detector(&mut self, network: &ResNetConfig, map: &'a str) -> Result<()> {
        let features = self.features(map)?;
        let mut readers = self.graph.readers(features).iter().copied();
        let presence = readers.find(|node| node.operation == "Gemm" && self.is_presence(node));
        let missing =
            |layer: &str| decode::wrong(format!("it lacks the detector's dense layer {layer}"));
        let presence = presence.ok_or_else(|| missing(PRESENCE_LAYER))?;
        self.dense(PRESENCE_LAYER, presence, [1, network.features()])?;
        let mut readers = self.graph.readers(map).iter().copied();
        let flatten = readers.find(|node| node.operation == "Flatten");
        let flatten = flatten.ok_or_else(|| missing(BOUNDING_BOX_LAYER))?;
        let flat = self.graph.output(flatten)?;
        let node = self
            .graph
            .reader(flat, &["Gemm"], "the dense layer of the bounding box")?;
        self.dense(BOUNDING_BOX_LAYER, node, [3, network.features() * 4])
    }

    fn dense(&mut self, layer: &str, node: &'a Node, shape: [usize; 2]) -> Result<()> {
        let is_plain = node.integer("transB", 0) == 1
            && node.integer("transA", 0) == 0
            && node.float("alpha", 1.0) == 1.0
            && node.float("beta", 1.0) == 1.0;
        if !is_plain {
            return Err(unfit(
                node,
                "a dense layer with its kernel as [outputs, inputs] (transB 1) is needed",
            ));
        }
        let kernel = self.graph.constant(node, 1, &shape)?;
        self.take(layer, kernel, node, shape[0])
    }
}

/// Whether the padding is told in numbers.
fn is_usual(node: &Node) -> bool {
    use super::file::Attribute;
    match node.attributes.get("auto_pad") {
        None => true,
        Some(Attribute::Text(text)) => text == "NOTSET",
        Some(_) => false,
    }
}
