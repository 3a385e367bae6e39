// TensorFlow.js: the calls that its executor would make for a graph model with everything fused, without the executor.

/** @typedef {import("./protocol.js").EngineFile} EngineFile */
/** @typedef {import("../prepare.js").TfjsLayer} TfjsLayer */
/** @typedef {import("../prepare.js").TfjsModel} TfjsModel */
/** @typedef {import("@tensorflow/tfjs-core").Tensor4D} Tensor4D */
/** @typedef {import("@tensorflow/tfjs-core").Tensor2D} Tensor2D */
/** @typedef {import("@tensorflow/tfjs-core").Tensor1D} Tensor1D */
/** @typedef {typeof import("@tensorflow/tfjs-core")} Tf */
/** @typedef {Tf & { wasm: typeof import("@tensorflow/tfjs-backend-wasm") }} TfWithWasm */
/** @typedef {{ kernel: Tensor4D, bias: Tensor1D, stride: number, padding: number }} Convolution */

const MODULES = "/node_modules/@tensorflow";
const BACKENDS = { cpu: "wasm", webgpu: "webgpu" };
const CHANNELS = 3;

/** @type {EngineFile["load"]} */
export async function load(device, files) {
  const backend = BACKENDS[device];
  // Scripts of the older kind, which put a `tf` on the global object.
  for (const script of ["core/dist/tf-core", `backend-${backend}/dist/tf-backend-${backend}`]) {
    await import(`${MODULES}/tfjs-${script}.es2017.min.js`);
  }
  const { tf } = /** @type {{ tf: TfWithWasm }} */ (/** @type {unknown} */ (globalThis));
  tf.enableProdMode();
  if (backend === "wasm") {
    tf.wasm.setWasmPaths(`${MODULES}/tfjs-backend-wasm/dist/`);
    if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("tfjs would run without SIMD");
  }
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no ${backend} here`);
  await tf.ready();
  const forward = await network(tf, files.tfjs);
  return {
    async run(rgba, count) {
      const probabilities = tf.tidy(() => {
        const side = Math.sqrt(rgba.length / 4 / count);
        return forward(tf.tensor4d(colours(rgba), [count, side, side, CHANNELS]));
      });
      const values = await probabilities.data();
      probabilities.dispose();
      return values;
    },
  };
}

/**
 * @param {Tf} tf
 * @param {string} address
 * @returns {Promise<(pixels: Tensor4D) => Tensor2D>}
 */
async function network(tf, address) {
  /** @type {TfjsModel} */
  const model = await (await fetch(address)).json();
  const bin = new Float32Array(await (await fetch(model.bin)).arrayBuffer());
  const values = (/** @type {number} */ at, /** @type {number[]} */ shape) =>
    bin.slice(at, at + shape.reduce((product, side) => product * side, 1));
  /** @param {TfjsLayer} layer @returns {Convolution} */
  const convolution = ({ shape, kernel, bias, stride, padding }) => ({
    kernel: tf.tensor4d(values(kernel, shape), /** @type {[number, number, number, number]} */ (shape)),
    bias: tf.tensor1d(values(bias, shape.slice(-1))),
    stride,
    padding,
  });
  const stem = convolution(model.stem);
  const blocks = model.blocks.map(({ main, shortcut }) => ({ main: main.map(convolution), shortcut: shortcut && convolution(shortcut) }));
  const { shape, kernel, bias } = model.dense;
  const dense = { kernel: tf.tensor2d(values(kernel, shape), /** @type {[number, number]} */ (shape)), bias: tf.tensor1d(values(bias, shape.slice(-1))) };

  /** @param {Tensor4D} x @param {Convolution} layer @param {"relu" | "linear"} activation */
  const convolve = (x, { kernel: filter, bias: offset, stride, padding }, activation) => tf.fused.conv2d({
    x, filter, bias: offset, strides: stride, activation,
    pad: padding === 0 ? "valid" : [[0, 0], [padding, padding], [padding, padding], [0, 0]],
  });
  return (pixels) => {
    let x = tf.maxPool(convolve(pixels, stem, "relu"), 3, 2, "valid");
    for (const { main: [a, b, c], shortcut } of blocks) {
      if (!a || !b || !c) throw new Error("a block has three convolutions");
      const y = convolve(convolve(convolve(x, a, "relu"), b, "relu"), c, "linear");
      x = tf.relu(tf.add(y, shortcut ? convolve(x, shortcut, "linear") : x));
    }
    const features = tf.reshape(tf.avgPool(x, 2, 1, "valid"), [pixels.shape[0], -1]);
    const logits = tf.fused.matMul({ a: /** @type {Tensor2D} */ (features), b: dense.kernel, bias: dense.bias });
    return /** @type {Tensor2D} */ (tf.softmax(logits));
  };
}

/** RGBA bytes to RGB in 0 to 1. @param {Uint8Array} rgba */
function colours(rgba) {
  const values = new Float32Array((rgba.length / 4) * CHANNELS);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += CHANNELS) {
    for (let channel = 0; channel < CHANNELS; channel += 1) values[to + channel] = Number(rgba[from + channel]) / 255;
  }
  return values;
}
