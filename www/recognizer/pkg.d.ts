// The surface of the generated wasm modules (pkg/signet_cpu.js, signet_cpu_relaxed.js, signet_gpu.js, signet_cpu_learn.js and
// signet_gpu_learn.js), written down by hand so that the page type-checks before they are built.

export interface ModulePrediction {
  label: string;
  probability: number;
  probabilities: ArrayLike<number>;
  /** How probable it is that there is a sign at all; undefined where the network has no finder. */
  sign: number | undefined;
  /** The part of the picture that the answer is about: left, top, side. */
  window: ArrayLike<number>;
  view: ArrayLike<number>;
  width: number;
  height: number;
  /** Gives back its part of the module's memory; its fields are gone then. */
  free(): void;
}

export interface ModuleView {
  /** 64x64 RGBA. */
  view: ArrayLike<number>;
  /** Of the picture as it was given, upright. */
  width: number;
  height: number;
  free(): void;
}

export interface Classifier {
  readonly labels: string[];
  readonly backend: "cpu" | "webgpu";
  /** Whether it says if there is a sign, and where. */
  readonly hasFinder: boolean;
  selfCheck(): Promise<number>;
  classifyPixels(rgba: Uint8Array, width: number, height: number): Promise<ModulePrediction>;
  classifyFile(bytes: Uint8Array): Promise<ModulePrediction>;
  /** Any part of the picture: left, top and side of a square. */
  classifyWindow(rgba: Uint8Array, width: number, height: number, window: Uint32Array): Promise<ModulePrediction>;
  /** Wherever the hand is: some twenty times the work of `classifyPixels`. */
  locatePixels(rgba: Uint8Array, width: number, height: number): Promise<ModulePrediction>;
  locateFile(bytes: Uint8Array): Promise<ModulePrediction>;
  /** The next frame of a video, where the hand was in the last one: at most three times the work. */
  followPixels(rgba: Uint8Array, width: number, height: number): Promise<ModulePrediction>;
  /** Where the next frame is looked at; without a window, wherever there is a hand. */
  track(window?: Uint32Array): void;
  /** The probabilities of any number of 64x64 RGBA squares, one after another, rows in the order of `labels`. */
  classifySquares(rgba: Uint8Array): Promise<ArrayLike<number>>;
  free(): void;
}

/** What `Trainer.step` did, as JSON. */
export type TrainEvent =
  | { kind: "features"; done: number; total: number }
  /** How good the weights are that it starts from; not told without validation pictures. */
  | { kind: "start"; validation: Score[] }
  | { kind: "batch"; epoch: number; batch: number; batches: number; training: Score }
  /** Validation pictures scored so far; epoch 0 is the start. */
  | { kind: "validation"; epoch: number; done: number; total: number }
  | ({ kind: "epoch" } & EpochRecord)
  | { kind: "done" };

/** Mean cross-entropy in nats and the share of right answers. */
export interface Score {
  loss: number;
  accuracy: number;
}

export interface EpochRecord {
  /** Counted from 1. */
  epoch: number;
  training: Score;
  /** One for the validation set; none where there are no validation pictures. */
  validation: Score[];
  /** Whether no earlier epoch was better, nor the start. */
  best: boolean;
}

export interface TrainSettings {
  scope: "head" | "stage" | "all";
  epochs: number;
  batchSize: number;
  learningRate: number;
  augmentation: boolean;
  seed: number;
}

/** Pictures are 64x64 RGBA squares, one after another; labels are indexes, one for each. */
export interface TrainPictures {
  labels: string[];
  training: Uint8Array;
  trainingLabels: Uint32Array;
  validation: Uint8Array;
  validationLabels: Uint32Array;
}

export interface Trainer {
  /** Does one piece of work (the features of a few pictures, a batch, the scores of a few validation pictures) and tells what, as JSON. Throws `not-finite` or `device`. */
  step(): Promise<string>;
  /** The epochs so far, as JSON: EpochRecord[]. */
  history(): string;
  /** The weights of the best epoch so far, or of the start when none was as good, as a file with labels and self-check; undefined while there are none. */
  bestWeights(): Promise<Uint8Array | undefined>;
  /** Everything that `resume` needs, `best` apart. Between steps. */
  checkpoint(): Promise<Uint8Array>;
  free(): void;
}

export interface SignetModule {
  default(): Promise<unknown>;
  /** With `float32` the CPU computes in floats even what it could in integers. */
  Classifier: { load(weights: Uint8Array, sha256?: string, float32?: boolean): Promise<Classifier> };
  /** In the modules that learn. */
  Trainer: {
    /** Starts from a weights file; classes of the same name keep their part of the head, others get a fresh one. */
    start(weights: Uint8Array, pictures: TrainPictures, settings: TrainSettings): Promise<Trainer>;
    /** Goes on exactly where `checkpoint` was taken, with the same pictures in the same order. */
    resume(checkpoint: Uint8Array, best: Uint8Array | undefined, pictures: TrainPictures): Promise<Trainer>;
  };
  /** Raw pixels to what the model sees. */
  squareOfPixels(rgba: Uint8Array, width: number, height: number): ModuleView;
  /** An encoded picture to what the model sees. */
  squareOfFile(bytes: Uint8Array): ModuleView;
}
