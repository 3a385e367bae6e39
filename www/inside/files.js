// All that the tab needs besides the page's own files, so that one visit of it is enough to do without a network.
export const FILES = Object.freeze([
  ...["activations", "answer-chart", "channels", "check-panel", "check-set", "color", "context", "cut", "cut-notice", "export", "features", "files", "filters", "inside",
    "learns", "learns-charts", "learns-findings", "learns-pictures", "learns-report", "lesions", "map-canvas",
    "measure", "path", "place-panel", "state", "strip", "words",
    "challenge", "evidence", "knows", "map-drawing", "reading", "sample-set", "scatter", "space", "stops", "svg", "why",
    ...["en", "de", "fr", "es", "ar", "zh"].map((code) => `words/${code}`)].map((name) => `inside/${name}.js`),
  ...["comparison", "comparison-worker", "inspector", "inspector-worker"].map((name) => `library/${name}.js`),
  "inside/inside.css", "inside/why.css", "inside/learns.css", "inside/check-set.jpg",
  "pkg/signet_cpu_inspect.js", "pkg/signet_cpu_inspect_bg.wasm",
]);
