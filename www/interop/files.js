// All that this room needs besides the page's own files, so that one use of it is enough to do without a network.
export const FILES = Object.freeze([
  ...["files", "words",
    "bring", "guess-dialog", "guess-rows", "opening", "sample-sources", "samples-out", "taking",
    "doors", "export-menu", "export-page", "import-model", "page", "qr-drawing", "share-link", "shared-model",
    ...["en", "de", "fr", "es", "ar", "zh"].map((code) => `words/${code}`)].map((name) => `interop/${name}.js`),
  "library/converter.js", "library/converter-worker.js",
  "interop/samples.css", "interop/share.css", "pkg/signet_cpu_convert.js", "pkg/signet_cpu_convert_bg.wasm", "pkg/LICENSES.txt",
]);
