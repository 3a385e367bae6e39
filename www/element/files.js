// All that a page of its own needs to show the element: these files in one folder, and a weights file that its
// attribute `model` names. A browser fetches one of the modules.
export const FILES = Object.freeze([
  "hand-sign.js", "signet.js", "offline/trusted.js",
  ...["hand-sign", "shared", "style", "view", "words"].map((name) => `element/${name}.js`),
  ...["answer", "model", "source", "watch"].map((name) => `library/${name}.js`),
  ...["camera", "frames", "image", "upright"].map((name) => `input/${name}.js`),
  ...["answer", "backends", "benchmark", "bytes", "client", "contract", "errors", "helper", "link", "liveness", "memory", "module", "protocol", "requests",
    "serve", "sha256", "smoothing", "support", "threads", "timeout", "weights", "worker"].map((name) => `recognizer/${name}.js`),
  "pkg/signet_cpu.js", "pkg/signet_cpu_bg.wasm", "pkg/signet_cpu_relaxed.js", "pkg/signet_cpu_relaxed_bg.wasm",
]);
/** Where these lie beside them, a page that is cross-origin isolated has several threads. */
export const THREADS = Object.freeze(["pkg/signet_cpu_threads.js", "pkg/signet_cpu_threads_bg.wasm"]);
