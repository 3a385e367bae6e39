//! What an ONNX file says: nodes, tensors, inputs, metadata. Tensors' values stay in the file.

use super::decode::{Message, Reader, Source, Value, wrong};
use super::proto::{attribute, entry, graph, model, node, tensor, value};
use crate::error::Result;
use std::collections::BTreeMap;
use std::ops::Range;

/// The longest name that is read. Exporters write paths of modules.
const LONGEST_NAME: usize = 2048;

/// The longest text in the metadata.
const LONGEST_ENTRY: usize = 1 << 20;

/// The most axes of a tensor, numbers of an attribute, and so on.
const MOST_NUMBERS: usize = 16;

/// A parsed ONNX file.
pub(super) struct File {
    pub nodes: Vec<Node>,
    /// Constant tensors by name.
    pub tensors: BTreeMap<String, Tensor>,
    /// Inputs other than the file's tensors, with their shapes; a symbolic axis is 0.
    pub inputs: Vec<(String, Vec<i64>)>,
    pub metadata: BTreeMap<String, String>,
}

/// An operation.
#[derive(Default)]
pub(super) struct Node {
    pub name: String,
    pub operation: String,
    pub inputs: Vec<String>,
    pub outputs: Vec<String>,
    pub attributes: BTreeMap<String, Attribute>,
}

/// An attribute's value, as far as one of that kind is read.
pub(super) enum Attribute {
    Integer(i64),
    Integers(Vec<i64>),
    Float(f32),
    Text(String),
    Tensor(Tensor),
    Other,
}

/// A constant tensor, whose values are in the file.
#[derive(Clone, Default)]
pub(super) struct Tensor {
    pub dims: Vec<usize>,
    pub element: i64,
    /// Little-endian values, one after another.
    pub data: Range<usize>,
    pub is_elsewhere: bool,
}

impl Node {
    /// What the node is called: its name, or of one without the name of its result.
    pub fn title(&self) -> &str {
        let output = self.outputs.first().map_or("", String::as_str);
        match self.name.as_str() {
            "" => output,
            name => name,
        }
    }

    /// An integer attribute, or `default`.
    pub fn integer(&self, name: &str, default: i64) -> i64 {
        match self.attributes.get(name) {
            Some(Attribute::Integer(value)) => *value,
            _ => default,
        }
    }

    /// An attribute of several integers, or `default`.
    pub fn integers(&self, name: &str, default: &[i64]) -> Vec<i64> {
        match self.attributes.get(name) {
            Some(Attribute::Integers(values)) => values.clone(),
            _ => default.to_vec(),
        }
    }

    /// A float attribute, or `default`.
    pub fn float(&self, name: &str, default: f32) -> f32 {
        match self.attributes.get(name) {
            Some(Attribute::Float(value)) => *value,
            _ => default,
        }
    }
}

/// Whether there is a graph among the parts of a file.
pub(super) fn has_graph(bytes: &[u8]) -> bool {
    let reader = Reader::new(&bytes);
    let mut message = reader.message();
    while let Ok(Some((field, value))) = message.next() {
        if field == model::GRAPH {
            return value.range().is_ok();
        }
    }
    false
}

impl File {
    /// Parses a file.
    ///
    /// # Errors
    ///
    /// [`Error::OnnxFormat`](crate::Error::OnnxFormat) for bytes that are no ONNX, or have no graph.
    pub fn read(source: &dyn Source) -> Result<Self> {
        let reader = Reader::new(source);
        let mut file = Self {
            nodes: Vec::new(),
            tensors: BTreeMap::new(),
            inputs: Vec::new(),
            metadata: BTreeMap::new(),
        };
        let mut graph = None;
        let mut message = reader.message();
        while let Some((field, value)) = message.next()? {
            match field {
                model::GRAPH => graph = Some(value.range()?),
                model::METADATA => {
                    let (key, text) = metadata(&reader, reader.part(value.range()?))?;
                    file.metadata.insert(key, text);
                }
                _ => {}
            }
        }
        let graph = graph.ok_or_else(|| wrong("it has no graph"))?;
        file.read_graph(&reader, reader.part(graph))?;
        Ok(file)
    }

    fn read_graph(&mut self, reader: &Reader<'_>, mut graph: Message<'_>) -> Result<()> {
        while let Some((field, value)) = graph.next()? {
            match field {
                graph::NODE => {
                    let node = read_node(reader, reader.part(value.range()?))?;
                    self.add(node);
                }
                graph::INITIALIZER => {
                    let (name, tensor) = read_tensor(reader, reader.part(value.range()?))?;
                    self.tensors.insert(name, tensor);
                }
                graph::INPUT => {
                    let input = read_input(reader, reader.part(value.range()?))?;
                    self.inputs.push(input);
                }
                _ => {}
            }
        }
        // Old files name their tensors among the inputs, too.
        let Self {
            inputs, tensors, ..
        } = self;
        inputs.retain(|(name, _)| !tensors.contains_key(name));
        Ok(())
    }

    /// A node that is a constant becomes a tensor.
    fn add(&mut self, mut node: Node) {
        if node.operation == "Constant"
            && let Some(Attribute::Tensor(tensor)) = node.attributes.remove("value")
            && let Some(name) = node.outputs.pop()
        {
            self.tensors.insert(name, tensor);
            return;
        }
        self.nodes.push(node);
    }
}

fn metadata(reader: &Reader<'_>, mut message: Message<'_>) -> Result<(String, String)> {
    let [mut key, mut text] = [String::new(), String::new()];
    while let Some((field, value)) = message.next()? {
        match field {
            entry::KEY => key = reader.text(value.range()?, LONGEST_NAME)?,
            entry::VALUE => text = reader.text(value.range()?, LONGEST_ENTRY)?,
            _ => {}
        }
    }
    Ok((key, text))
}

fn read_node(reader: &Reader<'_>, mut message: Message<'_>) -> Result<Node> {
    let mut found = Node::default();
    let text = |value: Value| reader.text(value.range()?, LONGEST_NAME);
    while let Some((field, value)) = message.next()? {
        match field {
            node::INPUT => found.inputs.push(text(value)?),
            node::OUTPUT => found.outputs.push(text(value)?),
            node::NAME => found.name = text(value)?,
            node::OPERATION => found.operation = text(value)?,
            node::ATTRIBUTE => {
                let (name, value) = read_attribute(reader, reader.part(value.range()?))?;
                found.attributes.insert(name, value);
            }
            _ => {}
        }
    }
    Ok(found)
}

fn read_attribute(reader: &Reader<'_>, mut message: Message<'_>) -> Result<(String, Attribute)> {
    let (mut name, mut found, mut integers) = (String::new(), Attribute::Other, Vec::new());
    while let Some((field, value)) = message.next()? {
        match (field, value) {
            (attribute::NAME, value) => name = reader.text(value.range()?, LONGEST_NAME)?,
            (attribute::INT, value) => found = Attribute::Integer(value.integer()?),
            (attribute::INTS, value) => reader.integers(value, MOST_NUMBERS, &mut integers)?,
            (attribute::TEXT, Value::Bytes(range)) if range.len() <= LONGEST_NAME => {
                found = Attribute::Text(reader.text(range, LONGEST_NAME)?);
            }
            (attribute::FLOAT, Value::Fixed(range)) => {
                if let [a, b, c, d] = *reader.bytes(range) {
                    found = Attribute::Float(f32::from_le_bytes([a, b, c, d]));
                }
            }
            (attribute::TENSOR, Value::Bytes(range)) => {
                found = Attribute::Tensor(read_tensor(reader, reader.part(range))?.1);
            }
            _ => {}
        }
    }
    if !integers.is_empty() {
        found = Attribute::Integers(integers);
    }
    Ok((name, found))
}

fn read_tensor(reader: &Reader<'_>, mut message: Message<'_>) -> Result<(String, Tensor)> {
    let (mut name, mut found, mut dims) = (String::new(), Tensor::default(), Vec::new());
    while let Some((field, value)) = message.next()? {
        match field {
            tensor::NAME => name = reader.text(value.range()?, LONGEST_NAME)?,
            tensor::DIMS => reader.integers(value, MOST_NUMBERS, &mut dims)?,
            tensor::TYPE => found.element = value.integer()?,
            // Packed floats lie as raw ones do; an integer here is of no type that is read.
            tensor::RAW_DATA | tensor::FLOAT_DATA => {
                if let Value::Bytes(range) = value {
                    found.data = range;
                }
            }
            tensor::EXTERNAL_DATA => found.is_elsewhere = true,
            tensor::LOCATION => found.is_elsewhere |= value.integer()? == 1,
            _ => {}
        }
    }
    let dims = dims.into_iter().map(usize::try_from);
    let dims: std::result::Result<_, _> = dims.collect();
    found.dims = dims.map_err(|_| wrong(format!("a side of `{name}` is negative")))?;
    Ok((name, found))
}

fn read_input(reader: &Reader<'_>, mut message: Message<'_>) -> Result<(String, Vec<i64>)> {
    let (mut name, mut dims) = (String::new(), Vec::new());
    while let Some((field, value)) = message.next()? {
        match field {
            value::NAME => name = reader.text(value.range()?, LONGEST_NAME)?,
            value::TYPE => {
                let tensor = find(reader.part(value.range()?), value::TENSOR_TYPE)?;
                let shape = match tensor {
                    Some(Value::Bytes(range)) => find(reader.part(range), value::SHAPE)?,
                    _ => None,
                };
                let Some(Value::Bytes(shape)) = shape else {
                    continue;
                };
                let mut shape = reader.part(shape);
                while let Some((field, value)) = shape.next()? {
                    if field == value::DIMENSION && dims.len() < MOST_NUMBERS {
                        let dim = find(reader.part(value.range()?), value::DIMENSION_VALUE)?;
                        dims.push(match dim {
                            Some(Value::Integer(side)) => side.cast_signed(),
                            _ => 0,
                        });
                    }
                }
            }
            _ => {}
        }
    }
    Ok((name, dims))
}

/// The last value of a field.
fn find(mut message: Message<'_>, wanted: u32) -> Result<Option<Value>> {
    let mut found = None;
    while let Some((field, value)) = message.next()? {
        if field == wanted {
            found = Some(value);
        }
    }
    Ok(found)
}
