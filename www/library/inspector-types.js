// The module that inspects, as the page sees it: its generated types under the names that the page uses.

/**
 * A tensor's values, channel by channel.
 * @typedef {import("../pkg/signet_cpu_inspect.js").Maps} Maps
 * @typedef {import("../pkg/signet_cpu_inspect.js").Convolution} Convolution
 * @typedef {import("../pkg/signet_cpu_inspect.js").Place} Place
 * @typedef {import("../pkg/signet_cpu_inspect.js").Cut} Cut
 * @typedef {import("../pkg/signet_cpu_inspect.js").Answer} Answer
 * @typedef {import("../pkg/signet_cpu_inspect.js").Evidence} Evidence
 * @typedef {import("../pkg/signet_cpu_inspect.js").Scores} Scores
 * @typedef {import("../pkg/signet_cpu_inspect.js").Inspector} ModuleInspector
 * @typedef {Extract<keyof ModuleInspector, string>} Method
 * @typedef {typeof import("../pkg/signet_cpu_inspect.js")} InspectorModule
 * @typedef {import("../pkg/signet_cpu_inspect.js").CheckSet} CheckSet
 * @typedef {{ labels: string[], hasDetector: boolean, mirrors: boolean, places: Place[] }} LoadedInspector
 */

export {};
