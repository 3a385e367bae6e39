// The network as an ONNX file. Protocol buffers are few bytes around the weights, so the handful of messages that
// this graph needs is written here; field numbers are those of onnx.proto.

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Operation} Operation */

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

/** @param {string} type @param {string[]} inputs @param {string} output @param {Record<string, number | number[]>} [attributes] */
const node = (type, inputs, output, attributes = {}) => message(1,
  ...inputs.map((input) => text(1, input)), text(2, output), text(3, output), text(4, type),
  ...Object.entries(attributes).map(([name, each]) => attribute(name, each)));

/** @param {Operation} operation @param {string} output @returns {Bytes[]} */
function nodes({ kind, name, inputs, stride, padding, shape }, output) {
  const operands = [...inputs, `${name}.kernel`, `${name}.bias`];
  switch (kind) {
    case "conv":
      return [node("Conv", operands, output, { kernel_shape: shape.slice(2), strides: [stride, stride], pads: Array(4).fill(padding) })];
    case "max-pool":
      return [node("MaxPool", inputs, output, { kernel_shape: [3, 3], strides: [2, 2] })];
    case "add":
      return [node("Add", inputs, output)];
    case "mean-pool":
      return [node("AveragePool", inputs, "average", { kernel_shape: [2, 2] }), node("Flatten", ["average"], output, { axis: 1 })];
    case "dense":
      return [node("Gemm", operands, output, { transB: 1 }), node("Softmax", [output], "probabilities", { axis: 1 })];
  }
}

/**
 * `pixels` of [batch, 3, 64, 64] in 0 to 1 to `probabilities` of [batch, classes].
 * @param {Model} model
 * @returns {Uint8Array[]} the file, in parts
 */
export function onnxFile({ operations, labels }) {
  const graph = operations.flatMap((operation) => {
    const { name, relu } = operation;
    return relu ? [...nodes(operation, `${name}.linear`), node("Relu", [`${name}.linear`], name)] : nodes(operation, name);
  });
  const initializers = operations.filter(({ kernel }) => kernel.length > 0).flatMap(({ name, shape, kernel, bias }) =>
    [initializer(`${name}.kernel`, shape, kernel), initializer(`${name}.bias`, [bias.length], bias)]);
  return [
    integer(1, IR_VERSION),
    text(2, "signet"),
    message(7,
      ...graph,
      text(2, "resnet50"),
      ...initializers,
      value(11, "pixels", [3, 64, 64]),
      value(12, "probabilities", [labels.length])),
    message(8, text(1, ""), integer(2, OPSET)),
  ].flat();
}
