//! The network's nodes and tensors as ONNX has them.

use super::encode::{Message, Values};
use super::proto::{attribute, graph, node, tensor, value};
use signet_recognizer::{
    BOUNDING_BOX_LAYER, BlockLayers, Border, ConvLayer, HostTensor, INPUT_SIDE, PRESENCE_LAYER,
    Weights,
};

/// How the kernels lie in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Float32,
    Float16,
    Int8,
}

/// The input's name.
pub(super) const INPUT: &str = "pixels";

/// The output with the pooled features, which the dense layers read.
const FEATURES: &str = "features";

/// A graph of folded weights. `form` says how a kernel lies in the file.
pub(super) fn graph<'a>(weights: &'a Weights, form: impl Fn(&str) -> Form) -> Message<'a> {
    let mut nodes = Nodes {
        weights,
        form,
        graph: Message::default(),
        tensors: Vec::new(),
    };
    let config = weights.config();
    let stem = nodes.conv(&config.stem_layer(), INPUT);
    let stem = nodes.relu(&stem);
    let mut x = nodes.add(
        "MaxPool",
        "pool1",
        &[&stem],
        &[
            integers("kernel_shape", &[3, 3]),
            integers("strides", &[2, 2]),
        ],
    );
    for block in config.blocks().iter().flatten() {
        x = nodes.block(block, &x);
    }
    let pooled = nodes.add("GlobalAveragePool", "avg_pool", &[&x], &[]);
    nodes.node(
        "Flatten",
        "flatten",
        &[&pooled],
        &[FEATURES],
        &[integer("axis", 1)],
    );
    let classes = config.classes;
    nodes.dense("fc", &format!("fc{classes}"), FEATURES, "logits");
    nodes.node(
        "Softmax",
        "softmax",
        &["logits"],
        &["probabilities"],
        &[integer("axis", 1)],
    );
    let mut outputs = vec![
        output("probabilities", classes),
        output("logits", classes),
        output(FEATURES, config.features()),
    ];
    if config.detector {
        nodes.detector(&x);
        outputs.push(output("sign", 1));
        outputs.push(output("bounding_box", 3));
    }
    let Nodes { graph, tensors, .. } = nodes;
    let side = INPUT_SIDE as i64;
    graph
        .text(graph::NAME, "resnet50")
        .messages(graph::INITIALIZER, tensors)
        .message(graph::INPUT, value_info(INPUT, &[3, side, side]))
        .messages(graph::OUTPUT, outputs)
}

struct Nodes<'a, F> {
    weights: &'a Weights,
    form: F,
    graph: Message<'a>,
    tensors: Vec<Message<'a>>,
}

impl<'a, F: Fn(&str) -> Form> Nodes<'a, F> {
    /// A node whose result is called as the node is.
    fn add(
        &mut self,
        operation: &str,
        name: &str,
        inputs: &[&str],
        attributes: &[Message<'a>],
    ) -> String {
        self.node(operation, name, inputs, &[name], attributes);
        name.to_owned()
    }

    fn node(
        &mut self,
        operation: &str,
        name: &str,
        inputs: &[&str],
        outputs: &[&str],
        attributes: &[Message<'a>],
    ) {
        let texts = |field: u32, all: Message<'a>, texts: &[&str]| {
            texts.iter().fold(all, |all, text| all.text(field, text))
        };
        let message = texts(node::INPUT, Message::default(), inputs);
        let message = texts(node::OUTPUT, message, outputs)
            .text(node::NAME, name)
            .text(node::OPERATION, operation)
            .messages(node::ATTRIBUTE, attributes.iter().cloned());
        let graph = std::mem::take(&mut self.graph);
        self.graph = graph.message(graph::NODE, message);
    }

    fn relu(&mut self, value: &str) -> String {
        self.add("Relu", &format!("{value}_relu"), &[value], &[])
    }

    /// A block: the main path, the shortcut, their sum.
    fn block(&mut self, block: &BlockLayers, x: &str) -> String {
        let [a, b, c] = &block.main;
        let y = self.conv(a, x);
        let y = self.relu(&y);
        let y = self.conv(b, &y);
        let y = self.relu(&y);
        let y = self.conv(c, &y);
        let shortcut = match &block.shortcut {
            Some(layer) => self.conv(layer, x),
            None => x.to_owned(),
        };
        let sum = self.add("Add", &format!("res{}", block.name), &[&y, &shortcut], &[]);
        self.relu(&sum)
    }

    fn conv(&mut self, layer: &ConvLayer, x: &str) -> String {
        let operands = self.operands(&layer.name);
        let [top, bottom] = pads(layer);
        let side = layer.kernel as i64;
        let stride = layer.stride as i64;
        self.add(
            "Conv",
            &layer.name,
            &[x, &operands[0], &operands[1]],
            &[
                integers("kernel_shape", &[side, side]),
                integers("strides", &[stride, stride]),
                integers("pads", &[top, top, bottom, bottom]),
            ],
        )
    }

    /// A dense layer under the name `title`.
    fn dense(&mut self, layer: &str, title: &str, x: &str, output: &str) {
        let operands = self.operands(layer);
        let inputs = [x, &operands[0], &operands[1]];
        self.node("Gemm", title, &inputs, &[output], &[integer("transB", 1)]);
    }

    /// The presence of the features, and the bounding box of the map that they are the means of.
    fn detector(&mut self, map: &str) {
        self.dense(PRESENCE_LAYER, PRESENCE_LAYER, FEATURES, "sign_logit");
        self.node("Sigmoid", "sign_sigmoid", &["sign_logit"], &["sign"], &[]);
        let flat = self.add("Flatten", "region_flatten", &[map], &[integer("axis", 1)]);
        self.dense(
            BOUNDING_BOX_LAYER,
            BOUNDING_BOX_LAYER,
            &flat,
            "region_targets",
        );
        // BoundingBox::from_targets.
        self.scalars(&[
            ("region_most_off", 1.0),
            ("region_least_off", -1.0),
            ("region_half", 0.5),
            ("region_two", 2.0),
            ("region_least_side", -4.0),
        ]);
        let parts = tensor_message("region_parts", &[2], tensor::INT64);
        let lengths = [2_i64, 1].map(i64::to_le_bytes).concat();
        self.tensors.push(parts.bytes(tensor::RAW_DATA, &lengths));
        let split = ["region_offsets", "region_log_side"];
        let inputs = ["region_targets", "region_parts"];
        self.node(
            "Split",
            "region_split",
            &inputs,
            &split,
            &[integer("axis", 1)],
        );
        let inputs = ["region_offsets", "region_least_off", "region_most_off"];
        let offsets = self.add("Clip", "region_clipped_offsets", &inputs, &[]);
        let center = self.add("Add", "region_center", &[&offsets, "region_half"], &[]);
        let inputs = ["region_log_side", "region_least_side", "region_two"];
        let log_side = self.add("Clip", "region_clipped_log_side", &inputs, &[]);
        let side = self.add("Pow", "region_side", &["region_two", &log_side], &[]);
        let inputs = [center.as_str(), &side];
        self.node(
            "Concat",
            "region_concat",
            &inputs,
            &["bounding_box"],
            &[integer("axis", 1)],
        );
    }

    fn scalars(&mut self, scalars: &[(&str, f32)]) {
        for (name, value) in scalars {
            let message = tensor_message(name, &[], tensor::FLOAT);
            self.tensors
                .push(message.bytes(tensor::RAW_DATA, &value.to_le_bytes()));
        }
    }

    /// The names of a layer's kernel and bias.
    fn operands(&mut self, layer: &str) -> [String; 2] {
        let kernel = format!("{layer}.kernel");
        let bias = format!("{layer}.bias");
        let tensors = self.weights.tensors();
        let values = &tensors[&bias];
        self.floats(&bias, values);
        self.kernel(&kernel, &tensors[&kernel]);
        [kernel, bias]
    }

    fn kernel(&mut self, name: &str, kernel: &'a HostTensor) {
        match ((self.form)(name), kernel.integers()) {
            (Form::Int8, Some((integers, scales))) => {
                let [values, scale] = ["int8", "scale"].map(|part| format!("{name}.{part}"));
                let message = tensor_message(&values, &kernel.shape, tensor::INT8);
                let message = message.values(tensor::RAW_DATA, Values::Integers(integers));
                self.tensors.push(message);
                let message = tensor_message(&scale, &[scales.len()], tensor::FLOAT);
                let scales: Vec<_> = scales
                    .iter()
                    .flat_map(|scale| scale.to_le_bytes())
                    .collect();
                self.tensors.push(message.bytes(tensor::RAW_DATA, &scales));
                self.add(
                    "DequantizeLinear",
                    name,
                    &[&values, &scale],
                    &[integer("axis", 0)],
                );
            }
            (Form::Float16, _) => {
                let half = format!("{name}.float16");
                let message = tensor_message(&half, &kernel.shape, tensor::FLOAT16);
                self.tensors
                    .push(message.values(tensor::RAW_DATA, Values::Halves(kernel)));
                self.add("Cast", name, &[&half], &[integer("to", tensor::FLOAT)]);
            }
            _ => self.floats(name, kernel),
        }
    }

    fn floats(&mut self, name: &str, values: &'a HostTensor) {
        let message = tensor_message(name, &values.shape, tensor::FLOAT);
        self.tensors
            .push(message.values(tensor::RAW_DATA, Values::Floats(values)));
    }
}

/// Zeros before and behind, the same for rows and columns.
pub(super) fn pads(layer: &ConvLayer) -> [i64; 2] {
    match layer.border {
        Border::Valid => [0, 0],
        Border::Zeros(zeros) => [zeros as i64; 2],
        Border::Same => {
            let zeros = layer.kernel as i64 - 1;
            [zeros / 2, zeros - zeros / 2]
        }
    }
}

fn tensor_message<'a>(name: &str, shape: &[usize], element: i64) -> Message<'a> {
    let dims = shape.iter().fold(Message::default(), |all, side| {
        all.integer(tensor::DIMS, *side as i64)
    });
    dims.integer(tensor::TYPE, element).text(tensor::NAME, name)
}

fn integer<'a>(name: &str, value: i64) -> Message<'a> {
    Message::default()
        .text(attribute::NAME, name)
        .integer(attribute::INT, value)
        .integer(attribute::TYPE, attribute::TYPE_INT)
}

fn integers<'a>(name: &str, values: &[i64]) -> Message<'a> {
    let message = Message::default().text(attribute::NAME, name);
    let message = values
        .iter()
        .fold(message, |all, value| all.integer(attribute::INTS, *value));
    message.integer(attribute::TYPE, attribute::TYPE_INTS)
}

fn output<'a>(name: &str, length: usize) -> Message<'a> {
    value_info(name, &[length as i64])
}

/// An input or output of floats whose first axis is the batch.
fn value_info<'a>(name: &str, sides: &[i64]) -> Message<'a> {
    let batch = Message::default().text(value::DIMENSION_NAME, "batch");
    let sides = sides
        .iter()
        .map(|side| Message::default().integer(value::DIMENSION_VALUE, *side));
    let shape = Message::default().messages(value::DIMENSION, std::iter::once(batch).chain(sides));
    let tensor = Message::default()
        .integer(value::ELEMENT_TYPE, tensor::FLOAT)
        .message(value::SHAPE, shape);
    let kind = Message::default().message(value::TENSOR_TYPE, tensor);
    Message::default()
        .text(value::NAME, name)
        .message(value::TYPE, kind)
}
