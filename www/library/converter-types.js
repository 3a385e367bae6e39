// The module that converts, as the page sees it: its generated types under the names that the page uses.

/**
 * @typedef {typeof import("../pkg/signet_cpu_convert.js")} ConvertModule
 * @typedef {import("../pkg/signet_cpu_convert.js").FileKind} FileKind
 * @typedef {import("../pkg/signet_cpu_convert.js").Guess} Guess
 * @typedef {import("../pkg/signet_cpu_convert.js").ImportedModel} ImportedModel
 * @typedef {import("../pkg/signet_cpu_convert.js").ModelNote} ModelNote
 * @typedef {import("../pkg/signet_cpu_convert.js").SampleClass} SampleClass
 */

export {};
