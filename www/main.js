// Wiring: the recognizer, the inputs, teaching, the answer. What a thing does is in its own file.
import { messages, startLanguage } from "./i18n/language.js";
import { chooseExample } from "./input/examples.js";
import { askAboutFile, listenForPictures } from "./input/image.js";
import { Inputs } from "./input/inputs.js";
import { idle, storeAlso, storePage } from "./offline/offline.js";
import { scriptAddress } from "./offline/trusted.js";
import { SignetClient } from "./recognizer/client.js";
import { SignetError, asSignetError } from "./recognizer/errors.js";
import { requireWebGpu, webAssemblyError } from "./recognizer/support.js";
import { Weights } from "./recognizer/weights.js";
import { Teach } from "./teach/teach.js";
import { button, element, field, part } from "./ui/dom.js";
import { Guide } from "./ui/guide.js";
import { listenToKeys } from "./ui/keyboard.js";
import { connectLanguageChoice } from "./ui/language-choice.js";
import { announce, leaveError, showError, showToast } from "./ui/notices.js";
import { showDetector, showLabels, showThreshold } from "./ui/view.js";
import { showBackend, showBusy, showFailedStart, showOffline, showPreparing, showProgress, showStarting, showStorage } from "./ui/status.js";
import { Tabs } from "./ui/tabs.js";
import { Threshold } from "./ui/threshold.js";

/** @import { Classify } from "./input/upload.js" */

/** A request that is answered sooner is not worth a change of the status. */
const BUSY_AFTER_MS = 150;

// Everything below may say something.
await startLanguage();

const threshold = new Threshold();
addEventListener("error", ({ error, message }) => showError(error ?? new Error(message)));
// For guard.js: from here on the page speaks for itself.
document.documentElement.dataset["started"] = "";
part("#incomplete").hidden = true;
addEventListener("unhandledrejection", ({ reason }) => showError(reason));

// The recognizer

const asked = new URLSearchParams(location.search).get("backend");
const backend = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const weights = new Weights({ base: new URL("models/", location.href), manifest: new URL("models/manifest.json", import.meta.url) });
/** Resolves when the model is in this browser's storage. @type {(stored: void) => void} */
let modelStored;
const modelKept = new Promise((resolve) => { modelStored = resolve; });

function startClient() {
  showStarting(backend === "webgpu" ? "webgpu" : "cpu");
  const error = webAssemblyError();
  if (error) {
    showFailedStart(error);
    return null;
  }
  const started = new SignetClient({
    backend,
    requireWebGpu,
    createWorker: (kind) => new Worker(scriptAddress("recognizer/worker.js"), { type: "module", name: `signet-${kind}` }),
    loadWeights: async (fresh) => {
      const manifest = await weights.manifest();
      showLabels(manifest.labels);
      threshold.setDefault(manifest.threshold);
      showThreshold(threshold);
      const model = await weights.get({ fresh, onProgress: (progress) => showProgress(progress) });
      showPreparing();
      return model;
    },
    onModel: async (model) => {
      const stored = model.source === "storage" || (await weights.keep(model));
      showStorage({ bytes: model.bytes.length, source: model.source, stored });
      if (stored) modelStored();
    },
    onRestart: () => showToast(() => messages.status.restarted),
    onChoice: (choice) => {
      showBackend(choice);
      teach.showBackend(choice);
      // A training would be on the GPU, too.
      if (choice.backend === "webgpu") void storeAlso(["pkg/signet_gpu_learn.js", "pkg/signet_gpu_learn_bg.wasm"]);
    },
  });
  started.ready.then(showUse, (thrown) => {
    showFailedStart(thrown);
    if (/^(module|worker)-/.test(asSignetError(thrown).code)) void self.forgetPage(); // offline/guard.js
  });
  return started;
}

/** Whether the model in use says if there is a sign, and where. */
const hasDetector = () => client?.hasDetector(teach.models.inUse) ?? false;
const showUse = () => showDetector(hasDetector(), teach.models.inUse === "fine-tuned");

/** With the model in use. The classes may be others by the time of the answer; whoever asked drops it then. @type {Classify} */
async function classify(picture, options) {
  if (!client) throw webAssemblyError();
  await client.ready;
  const timer = setTimeout(() => showBusy(true), BUSY_AFTER_MS);
  try {
    return await client.classify(picture, { ...options, model: teach.models.inUse });
  } finally {
    clearTimeout(timer);
    showBusy(false);
  }
}

const client = startClient();
const inputs = new Inputs({
  classify,
  hasDetector,
  threshold: () => threshold.value,
});
const teach = new Teach({
  client,
  threshold: () => threshold.value,
  onModel: () => {
    if (teach.models.labels.length > 0) showLabels(teach.models.labels);
    showUse();
    inputs.again();
    void inside?.then((opened) => opened.followModel(), () => {});
  },
});

// Looking inside: nothing of it is fetched before its tab is opened

/** @type {Promise<import("./inside/inside.js").Inside> | null} */
let inside = null;

/** @param {SignetClient} ready */
async function startInside(ready) {
  const { Inside } = await import("./inside/inside.js");
  return Inside.start({
    ready: ready.ready,
    inputs,
    model: () => {
      const { inUse, fineTuned } = teach.models;
      return inUse === "fine-tuned" && fineTuned ? { which: inUse, weights: fineTuned.weights } : { which: "original", weights: ready.originalFile() };
    },
    samples: () => teach.labelled(),
    threshold: () => threshold.value,
    example: async (label) => askAboutFile(await chooseExample(label), (picture) => teach.inputOf(picture), () => {}),
  });
}

/** @param {import("./ui/tabs.js").Tab} tab */
function followInside(tab) {
  if (tab !== "inside") return void inside?.then((opened) => opened.close(), () => {});
  if (!client) return showError(webAssemblyError());
  inside ??= startInside(client);
  inside.then((opened) => { if (tabs.current === "inside") opened.open(); }, (thrown) => {
    inside = null; // opened again, it is tried again
    showError(new SignetError("module-network", `inside: ${asSignetError(thrown).message}`, thrown));
  });
}

const guide = new Guide();
const tabs = new Tabs((tab) => {
  leaveError();
  guide.follow(tab);
  if (tab !== "teach") teach.samples.leave();
  followInside(tab);
});

listenForPictures({
  onFile: (file) => inputs.receive(file),
  onNothing: (code) => showError(new SignetError(code, "no file in it")),
  // A card is a better place than the whole page, and shows that itself.
  onDragging: (dragging) => { part(".drop-veil").hidden = !dragging || tabs.current === "teach"; },
  claim: (transfer, event) => tabs.current === "teach" && teach.samples.claim(transfer, event),
});
for (const type of ["focusin", "pointerdown"]) part(".try").addEventListener(type, () => teach.samples.cards.use(""));

// The language

connectLanguageChoice({
  onChange: () => announce(""), // what was announced in the other language is over
  onError: showError,
});

// The threshold of a sign

const slider = field("#threshold");
slider.addEventListener("input", () => {
  threshold.choose(slider.valueAsNumber / 100);
  showThreshold(threshold);
});
button("#threshold-reset").addEventListener("click", () => {
  threshold.reset();
  showThreshold(threshold);
  slider.focus(); // the button, which has nothing more to do, would lose the focus to nowhere
});
showThreshold(threshold);

// Help, errors, storage

const help = element("#help", HTMLDialogElement);
const isTeaching = () => tabs.current === "teach";
listenToKeys({
  onCapture: () => { if (!isTeaching() || !teach.samples.capture()) void inputs.capture(); },
  onStop: () => { if (!(isTeaching() && teach.samples.stop())) inputs.stop() || teach.stopTraining() || guide.skip(); },
  onHelp: () => help.showModal(),
  onRename: () => { if (isTeaching()) teach.samples.rename(); },
  canSave: isTeaching,
  onSave: () => teach.save(),
  onUndo: () => isTeaching() && teach.samples.undos.undo(),
  onMove: () => isTeaching() && teach.samples.moveFocused(),
  onHold: (digit) => isTeaching() && teach.samples.holdDigit(digit),
  onRelease: () => teach.samples.release(),
});
button("#help-open").addEventListener("click", () => help.showModal());
button("#guide-again").addEventListener("click", () => {
  help.close();
  tabs.open("classify");
  leaveError();
  guide.again();
});
button("#storage-remove").addEventListener("click", async () => {
  await weights.remove();
  showStorage({ bytes: (await weights.manifest()).bytes, source: "removed", stored: false });
});

tabs.follow();
guide.start();
client?.ready.then(() => guide.remember(), () => {});
void teach.start();
// The page's own files are stored once nothing more urgent is downloading.
/** @type {"available" | "outdated"} */
let offline = "available";
const tellOffline = async () => showOffline((await weights.stored()) ? offline : "no");
const pageKept = client?.ready.then(idle).then(() => storePage({
  onNewVersion: () => {
    offline = "outdated";
    void allKept.then(tellOffline);
  },
}));
const allKept = Promise.all([pageKept, modelKept]);
allKept.then(tellOffline, () => {}); // a failed start has been told
