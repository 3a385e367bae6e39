// The sentences that view.js shows: one for each error, with the next step, and those about the backend.

/** @typedef {import("./protocol.js").ErrorCode} ErrorCode */
/** @typedef {import("./client.js").Choice} Choice */

/** @type {Record<ErrorCode, string>} */
export const ERROR_SENTENCES = {
  "weights-hash": "The model that arrived is not the one this page expects: its checksum differs. Reload the page; if it happens again, the file on the server is damaged.",
  "weights-format": "The model file can't be read: it is not a safetensors file. The file on the server must be replaced.",
  "weights-missing-tensor": "The model file is incomplete: a part of the network is missing. The file on the server must be replaced.",
  "weights-unknown-tensor": "The model file holds parts that this network doesn't have. Reload the page, so that page and model are of one version.",
  "weights-shape": "The model file doesn't fit this network. Reload the page, so that page and model are of one version.",
  "weights-values": "The model file holds values that are not numbers. The file on the server must be replaced.",
  "picture-empty": "That picture has no pixels. Choose another one.",
  "picture-size": "That picture's data doesn't match its size. Choose another one.",
  "picture-format": "That file isn't a picture that can be opened here. Try a JPEG, PNG, WebP, GIF or BMP.",
  "picture-broken": "That picture is damaged and can't be opened. Try another copy of it.",
  "picture-too-large": "That picture is too large: 100 megapixels is the limit, and fewer for progressive JPEGs and 16-bit PNGs. Try a smaller version of it.",
  "self-check": "The model computes wrong numbers on this device, so its answers can't be trusted. Update the browser, or try another one.",
  "device": "The graphics device stopped answering. Reload the page, or open it with ?backend=cpu.",
  "module-missing": "The recogniser is not on this server. Run scripts/build.sh to build it, then reload the page.",
  "module-network": "The recogniser could not be downloaded. Check the connection, then reload the page.",
  "module-broken": "The recogniser was downloaded but doesn't start in this browser. Reload the page, or update the browser.",
  "model-missing": "The model file is not on this server. Put it into the folder models beside the page, then reload the page.",
  "model-network": "The model could not be downloaded. Check the connection, then reload the page.",
  "model-truncated": "The download of the model broke off before its end. Check the connection, then reload the page.",
  "model-manifest": "The description of the model (models/manifest.json) can't be read. The file on the server must be replaced.",
  "worker-crashed": "The recogniser crashed, and a new one has taken its place. Try again; if it crashes on the same picture, try another one.",
  "worker-timeout": "The recogniser took too long to answer, and was stopped. Try again.",
  "wasm-missing": "This browser has no WebAssembly, or it is switched off, and Signet runs on it. Switch it on, or open the page in a current Chrome, Edge, Firefox or Safari.",
  "wasm-simd": "This browser's WebAssembly is too old: it lacks SIMD. Open the page in a current Chrome, Edge, Firefox or Safari.",
  "gpu-missing": "This browser has no WebGPU. Open the page with ?backend=auto to use the CPU.",
  "gpu-adapter": "WebGPU finds no graphics adapter in this browser. Open the page with ?backend=auto to use the CPU.",
  "gpu-feature": "This graphics adapter lacks a feature that the model needs (timestamp-query). Open the page with ?backend=auto to use the CPU.",
  "gpu-disagrees": "WebGPU computes other numbers than the CPU on this device. Open the page with ?backend=cpu.",
  "camera-denied": "The camera is blocked for this page. Allow it in the browser's address bar, then start the webcam again. Upload and Draw work without it.",
  "camera-none": "No camera was found. Connect one, then start the webcam again. Upload and Draw work without it.",
  "camera-busy": "The camera is in use by another program. Close that program, then start the webcam again.",
  "camera-insecure": "Browsers give the camera only to secure pages. Open this page over https or on localhost. Upload and Draw work here too.",
  "camera-unsupported": "This browser can't show a camera to pages. Open the page in another browser, or use Upload or Draw.",
  "camera-lost": "The camera was disconnected or switched off. Connect it again, then start the webcam.",
  "paste-empty": "The clipboard holds no picture. Copy a picture, not its link, then paste again.",
  "drop-empty": "That was a link or text, not a picture. Save the picture first, then drop the file here.",
  "file-unreadable": "That file can't be read. It may have been moved or changed; choose it again.",
  "setting": "That setting can't be used: a value is outside of its range. Change it, or press Reset Defaults.",
  "not-finite": "The training ran off into numbers that are none, which a high learning rate does. The best model before that is kept; lower the learning rate and train again.",
  "label-empty": "A class needs a name. The old one was kept.",
  "label-taken": "There is a class of that name already, or it is the reserved word “none”. The old name was kept.",
  "label-long": "That name is too long: 40 characters is the limit. The old one was kept.",
  "classes-full": "30 classes is the limit. Delete one that isn't needed, then add the new one.",
  "samples-full": "This device's limit of images is reached. Delete some that aren't needed, then add new ones.",
  "storage-unavailable": "This browser keeps nothing for this page, as private windows do. Everything works until the page is closed; save the project as a file to keep it.",
  "storage-full": "The disk space for this page is used up. What was kept before is safe, and the page works on in memory; save the project as a file to keep the rest.",
  "storage-newer": "A newer version of Signet has kept a project here, which this one can't read. Reload the page; until then nothing is kept.",
  "project-format": "That file isn't a Signet project. Choose one that “Save project” has made.",
  "project-truncated": "That project file is incomplete: its end is missing. Copy or download it again. The open project was not changed.",
  "project-damaged": "That project file is damaged: its checksum differs. Use another copy of it. The open project was not changed.",
  "folder-empty": "There is no picture in that folder. Choose a folder that holds JPEG, PNG, WebP, GIF or BMP files.",
  "training-interrupted": "The interrupted training can't go on, because images that it needs were deleted or its file is damaged. Press Discard, then train again.",
  "unexpected": "Something went wrong that shouldn't have. Reload the page; your pictures never left this device.",
};

/** Why WebGPU does not serve, where that is not an error but a fact of this machine. @type {Partial<Record<ErrorCode, string>>} */
const WITHOUT_GPU = {
  "gpu-missing": "This browser has no WebGPU",
  "gpu-adapter": "No WebGPU adapter in this browser",
  "gpu-feature": "This WebGPU adapter lacks timestamp-query",
  "gpu-disagrees": "WebGPU gives other answers here, so the CPU stays",
  "self-check": "WebGPU computes wrong numbers here, so the CPU stays",
  "device": "WebGPU did not start on this device",
  "module-missing": "The GPU module is not built yet",
  "module-network": "The GPU module could not be downloaded",
  "module-broken": "The GPU module does not start in this browser",
  "worker-crashed": "The GPU module crashed while it was tried",
  "worker-timeout": "WebGPU took too long to answer",
};

/** @type {Partial<Record<ErrorCode, string>>} */
const GPU_LOST = {
  "device": "WebGPU lost its device, the CPU took over",
  "worker-crashed": "The GPU module crashed, the CPU took over",
  "worker-timeout": "WebGPU stopped answering, the CPU took over",
};

const NAMES = { cpu: "CPU", webgpu: "WebGPU" };

/** @param {number} ms */
export const milliseconds = (ms) =>
  `${ms.toLocaleString("en", { maximumFractionDigits: ms < 10 ? 1 : 0 })} ms`;

/** @param {number} bytes */
export const megabytes = (bytes) => Math.round(bytes / 1e6);

/** @param {number} share */
export const percent = (share) => `${(share * 100).toFixed(1)} %`;

/** @param {{ loaded: number, total: number }} progress */
export const progressLine = ({ loaded, total }) =>
  `Loading model… ${Math.floor((100 * loaded) / total)}% (${megabytes(loaded)} of ${megabytes(total)} MB)`;

/** "CPU, 52 ms". @param {Choice} choice */
export const backendLine = ({ backend, latencyMs }) =>
  latencyMs === null ? NAMES[backend] : `${NAMES[backend]}, ${milliseconds(latencyMs)}`;

/** Why this backend serves. @param {Choice} choice */
export function reasonLine({ backend, otherMs = 0, lost, reason }) {
  if (reason === "checking") return "Trying whether WebGPU is faster here…";
  if (reason === "forced") return `Chosen by ?backend=${backend}`;
  if (reason === "faster") return `Same answer as the CPU, which takes ${milliseconds(otherMs)} here`;
  if (reason === "slower") return `WebGPU gives the same answer but is slower: ${milliseconds(otherMs)} here`;
  return (lost && GPU_LOST[reason]) || (WITHOUT_GPU[reason] ?? "WebGPU could not be tried");
}

const NUMBER_WORDS = ["Zero", "One", "Two", "Three", "Four", "Five"];

/** A label as a word: "Three" for "3"; other labels are words already. @param {string} label */
export const wordOf = (label) => (/^[0-5]$/.test(label) && NUMBER_WORDS[Number(label)]) || label;

/**
 * What a seal has room for: "3", and the initials of longer labels, as on a signet ring.
 * @param {string} label
 */
export function monogramOf(label) {
  if ([...label].length <= 2) return label;
  const initials = label.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "");
  return initials.join("").toUpperCase();
}

/** Below this the answer is shown with a doubt. The model always names one of its signs, even for a cat. */
export const SURE = 0.7;

/** @typedef {"webcam" | "upload" | "draw"} Mode */

/** Where the model says that there is no sign. The seal has nothing to show then. */
export const NO_SIGN = { word: "No sign", seal: "–" };

/** What to do then. @type {Record<Mode, string>} */
export const NO_SIGN_ADVICE = {
  webcam: "Hold one hand in the picture.",
  upload: "Choose a picture with one hand, or drag a square around it.",
  draw: "Draw a hand: the palm, then a thick stroke for each finger.",
};

/** What the webcam's empty place asks for, with and without a model that finds the hand. */
export const HOLD = {
  anywhere: "Hold one hand in the picture.",
  inside: "Hold one hand inside the square, on a plain background.",
};

/** The square around the hand, and whose it is. @type {Record<import("./hand-square.js").SquareState, string>} */
export const FINDING_LINES = {
  found: "Or drag a square yourself.",
  looking: "Looking for a hand…",
  missing: "No hand found: drag a square around it.",
  middle: "This is the middle of the picture.",
  yours: "The square is yours: drag it or its corners.",
};

/** Said when it changes hands. */
export const FINDING_SAID = { yours: "The square is yours.", found: "Signet looks for the hand." };

export const SQUARE_LABEL = "The square that the model sees. Arrow keys move it, plus and minus resize it, Escape gives it back.";

/** @param {string} label */
export const exampleWords = (label) => `Example: a drawn hand that shows ${wordOf(label).toLowerCase()}`;

/** Beside the model's size, once the page can do without a network. */
export const OFFLINE = {
  available: "Available offline",
  outdated: "Available offline. A newer version is used from the next start on.",
};

/** What to do where there is nothing to recognise yet. @type {Record<Exclude<Mode, "upload">, string>} */
export const HINTS = {
  webcam: "Start the webcam and show it a hand.",
  draw: "Draw a hand: the palm, then a thick stroke for each finger.",
};

/** The same for Upload; where there is only a finger, nobody drops or pastes. */
export const UPLOAD = {
  desk: {
    hint: "Choose, drop or paste a photo of a hand.",
    title: "Drop a photo of a hand here",
    line: "or paste it with Ctrl+V, or choose a file below.",
    another: "Drop, paste or choose another one.",
  },
  touch: {
    hint: "Choose a photo of a hand.",
    title: "Choose a photo of a hand",
    line: "from this device, or take one with its camera.",
    another: "Choose another one.",
  },
};
