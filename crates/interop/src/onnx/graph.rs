//! A file's graph, followed from value to value.

use super::decode::{self, Source};
use super::file::{File, Node, Tensor};
use super::proto::tensor as element;
use crate::error::{Error, Result};
use half::f16;
use signet_recognizer::HostTensor;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// As much of a name is shown.
const SHOWN: usize = 80;

/// The longest list of whole numbers that is read: of axes.
const LONGEST_LIST: usize = 16;

/// Bytes of floats that are read at a time: a whole number of them.
const READ_AT_ONCE: usize = 1 << 18;

/// A file's nodes by what they read and what they give, and its tensors.
pub(super) struct Graph<'a> {
    source: &'a dyn Source,
    file: &'a File,
    readers: BTreeMap<&'a str, Vec<&'a Node>>,
    givers: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Graph<'a> {
    pub fn new(source: &'a dyn Source, file: &'a File) -> Self {
        let mut readers: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut givers = BTreeMap::new();
        for node in &file.nodes {
            for input in &node.inputs {
                readers.entry(input.as_str()).or_default().push(node);
            }
            for output in &node.outputs {
                givers.insert(output.as_str(), node);
            }
        }
        Self {
            source,
            file,
            readers,
            givers,
        }
    }

    /// The nodes that read a value.
    pub fn readers(&self, value: &str) -> &[&'a Node] {
        self.readers.get(value).map_or(&[], Vec::as_slice)
    }

    /// The one node with that operation that reads a value. `needed` says what it is to be.
    pub fn reader(&self, value: &str, operations: &[&str], needed: &str) -> Result<&'a Node> {
        let readers = self.readers(value).iter().copied();
        let mut wanted = readers.filter(|node| operations.contains(&node.operation.as_str()));
        if let (Some(node), None) = (wanted.next(), wanted.next()) {
            return Ok(node);
        }
        let first = self.readers(value).first();
        Err(match first {
            Some(node) if node.operation == "BatchNormalization" => unfit(
                node,
                "batch norm is not folded into the convolution before it: export the model for inference \
                 (torch.onnx.export after model.eval() folds it)",
            ),
            Some(node) => unfit(
                node,
                format!(
                    "there is {}, where {needed} is needed",
                    shown(&node.operation)
                ),
            ),
            None => Error::OnnxNetwork {
                node: shown(value),
                reason: format!("the network ends, where {needed} is needed"),
            },
        })
    }

    /// What a node gives.
    pub fn output(&self, node: &'a Node) -> Result<&'a str> {
        let output = node.outputs.first();
        output
            .map(String::as_str)
            .ok_or_else(|| decode::wrong("a node without a result"))
    }

    /// Follows a value through operations that change nothing in it.
    pub fn through(&self, mut value: &'a str, operations: &[&str]) -> Result<&'a str> {
        // Each step is another node, unless the graph has a circle.
        for _ in 0..self.file.nodes.len() {
            let [node] = self.readers(value) else { break };
            if !operations.contains(&node.operation.as_str()) {
                break;
            }
            value = self.output(node)?;
        }
        Ok(value)
    }

    /// The constant tensor that is a node's input number `at`, of the shape that is needed: floats, or int8 or float16
    /// behind the node that makes floats of them.
    pub fn constant(&self, node: &'a Node, at: usize, shape: &[usize]) -> Result<HostTensor> {
        let name = self.origin(node.inputs.get(at).map_or("", String::as_str));
        let tensor = match self.file.tensors.get(name) {
            Some(tensor) => self.floats(node, name, tensor)?,
            None => match self.givers.get(name) {
                Some(giver) if giver.operation == "DequantizeLinear" => self.dequantized(giver)?,
                Some(giver)
                    if giver.operation == "Cast" && giver.integer("to", 0) == element::FLOAT =>
                {
                    let name = giver.inputs.first().map_or("", String::as_str);
                    let tensor = self.file.tensors.get(name);
                    self.floats(
                        giver,
                        name,
                        tensor.ok_or_else(|| not_constant(giver, name))?,
                    )?
                }
                _ => return Err(not_constant(node, name)),
            },
        };
        if tensor.shape != shape {
            return Err(unfit(
                node,
                format!(
                    "`{}` is {:?}, and {shape:?} is needed",
                    shown(name),
                    tensor.shape
                ),
            ));
        }
        Ok(tensor)
    }

    /// A constant's name. PyTorch writes equal tensors once, and names the others by nodes that change nothing.
    fn origin<'n>(&self, mut name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        // Each step is another node, unless the graph has a circle.
        for _ in 0..self.file.nodes.len() {
            match self.givers.get(name) {
                Some(node) if node.operation == "Identity" => {
                    name = node.inputs.first().map_or("", String::as_str);
                }
                _ => break,
            }
        }
        name
    }

    /// The shape of the constant tensor that is a node's input number `at`.
    pub fn shape(&self, node: &Node, at: usize) -> Option<&'a [usize]> {
        let name = self.origin(node.inputs.get(at)?);
        let tensor = self.file.tensors.get(name).or_else(|| {
            let giver = self.givers.get(name)?;
            self.file.tensors.get(giver.inputs.first()?)
        });
        tensor.map(|tensor| tensor.dims.as_slice())
    }

    /// The whole numbers of the constant that is a node's input number `at`; none where there is no such, or a long one.
    pub fn whole_numbers(&self, node: &Node, at: usize) -> Option<Vec<i64>> {
        let name = self.origin(node.inputs.get(at)?);
        let tensor = self.file.tensors.get(name)?;
        if tensor.data.len() > LONGEST_LIST * size_of::<i64>() {
            return None;
        }
        let bytes = self.bytes(node, name, tensor, element::INT64, size_of::<i64>());
        let bytes = bytes.ok()?;
        let words = bytes.as_chunks().0.iter();
        Some(words.map(|word| i64::from_le_bytes(*word)).collect())
    }

    /// A tensor of int8 with one scale for each of its first axis.
    fn dequantized(&self, node: &Node) -> Result<HostTensor> {
        let tensor = |at: usize| {
            let name = node.inputs.get(at)?;
            self.file.tensors.get(name).map(|tensor| (name, tensor))
        };
        let Some(((name, integers), (scale_name, scales))) = tensor(0).zip(tensor(1)) else {
            return Err(not_constant(node, "its kernel"));
        };
        let axis = node.integer("axis", 1);
        let first = integers.dims.first().copied().unwrap_or(0);
        if axis != 0 || scales.dims != [first] || first == 0 {
            return Err(unfit(
                node,
                "a scale for each output channel (axis 0) is needed",
            ));
        }
        if let Some((name, zeros)) = tensor(2)
            && self
                .bytes(node, name, zeros, element::INT8, 1)?
                .iter()
                .any(|byte| *byte != 0)
        {
            return Err(unfit(node, "a zero point that is zero is needed"));
        }
        let scales = self.bytes(node, scale_name, scales, element::FLOAT, 4)?;
        let scales = scales
            .as_chunks()
            .0
            .iter()
            .map(|word| f32::from_le_bytes(*word));
        let values = self.bytes(node, name, integers, element::INT8, 1)?;
        let values = values.iter().map(|byte| byte.cast_signed());
        Ok(HostTensor::of_integers(
            integers.dims.clone(),
            values.collect(),
            scales.collect(),
        ))
    }

    /// Floats of either size, read in pieces: their bytes are never here as a whole.
    fn floats(&self, node: &Node, name: &str, tensor: &Tensor) -> Result<HostTensor> {
        let is_half = tensor.element == element::FLOAT16;
        let (wanted, size) = match is_half {
            true => (element::FLOAT16, 2),
            false => (element::FLOAT, 4),
        };
        let place = self.place(node, name, tensor, wanted, size)?;
        let mut floats = Vec::with_capacity(place.len() / size);
        for start in place.clone().step_by(READ_AT_ONCE) {
            let bytes = self.source.read(start..place.end.min(start + READ_AT_ONCE));
            if is_half {
                let halves = bytes.as_chunks().0.iter();
                floats.extend(halves.map(|half| f16::from_le_bytes(*half).to_f32()));
            } else {
                let words = bytes.as_chunks().0.iter();
                floats.extend(words.map(|word| f32::from_le_bytes(*word)));
            }
        }
        Ok(HostTensor::new(tensor.dims.clone(), floats))
    }

    /// A tensor's bytes.
    fn bytes(
        &self,
        node: &Node,
        name: &str,
        tensor: &Tensor,
        wanted: i64,
        size: usize,
    ) -> Result<Cow<'a, [u8]>> {
        Ok(self
            .source
            .read(self.place(node, name, tensor, wanted, size)?))
    }

    /// Where a tensor's bytes are, as many as its shape says.
    fn place(
        &self,
        node: &Node,
        name: &str,
        tensor: &Tensor,
        wanted: i64,
        size: usize,
    ) -> Result<Range<usize>> {
        if tensor.is_elsewhere {
            return Err(unfit(
                node,
                format!(
                    "`{}` is in another file: save the model with its weights in one file",
                    shown(name)
                ),
            ));
        }
        if tensor.element != wanted {
            let kind = tensor.element;
            return Err(unfit(
                node,
                format!(
                    "`{}` is of ONNX's type {kind}, and floats or int8 are needed",
                    shown(name)
                ),
            ));
        }
        let count = tensor
            .dims
            .iter()
            .try_fold(size, |n, &side| n.checked_mul(side));
        if count != Some(tensor.data.len()) {
            return Err(decode::wrong(format!(
                "`{}` is not as long as its shape says",
                shown(name)
            )));
        }
        Ok(tensor.data.clone())
    }
}

/// The error of a node that doesn't fit.
pub(super) fn unfit(node: &Node, reason: impl Into<String>) -> Error {
    Error::OnnxNetwork {
        node: shown(node.title()),
        reason: reason.into(),
    }
}

fn not_constant(node: &Node, name: &str) -> Error {
    unfit(node, format!("`{}` is no constant", shown(name)))
}

/// A stranger's name, of a length that fits a sentence.
pub(super) fn shown(name: &str) -> String {
    let mut shown: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(SHOWN)
        .collect();
    if shown.len() < name.len() {
        shown.push('…');
    }
    shown
}
