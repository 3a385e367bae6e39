// The network as an ONNX file. Protocol buffers are few bytes around the weights, so the handful of messages that
// this graph needs is written here; field numbers are those of onnx.proto.
import { layersOf } from "./model.js";

/** @typedef {import("./model.js").Layer} Layer */
/** @typedef {import("./model.js").Model} Model */

const IR_VERSION = 8;
const OPSET = 17;
const FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/** Bytes of one field, or of several. @typedef {Uint8Array[]} Bytes */

/** @param {number} value whole and not negative */
function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  bytes.push(value);
  return Uint8Array.from(bytes);
}

/** @param {number} field @param {number} value @returns {Bytes} */
const integer = (field, value) => [varint(field * 8), varint(value)];

/** @param {number} field @param {Uint8Array} content @returns {Bytes} */
const bytes = (field, content) => [varint(field * 8 + 2), varint(content.length), content];

/** @param {number} field @param {string} content */
const text = (field, content) => bytes(field, new TextEncoder().encode(content));

/** @param {number} field @param {...Bytes} parts */
function message(field, ...parts) {
  const content = parts.flat();
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return [varint(field * 8 + 2), varint(length), ...content];
}

/** @param {string} name @param {number | number[]} value */
const attribute = (name, value) => message(5, text(1, name), ...(Array.isArray(value)
  ? [...value.map((each) => integer(8, each)), integer(20, ATTRIBUTE_INTS)]
  : [integer(3, value), integer(20, ATTRIBUTE_INT)]));

/** @param {string} name @param {number[]} shape @param {Float32Array} values */
const initializer = (name, shape, values) => message(5,
  ...shape.map((side) => integer(1, side)),
  integer(2, FLOAT),
  text(8, name),
  bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));

/** A graph's input or output: the batch is any number. @param {number} field @param {string} name @param {number[]} shape */
const value = (field, name, shape) => message(field, text(1, name), message(2, message(1,
  integer(1, FLOAT),
  message(2, message(1, text(2, "batch")), ...shape.map((side) => message(1, integer(1, side)))))));

class Graph {
  /** @type {Bytes[]} */
  nodes = [];

  /**
   * @param {string} type
   * @param {string[]} inputs
   * @param {string} output
   * @param {Record<string, number | number[]>} [attributes]
   */
  add(type, inputs, output, attributes = {}) {
    this.nodes.push(message(1,
      ...inputs.map((input) => text(1, input)), text(2, output), text(3, output), text(4, type),
      ...Object.entries(attributes).map(([name, each]) => attribute(name, each))));
    return output;
  }

  /** @param {string} input @param {Layer} layer */
  convolution(input, { name, shape: [, , height, width], stride, padding }) {
    return this.add("Conv", [input, `${name}.kernel`, `${name}.bias`], name,
      { kernel_shape: [height, width], strides: [stride, stride], pads: Array(4).fill(padding) });
  }

  /** @param {string} input */
  relu(input) {
    return this.add("Relu", [input], `${input}.relu`);
  }
}

/**
 * `pixels` of [batch, 3, 64, 64] in 0 to 1 to `probabilities` of [batch, classes].
 * @param {Model} model
 * @returns {Uint8Array[]} the file, in parts
 */
export function onnxFile(model) {
  const { stem, blocks, dense } = model;
  const graph = new Graph();
  let x = graph.relu(graph.convolution("pixels", stem));
  x = graph.add("MaxPool", [x], "pool", { kernel_shape: [3, 3], strides: [2, 2] });
  for (const { main: [a, b, c], shortcut } of blocks) {
    const beside = shortcut ? graph.convolution(x, shortcut) : x;
    const reduced = graph.relu(graph.convolution(x, a));
    const expanded = graph.convolution(graph.relu(graph.convolution(reduced, b)), c);
    x = graph.relu(graph.add("Add", [expanded, beside], `${c.name}.sum`));
  }
  x = graph.add("AveragePool", [x], "average", { kernel_shape: [2, 2] });
  x = graph.add("Flatten", [x], "features", { axis: 1 });
  x = graph.add("Gemm", [x, "fc.kernel", "fc.bias"], "logits", { transB: 1 });
  graph.add("Softmax", [x], "probabilities", { axis: 1 });
  const initializers = layersOf(model).flatMap(({ name, shape, kernel, bias }) =>
    [initializer(`${name}.kernel`, shape, kernel), initializer(`${name}.bias`, [bias.length], bias)]);
  return [
    integer(1, IR_VERSION),
    text(2, "signet"),
    message(7,
      ...graph.nodes,
      text(2, "resnet50"),
      ...initializers,
      initializer("fc.kernel", dense.shape, dense.kernel),
      initializer("fc.bias", [dense.bias.length], dense.bias),
      value(11, "pixels", [3, 64, 64]),
      value(12, "probabilities", [model.labels.length])),
    message(8, text(1, ""), integer(2, OPSET)),
  ].flat();
}
