// Wiring: the recognizer, the inputs, teaching, the view. What a thing does is in its own file.
import { messages, startLanguage } from "./i18n/language.js";
import { listenForPictures } from "./input/image.js";
import { Inputs } from "./input/inputs.js";
import { idle, storeAlso, storePage } from "./offline/offline.js";
import { scriptAddress } from "./offline/trusted.js";
import { answerTo } from "./recognizer/answer.js";
import { SignetClient } from "./recognizer/client.js";
import { NO_SIGN } from "./recognizer/contract.js";
import { SignetError, asSignetError } from "./recognizer/errors.js";
import { requireWebGpu, webAssemblyError } from "./recognizer/support.js";
import { Weights } from "./recognizer/weights.js";
import { Teach } from "./teach/teach.js";
import { button, element, field, part } from "./ui/dom.js";
import { Guide } from "./ui/guide.js";
import { Shortcuts } from "./ui/keyboard.js";
import { connectLanguageChoice } from "./ui/language-choice.js";
import { Tabs } from "./ui/tabs.js";
import { Threshold } from "./ui/threshold.js";
import { Toast } from "./ui/toast.js";
import { View } from "./ui/view.js";

/** @import { Classify } from "./input/upload.js" */

/** A request that is answered sooner is not worth a change of the status. */
const BUSY_AFTER_MS = 150;

// Everything below may say something.
await startLanguage();

const view = new View();
const toast = new Toast((sentence) => view.announce(sentence));
const threshold = new Threshold();
const showUnexpected = (/** @type {unknown} */ thrown) => view.showError(asSignetError(thrown));
addEventListener("error", ({ error, message }) => showUnexpected(error ?? new Error(message)));
// For guard.js: from here on the page speaks for itself.
document.documentElement.dataset["started"] = "";
part("#incomplete").hidden = true;
addEventListener("unhandledrejection", ({ reason }) => showUnexpected(reason));

// The recognizer

const asked = new URLSearchParams(location.search).get("backend");
const backend = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const weights = new Weights({ base: new URL("models/", location.href), manifest: new URL("models/manifest.json", import.meta.url) });
/** Resolves when the model is in this browser's storage. @type {(stored: void) => void} */
let modelStored;
const modelKept = new Promise((resolve) => { modelStored = resolve; });

function startClient() {
  view.showStarting(backend === "webgpu" ? "webgpu" : "cpu");
  const error = webAssemblyError();
  if (error) {
    view.showFailedStart(error);
    return null;
  }
  const started = new SignetClient({
    backend,
    requireWebGpu,
    createWorker: (kind) => new Worker(scriptAddress("recognizer/worker.js"), { type: "module", name: `signet-${kind}` }),
    loadWeights: async (fresh) => {
      const manifest = await weights.manifest();
      view.showLabels(manifest.labels);
      threshold.setDefault(manifest.threshold);
      view.showThreshold(threshold);
      const model = await weights.get({ fresh, onProgress: (progress) => view.showProgress(progress) });
      view.showPreparing();
      return model;
    },
    onModel: async (model) => {
      const stored = model.source === "storage" || (await weights.keep(model));
      view.showStorage({ bytes: model.bytes.length, source: model.source, stored });
      if (stored) modelStored();
    },
    onRestart: () => toast.show(() => messages.status.restarted),
    onChoice: (choice) => {
      view.showBackend(choice);
      teach.showBackend(choice);
      // A training would be on the GPU, too.
      if (choice.backend === "webgpu") void storeAlso(["pkg/signet_gpu_learn.js", "pkg/signet_gpu_learn_bg.wasm"]);
    },
  });
  started.ready.then(() => view.showDetector(hasDetector()), (thrown) => {
    const error = asSignetError(thrown);
    view.showFailedStart(error);
    if (/^(module|worker)-/.test(error.code)) void self.forgetPage(); // offline/guard.js
  });
  return started;
}

/** Whether the model in use says if there is a sign, and where. */
const hasDetector = () => client?.hasDetector(teach.models.inUse) ?? false;

/** With the model in use. The classes may be others by the time of the answer; whoever asked drops it then. @type {Classify} */
async function classify(picture, options) {
  if (!client) throw webAssemblyError();
  await client.ready;
  const timer = setTimeout(() => view.showBusy(true), BUSY_AFTER_MS);
  try {
    return await client.classify(picture, { ...options, model: teach.models.inUse });
  } finally {
    clearTimeout(timer);
    view.showBusy(false);
  }
}

const client = startClient();
const inputs = new Inputs(view, {
  classify,
  hasDetector,
  isSign: (prediction) => answerTo(prediction, threshold.value).label !== NO_SIGN,
});
const teach = new Teach({
  client,
  view,
  toast,
  onModel: () => {
    if (teach.models.labels.length > 0) view.showLabels(teach.models.labels);
    view.showDetector(hasDetector());
    inputs.again();
  },
});
const guide = new Guide();
const tabs = new Tabs((tab) => {
  view.leaveError();
  guide.follow(tab);
  if (tab === "classify") teach.samples.leave();
});

listenForPictures({
  onFile: (file) => inputs.receive(file),
  onNothing: (code) => view.showError(new SignetError(code, "no file in it")),
  // A card is a better place than the whole page, and shows that itself.
  onDragging: (dragging) => view.showDropTarget(dragging && tabs.current === "classify"),
  claim: (transfer, event) => tabs.current === "teach" && teach.samples.claim(transfer, event),
});
for (const type of ["focusin", "pointerdown"]) part(".try").addEventListener(type, () => teach.samples.unuse());

// The language

connectLanguageChoice({
  onChange: () => view.announce(""), // what was announced in the other language is over
  onError: showUnexpected,
});

// The threshold of a sign

const slider = field("#threshold");
slider.addEventListener("input", () => {
  threshold.choose(slider.valueAsNumber / 100);
  view.showThreshold(threshold);
});
button("#threshold-reset").addEventListener("click", () => {
  threshold.reset();
  view.showThreshold(threshold);
  slider.focus(); // the button, which has nothing more to do, would lose the focus to nowhere
});
view.showThreshold(threshold);

// Help, errors, storage

const help = element("#help", HTMLDialogElement);
const isTeaching = () => tabs.current === "teach";
const shortcuts = new Shortcuts({
  onCapture: () => { if (!isTeaching() || !teach.samples.capture()) void inputs.capture(); },
  onStop: () => { if (!(isTeaching() && teach.samples.stop())) inputs.stop() || teach.stopTraining() || guide.skip(); },
  onHelp: () => help.showModal(),
  onRename: () => { if (isTeaching()) teach.samples.rename(); },
  canSave: isTeaching,
  onSave: () => teach.save(),
  onUndo: () => isTeaching() && teach.samples.undo(),
  onMove: () => isTeaching() && teach.samples.moveFocused(),
  onHold: (digit) => isTeaching() && teach.samples.holdDigit(digit),
  onRelease: () => teach.samples.release(),
});
const letters = field("#help-letters");
letters.checked = shortcuts.enabled;
letters.addEventListener("change", () => { shortcuts.enabled = letters.checked; });
button("#help-open").addEventListener("click", () => help.showModal());
button("#guide-again").addEventListener("click", () => {
  help.close();
  tabs.open("classify");
  view.leaveError();
  guide.again();
});
button("#error-dismiss").addEventListener("click", () => view.hideError());
button("#error-reload").addEventListener("click", () => location.reload());
button("#storage-remove").addEventListener("click", async () => {
  await weights.remove();
  view.showStorage({ bytes: (await weights.manifest()).bytes, source: "removed", stored: false });
});

tabs.start();
guide.start();
client?.ready.then(() => guide.remember(), () => {});
void teach.start();
// The page's own files are stored once nothing more urgent is downloading.
/** @type {"available" | "outdated"} */
let offline = "available";
const showOffline = async () => view.showOffline((await weights.stored()) ? offline : "no");
const pageKept = client?.ready.then(idle).then(() => storePage({
  onNewVersion: () => {
    offline = "outdated";
    void allKept.then(showOffline);
  },
}));
const allKept = Promise.all([pageKept, modelKept]);
allKept.then(showOffline, () => {}); // a failed start has been told
