// TensorFlow.js: the calls that its executor would make for a graph model with everything fused, without the executor.

/** @typedef {import("./protocol.js").EngineFile} EngineFile */
/** @typedef {import("../prepare.js").TfjsModel} TfjsModel */
/** @typedef {import("@tensorflow/tfjs-core").Tensor} Tensor */
/** @typedef {typeof import("@tensorflow/tfjs-core")} Tf */
/** @typedef {Tf & { wasm: typeof import("@tensorflow/tfjs-backend-wasm") }} TfWithWasm */
/** @typedef {import("../prepare.js").TfjsOperation & { filter: any, offset: any }} Layer  its kernel and bias as tensors */

const MODULES = "/node_modules/@tensorflow";
const BACKENDS = { cpu: "wasm", webgpu: "webgpu" };
const CHANNELS = 3;

/** @type {EngineFile["load"]} */
export async function load(device, files, _, threads) {
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
    if (threads > 1) {
      if (!(await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT"))) throw new Error("tfjs would run without threads");
      tf.wasm.setThreadsCount(threads);
    }
  }
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no ${backend} here`);
  await tf.ready();
  const layers = await layersOf(tf, files.tfjs);
  return {
    async run(rgba, count) {
      const probabilities = tf.tidy(() => {
        const side = Math.sqrt(rgba.length / 4 / count);
        /** @type {Record<string, Tensor>} */
        const found = { pixels: tf.tensor4d(colours(rgba), [count, side, side, CHANNELS]) };
        for (const layer of layers) found[layer.name] = compute(tf, layer, layer.inputs.map((name) => found[name]));
        return tf.softmax(/** @type {Tensor} */ (found[layers.at(-1)?.name ?? ""]));
      });
      const values = await probabilities.data();
      probabilities.dispose();
      return values;
    },
  };
}

/** @param {Tf} tf @param {string} address @returns {Promise<Layer[]>} */
async function layersOf(tf, address) {
  /** @type {TfjsModel} */
  const { bin, operations } = await (await fetch(address)).json();
  const values = new Float32Array(await (await fetch(bin)).arrayBuffer());
  /** @param {number} at @param {number[]} shape */
  const tensor = (at, shape) => tf.tensor(values.slice(at, at + shape.reduce((product, side) => product * side, 1)), shape);
  return operations.map((operation) => {
    const { kernel, bias, shape } = operation;
    const isEmpty = shape.length === 0;
    return { ...operation, filter: isEmpty ? null : tensor(kernel, shape), offset: isEmpty ? null : tensor(bias, shape.slice(-1)) };
  });
}

/** @param {Tf} tf @param {Layer} layer @param {any[]} inputs @returns {Tensor} */
function compute(tf, { kind, relu, stride, padding, filter, offset }, [x, other]) {
  switch (kind) {
    case "conv":
      return tf.fused.conv2d({
        x, filter, bias: offset, strides: stride, activation: relu ? "relu" : "linear",
        pad: padding === 0 ? "valid" : [[0, 0], [padding, padding], [padding, padding], [0, 0]],
      });
    case "max-pool":
      return tf.maxPool(x, 3, 2, "valid");
    case "add":
      return tf.relu(tf.add(x, other));
    case "mean-pool":
      return tf.reshape(tf.avgPool(x, 2, 1, "valid"), [x.shape[0], -1]);
    case "dense":
      return tf.fused.matMul({ a: x, b: filter, bias: offset });
  }
}

/** RGBA bytes to RGB in 0 to 1. @param {Uint8Array} rgba */
function colours(rgba) {
  const values = new Float32Array((rgba.length / 4) * CHANNELS);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += CHANNELS) {
    for (let channel = 0; channel < CHANNELS; channel += 1) values[to + channel] = Number(rgba[from + channel]) / 255;
  }
  return values;
}
