// The module that inspects, as the page sees it.

/**
 * A tensor's values, channel by channel.
 * @typedef {{ channels: number, height: number, width: number, values: Float32Array }} Maps
 * @typedef {{ name: string, kernel: number, stride: number, input: number, output: number, parameters: number, multiplyAdds: number, shortcut: boolean }} Convolution
 * @typedef {{ name: string, kind: "stem" | "identity" | "convolutional" | "features", stage: number, size: [number, number, number],
 *   parameters: number, multiplyAdds: number, convolutions: Convolution[] }} Place
 * @typedef {{ block: string, part: "branch" | "skip" }} Cut
 * @typedef {{ label: string, probabilities: number[], logits: number[], presence?: number, margin: number }} Answer
 * @typedef {{ side: number, cells: Float32Array, bias: number, logit: number }} Evidence
 * @typedef {{ right: number, count: number, margins: Float32Array, labels: Uint32Array }} Scores
 * @typedef {{ pixels: Uint8Array, labels: string[] }} CheckSet
 */

/**
 * @typedef {object} ModuleInspector
 * @property {string[]} labels
 * @property {boolean} hasDetector
 * @property {() => Place[]} places
 * @property {(pixels: Uint8Array, cuts: Cut[]) => Answer} answer
 * @property {(pixels: Uint8Array, cuts: Cut[], places: string[]) => Maps[]} maps
 * @property {() => Float32Array} filters
 * @property {(pixels: Uint8Array) => Float32Array} features
 * @property {(pixels: Uint8Array, cuts: Cut[], target: number, shifts: 1 | 2 | 4) => Evidence} evidence
 * @property {(pixels: Uint8Array, cuts: Cut[], target: number, first: number, count: number) => Float32Array} occlusion
 * @property {(pixels: Uint8Array, labels: Uint32Array, cuts: Cut[]) => Scores} score
 * @property {(pixels: Uint8Array, order: Uint32Array, cells: number) => Answer} blurred
 * @property {(pixels: Uint8Array, order: Uint32Array, cells: number) => Uint8Array} blurredInput
 * @property {(bytes: Uint8Array) => CheckSet} checkSet
 * @typedef {{ labels: string[], hasDetector: boolean, places: Place[] }} LoadedInspector
 * @typedef {{ Inspector: { load(weights: Blob | Uint8Array): Promise<ModuleInspector> } }} InspectorModule
 */

export {};
