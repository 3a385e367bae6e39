// The shipped weights file as float32 layers, for engines that can't read it themselves.
// Its format is in crates/core/src/weights/file.rs, its network in crates/core/src/config.rs.

/**
 * A convolution with its batch norm already folded in.
 * @typedef {object} Layer
 * @property {string} name
 * @property {[output: number, input: number, height: number, width: number]} shape of the kernel
 * @property {number} stride
 * @property {number} padding zeros on every side
 * @property {Float32Array} kernel
 * @property {Float32Array} bias
 */

/** @typedef {{ main: [Layer, Layer, Layer], shortcut: Layer | undefined }} Block */
/** @typedef {{ shape: [output: number, input: number], kernel: Float32Array, bias: Float32Array }} Dense */

/**
 * @typedef {object} Model
 * @property {string[]} labels
 * @property {Layer} stem before a 3x3 max pool of stride 2 without padding
 * @property {Block[]} blocks before a 2x2 average pool
 * @property {Dense} dense
 * @property {{ rgb: Uint8Array, logits: number[] }} reference the built-in picture and what the file says of it
 */

/** @typedef {{ dtype: string, shape: number[], data_offsets: [number, number] }} Entry */

/**
 * The finder's tensors (`sign`, `region`) stay where they are: no other engine is asked for them.
 * @param {Uint8Array} bytes a safetensors file
 * @returns {Model}
 */
export function readModel(bytes) {
  const tensors = new TensorFile(bytes);
  const { network, labels, reference_logits: logits } = JSON.parse(tensors.metadata["signet"] ?? "{}");
  /** @param {string} name @param {number} stride @param {number} padding @returns {Layer} */
  const layer = (name, stride, padding) => {
    const [output = 0, input = 0, height = 0, width = 0] = tensors.shape(`${name}.kernel`);
    return { name, shape: [output, input, height, width], stride, padding, ...tensors.pair(name) };
  };
  /** @type {Block[]} */
  const blocks = [];
  for (const [index, stage] of network.stages.entries()) {
    for (let block = 0; block <= stage.identity_blocks; block += 1) {
      const name = `res${index + 2}${String.fromCharCode(97 + block)}_branch`;
      const stride = block === 0 ? stage.stride : 1;
      blocks.push({
        main: [layer(`${name}2a`, stride, 0), layer(`${name}2b`, 1, 1), layer(`${name}2c`, 1, 0)],
        shortcut: block === 0 ? layer(`${name}1`, stride, 0) : undefined,
      });
    }
  }
  const [output = 0, input = 0] = tensors.shape("fc.kernel");
  return {
    labels,
    stem: layer("conv1", 2, 3),
    blocks,
    dense: { shape: [output, input], ...tensors.pair("fc") },
    reference: { rgb: tensors.bytes("reference.picture"), logits },
  };
}

/** @param {Model} model every convolution, in the order of the graph */
export function layersOf({ stem, blocks }) {
  return [stem, ...blocks.flatMap(({ main, shortcut }) => (shortcut ? [...main, shortcut] : main))];
}

/** A safetensors file: the length of a JSON header, the header, the values. */
class TensorFile {
  #bytes;
  #start;
  /** @type {Record<string, Entry>} */
  #entries;
  /** @type {Record<string, string>} */
  metadata;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const { __metadata__: metadata, ...entries } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    // A Node Buffer is a Uint8Array whose slices are no copies.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#start = 8 + length;
    this.#entries = entries;
    this.metadata = metadata;
  }

  /** @param {string} name */
  #entry(name) {
    const entry = this.#entries[name];
    if (!entry) throw new Error(`the weights have no ${name}`);
    return entry;
  }

  /** @param {string} name */
  shape(name) {
    return this.#entry(name).shape;
  }

  /** A copy, so that views of wider numbers are aligned. @param {string} name */
  bytes(name) {
    const [from, to] = this.#entry(name).data_offsets;
    return this.#bytes.slice(this.#start + from, this.#start + to);
  }

  /** @param {string} name @returns {Float32Array} */
  floats(name) {
    const { dtype, shape } = this.#entry(name);
    const { buffer } = this.bytes(name);
    if (dtype === "F32") return new Float32Array(buffer);
    if (dtype !== "I8") throw new Error(`${name} is ${dtype}; this reads F32 and I8`);
    const scales = this.floats(`${name}.scale`);
    const perChannel = buffer.byteLength / (shape[0] ?? 1);
    return Float32Array.from(new Int8Array(buffer), (value, at) => value * Number(scales[Math.floor(at / perChannel)]));
  }

  /** @param {string} layer */
  pair(layer) {
    return { kernel: this.floats(`${layer}.kernel`), bias: this.floats(`${layer}.bias`) };
  }
}
