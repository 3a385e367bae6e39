// The shipped weights file as a network of float32 layers, for engines that can't read it themselves.
// Its format is in crates/recognizer/src/weights, its network in crates/recognizer/src/config.rs.

/**
 * An operation of the network, known by its name as its result is. Convolutions have their batch norm folded in;
 * kernels are [output, input, height, width]. "max-pool" is 3x3 with stride 2, "mean-pool" 2x2 and flattens.
 * @typedef {object} Operation
 * @property {"conv" | "max-pool" | "add" | "mean-pool" | "dense"} kind
 * @property {string} name
 * @property {string[]} inputs names; "pixels" is the picture
 * @property {boolean} relu whether ReLU follows
 * @property {number} stride
 * @property {number} padding zeros on every side
 * @property {number[]} shape of the kernel, empty where there is none
 * @property {Float32Array} kernel
 * @property {Float32Array} bias
 */

/**
 * @typedef {object} Model
 * @property {string[]} labels
 * @property {Operation[]} operations in the order of the graph; the last gives the logits
 * @property {{ rgb: Uint8Array, logits: number[] }} reference the built-in picture and what the file says of it
 */

/** @typedef {{ dtype: string, shape: number[], data_offsets: [number, number] }} Entry */

/**
 * The detector's tensors (`sign`, `region`) stay where they are: no other engine is asked for them.
 * @param {Uint8Array} bytes a safetensors file
 * @returns {Model}
 */
export function readModel(bytes) {
  const tensors = new TensorFile(bytes);
  const { network, labels, reference_logits: logits } = JSON.parse(tensors.metadata["signet"] ?? "{}");
  /** @type {Operation[]} */
  const operations = [];
  /** @param {Operation["kind"]} kind @param {string} name @param {string[]} inputs @param {Partial<Operation>} [more] */
  const add = (kind, name, inputs, more) => {
    const none = new Float32Array();
    operations.push({ kind, name, inputs, relu: false, stride: 1, padding: 0, shape: [], kernel: none, bias: none, ...more });
    return name;
  };
  /** @param {string} name @param {string} input @param {number} side of the kernel @param {Partial<Operation>} [more] */
  const conv = (name, input, side, more) => add("conv", name, [input], { ...tensors.layer(name, side), ...more });

  let x = conv("conv1", "pixels", 7, { stride: 2, padding: 3, relu: true });
  x = add("max-pool", "pool", [x]);
  for (const [index, stage] of network.stages.entries()) {
    for (let block = 0; block <= stage.identity_blocks; block += 1) {
      const name = `res${index + 2}${String.fromCharCode(97 + block)}`;
      const stride = block === 0 ? stage.stride : 1;
      const shortcut = block === 0 ? conv(`${name}_branch1`, x, 1, { stride }) : x;
      let y = conv(`${name}_branch2a`, x, 1, { stride, relu: true });
      y = conv(`${name}_branch2b`, y, 3, { padding: 1, relu: true });
      y = conv(`${name}_branch2c`, y, 1);
      x = add("add", name, [y, shortcut], { relu: true });
    }
  }
  x = add("mean-pool", "features", [x]);
  add("dense", "fc", [x], tensors.layer("fc"));
  return { labels, operations, reference: { rgb: tensors.bytes("reference.picture"), logits } };
}

/** A safetensors file: the length of a JSON header, the header, the values. */
class TensorFile {
  #values;
  /** @type {Record<string, Entry>} */
  #entries;
  /** @type {Record<string, string>} */
  metadata;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    const start = 8 + Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const { __metadata__: metadata, ...entries } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
    // A Node Buffer is a Uint8Array whose slices are no copies.
    this.#values = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
    this.#entries = entries;
    this.metadata = metadata;
  }

  /** @param {string} name */
  #entry(name) {
    const entry = this.#entries[name];
    if (!entry) throw new Error(`the weights have no ${name}`);
    return entry;
  }

  /** A copy, so that views of wider numbers are aligned. @param {string} name */
  bytes(name) {
    return this.#values.slice(...this.#entry(name).data_offsets);
  }

  /** @param {string} name @returns {Float32Array} */
  #floats(name) {
    if (`${name}.int4` in this.#entries) return this.#int4(name);
    const { dtype, shape: [channels = 1] } = this.#entry(name);
    const { buffer } = this.bytes(name);
    if (dtype === "F32") return new Float32Array(buffer);
    if (dtype !== "I8") throw new Error(`${name} is ${dtype}; this reads F32 and I8`);
    const scales = this.#floats(`${name}.scale`);
    const perChannel = buffer.byteLength / channels;
    return Float32Array.from(new Int8Array(buffer), (value, at) => value * Number(scales[Math.floor(at / perChannel)]));
  }

  /** Half bytes less eight, times a factor for each 64 of them, times the channel's scale. @param {string} name */
  #int4(name) {
    const bytes = this.bytes(`${name}.int4`);
    const factors = new Int8Array(this.bytes(`${name}.factor`).buffer);
    const scales = this.#floats(`${name}.scale`);
    const [perChannel, groups] = [(2 * bytes.length) / scales.length, factors.length / scales.length];
    return Float32Array.from({ length: 2 * bytes.length }, (_, at) => {
      const [channel, within] = [Math.floor(at / perChannel), at % perChannel];
      const factor = Number(factors[channel * groups + Math.floor(within / 64)]);
      return ((Number(bytes[at >> 1]) >> (4 * (at & 1)) & 15) - 8) * factor * Number(scales[channel]);
    });
  }

  /** A layer with a kernel of that side, or a dense one: the file has no shape where it has 4 bits. @param {string} name @param {number} [side] */
  layer(name, side) {
    const [kernel, bias] = [this.#floats(`${name}.kernel`), this.#floats(`${name}.bias`)];
    const inputs = kernel.length / bias.length;
    return { shape: side ? [bias.length, inputs / side ** 2, side, side] : [bias.length, inputs], kernel, bias };
  }
}
