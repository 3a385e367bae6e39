// The surface of the generated wasm modules (pkg/signet_cpu.js and pkg/signet_gpu.js), written down by hand
// so that the page type-checks before they are built.

export interface ModulePrediction {
  label: string;
  probability: number;
  probabilities: ArrayLike<number>;
  view: ArrayLike<number>;
  width: number;
  height: number;
  /** Gives back its part of the module's memory; its fields are gone then. */
  free(): void;
}

export interface Classifier {
  readonly labels: string[];
  readonly backend: "cpu" | "webgpu";
  selfCheck(): Promise<number>;
  classifyPixels(rgba: Uint8Array, width: number, height: number): Promise<ModulePrediction>;
  classifyFile(bytes: Uint8Array): Promise<ModulePrediction>;
  free(): void;
}

export interface SignetModule {
  default(): Promise<unknown>;
  Classifier: { load(weights: Uint8Array, sha256?: string): Promise<Classifier> };
}
