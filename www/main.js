// Wiring: ways in to the client, answers to the view. What a thing does is in its own file.
import { Camera } from "./camera.js";
import { SignetClient, newestOnly } from "./client.js";
import { DrawPad } from "./draw.js";
import { decodeInBrowser, listenForPictures, readPicture } from "./image.js";
import { Shortcuts } from "./keyboard.js";
import { storeAlso, storePage } from "./offline.js";
import { SignetError, asSignetError } from "./protocol.js";
import { requireWebAssembly, requireWebGpu } from "./support.js";
import { View, element } from "./view.js";
import { Weights } from "./weights.js";

/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./words.js").Mode} Mode */

/** A request that is answered sooner is not worth a change of the status. */
const BUSY_AFTER_MS = 150;

const view = new View();
const showUnexpected = (/** @type {unknown} */ thrown) => view.showError(asSignetError(thrown));
addEventListener("error", ({ error, message }) => showUnexpected(error ?? new Error(message)));
addEventListener("unhandledrejection", ({ reason }) => showUnexpected(reason));

// The recogniser

const asked = new URLSearchParams(location.search).get("backend");
const backend = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const weights = new Weights({ base: new URL("models/", location.href) });
/** Resolves when the model is in this browser's storage. @type {(stored: void) => void} */
let modelStored;
const modelKept = new Promise((resolve) => { modelStored = resolve; });

function startClient() {
  view.showStarting(backend === "webgpu" ? "webgpu" : "cpu");
  try {
    requireWebAssembly();
  } catch (thrown) {
    view.showFailedStart(asSignetError(thrown));
    return null;
  }
  const started = new SignetClient({
    backend,
    requireWebGpu,
    createWorker: (kind) => new Worker(new URL("worker.js", import.meta.url), { type: "module", name: `signet-${kind}` }),
    loadWeights: async (fresh) => {
      view.showLabels((await weights.manifest()).labels);
      const model = await weights.get({ fresh, onProgress: (progress) => view.showProgress(progress) });
      view.showPreparing();
      return model;
    },
    onModel: async (model) => {
      const stored = model.source === "storage" || (await weights.keep(model));
      view.showStorage({ bytes: model.bytes.length, source: model.source, stored });
      if (stored) modelStored();
    },
    onChoice: (choice) => {
      view.showBackend(choice);
      if (choice.reason === "faster") void storePage().then(() => storeAlso(["pkg/signet_gpu.js", "pkg/signet_gpu_bg.wasm"]));
    },
  });
  started.ready.catch((thrown) => view.showFailedStart(asSignetError(thrown)));
  return started;
}

/** @type {SignetClient | null} */
let client = null;

/**
 * @param {Picture} picture
 * @param {boolean} keep
 */
async function classify(picture, keep) {
  if (!client) throw new SignetError("wasm-missing", "the recogniser was not started");
  await client.ready;
  const timer = setTimeout(() => view.showBusy(true), BUSY_AFTER_MS);
  try {
    return await client.classify(picture, { keep });
  } finally {
    clearTimeout(timer);
    view.showBusy(false);
  }
}

// The ways in. `turn` counts what the person turned to, so that a late answer to something older is dropped.

/** @type {Mode} */
let mode = "upload";
let turn = 0;

/** @param {Mode} next */
function enter(next) {
  if (mode === "webcam" && next !== "webcam") stopCamera();
  mode = next;
  turn += 1;
  view.leaveError();
  view.showMode(mode);
  view.clearPrediction(mode);
  if (mode === "draw") drawingChanged();
  if (mode === "upload" && uploaded) void recognise(uploaded);
}

for (const name of /** @type {const} */ (["webcam", "upload", "draw"])) {
  element(`[data-mode=${name}]`, HTMLElement).addEventListener("click", () => { if (mode !== name) enter(name); });
}

// Upload

/** @type {File | null} */
let uploaded = null;
const image = element("#upload-image", HTMLImageElement);
image.addEventListener("load", () => {
  view.showShape("upload", image.naturalWidth, image.naturalHeight);
  view.showPicture("picture");
});
image.addEventListener("error", () => view.showPicture("unshowable"));

/** @param {File} file */
function receive(file) {
  uploaded = file;
  view.hideError();
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(file);
  image.alt = file.name;
  view.showPictureName(file.name);
  enter("upload");
}

/** @param {File} file */
async function recognise(file) {
  const mine = turn;
  try {
    const picture = await readPicture(file);
    const prediction = await classify(picture, true).catch(async (thrown) => {
      if (asSignetError(thrown).code !== "picture-format") throw thrown;
      return classify(await decodeInBrowser(file), true);
    });
    if (mine === turn) view.showPrediction(prediction);
  } catch (thrown) {
    if (mine === turn) view.showError(asSignetError(thrown));
  }
}

const input = element("#upload-input", HTMLInputElement);
input.addEventListener("change", () => {
  const file = input.files?.[0];
  if (file) receive(file);
  input.value = ""; // choosing the same file again is a change too
});
listenForPictures({
  onFile: receive,
  onNothing: (code) => view.showError(new SignetError(code, "no file in it")),
  onDragging: (dragging) => view.showDropTarget(dragging),
});

// Draw

const pad = new DrawPad(element("#draw-canvas", HTMLCanvasElement), () => drawingChanged());
const recogniseDrawing = newestOnly(async () => {
  const mine = turn;
  try {
    if (pad.isEmpty || mode !== "draw") return;
    const prediction = await classify(pad.pixels(), true);
    if (mine === turn && !pad.isEmpty) view.showPrediction(prediction);
  } catch (thrown) {
    if (mine === turn) view.showError(asSignetError(thrown));
  }
});

function drawingChanged() {
  view.showPad(pad.pen.erases ? "eraser" : "pen", pad.canUndo, pad.isEmpty);
  if (pad.isEmpty) view.clearPrediction("draw");
  recogniseDrawing();
}

for (const tool of /** @type {const} */ (["pen", "eraser"])) {
  element(`[data-tool=${tool}]`, HTMLElement).addEventListener("click", () => {
    pad.pen.erases = tool === "eraser";
    view.showPad(tool, pad.canUndo, pad.isEmpty);
  });
}
const width = element("#draw-width", HTMLInputElement);
width.addEventListener("input", () => { pad.pen.width = width.valueAsNumber; });
const checkedColour = () => element("[name=draw-colour]:checked", HTMLInputElement).value;
element(".swatches", HTMLElement).addEventListener("change", () => {
  Object.assign(pad.pen, { colour: checkedColour(), erases: false });
  view.showPad("pen", pad.canUndo, pad.isEmpty);
});
element("#draw-undo", HTMLElement).addEventListener("click", () => pad.undo());
element("#draw-clear", HTMLElement).addEventListener("click", () => pad.clear());
// A browser may restore the controls of an earlier visit; the pen follows them.
Object.assign(pad.pen, { width: width.valueAsNumber, colour: checkedColour() });

// Webcam

const video = element("#webcam-video", HTMLVideoElement);
const camera = new Camera(video, (error) => {
  stopCamera();
  view.showError(error);
});
video.addEventListener("resize", () => view.showShape("webcam", video.videoWidth, video.videoHeight));
/** @type {"off" | "asking" | "live" | "held"} */
let cameraState = "off";

/** @param {string} [deviceId] */
async function startCamera(deviceId) {
  cameraState = "asking";
  view.hideError();
  view.showCamera("asking");
  try {
    if (!(await camera.open(deviceId))) return;
  } catch (thrown) {
    stopCamera();
    return view.showError(asSignetError(thrown));
  }
  cameraState = "live";
  view.showShape("webcam", video.videoWidth, video.videoHeight);
  view.showCamera("live", camera.isMirrored);
  const cameras = await camera.choices();
  if (!camera.isOpen) return; // stopped meanwhile
  view.showCameras(cameras);
  await watch();
}

/** @param {"off" | "hidden"} [why] */
function stopCamera(why = "off") {
  if (cameraState !== "off") turn += 1;
  cameraState = "off";
  camera.close();
  view.showCamera(why);
  if (mode === "webcam") view.clearPrediction("webcam");
}

/** Classifies frame after frame, never two at a time, until the camera is stopped or fails; a held one once. */
async function watch() {
  const mine = ++turn;
  const once = cameraState === "held";
  let failures = 0;
  while (mine === turn && camera.isOpen) {
    if (!once) await camera.nextFrame();
    const picture = mine === turn && camera.grab();
    if (!picture && !once) continue;
    if (!picture) return;
    try {
      const prediction = await classify(picture, false);
      failures = 0;
      if (mine === turn) view.showPrediction(prediction);
    } catch (thrown) {
      // One frame may be lost to a worker that is being replaced; the next one shows whether it was.
      failures += 1;
      const error = asSignetError(thrown);
      if (mine !== turn || (failures === 1 && error.code.startsWith("worker-"))) continue;
      stopCamera();
      view.showError(error);
    }
    if (once && failures === 0) return;
  }
}

/** Holds the frame that is shown, or goes on. */
async function capture() {
  if (cameraState === "live") {
    cameraState = "held";
    video.pause();
    view.showCamera("held", camera.isMirrored);
  } else if (cameraState === "held") {
    cameraState = "live";
    view.showCamera("live", camera.isMirrored);
    await video.play().catch(() => {}); // stopped meanwhile
  } else {
    return;
  }
  await watch();
}

element("#webcam-toggle", HTMLElement).addEventListener("click", () => {
  if (cameraState === "off") void startCamera();
  else stopCamera();
});
element("#webcam-capture", HTMLElement).addEventListener("click", () => void capture());
const choice = element("#webcam-select", HTMLSelectElement);
choice.addEventListener("change", () => void startCamera(choice.value));
document.addEventListener("visibilitychange", () => {
  if (document.hidden && cameraState !== "off") stopCamera("hidden");
});
addEventListener("pagehide", () => camera.close());

// Help, errors, storage

const help = element("#help", HTMLDialogElement);
const shortcuts = new Shortcuts({
  onCapture: () => { if (mode === "webcam") void capture(); },
  onStop: () => { if (cameraState !== "off") stopCamera(); },
  onHelp: () => help.showModal(),
});
const letters = element("#help-letters", HTMLInputElement);
letters.checked = shortcuts.enabled;
letters.addEventListener("change", () => { shortcuts.enabled = letters.checked; });
element("#help-open", HTMLElement).addEventListener("click", () => help.showModal());
element("#error-dismiss", HTMLElement).addEventListener("click", () => view.hideError());
element("#error-reload", HTMLElement).addEventListener("click", () => location.reload());
element("#storage-remove", HTMLElement).addEventListener("click", async () => {
  await weights.remove();
  view.showStorage({ bytes: (await weights.manifest()).bytes, source: "removed", stored: false });
});

view.clearPrediction(mode);
view.showPicture("none");
client = startClient();
// The page's own files are stored once nothing more urgent is downloading.
const pageKept = client?.ready.then(storePage, () => new Promise(() => {}));
void Promise.all([pageKept, modelKept]).then(async () => view.showOffline(await weights.stored()));
