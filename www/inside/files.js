// All that the tab needs besides the page's own files, so that one visit of it is enough to do without a network.
export const FILES = Object.freeze([
  ...["challenge", "color", "context", "cut", "evidence", "export", "files", "inside", "inspector", "inspector-worker", "knows", "map-drawing", "module-types", "path", "sample-set", "scatter", "space", "state", "stops", "svg", "why", "words",
    ...["en", "de", "fr", "es", "ar", "zh"].map((code) => `words/${code}`)].map((name) => `inside/${name}.js`),
  "inside/inside.css", "inside/why.css",
  "pkg/signet_cpu_inspect.js", "pkg/signet_cpu_inspect_bg.wasm",
]);
