// Wiring: the recognizer, the inputs, teaching, the answer. What a thing does is in its own file.
import { Bringing, areBrought } from "./bringing.js";
import { messages, startLanguage } from "./i18n/language.js";
import { chooseExample } from "./input/examples.js";
import { listenForPictures } from "./input/drop.js";
import { askAboutFile } from "./input/image.js";
import { Inputs } from "./input/inputs.js";
import { idle, storeAlso, storePage } from "./offline/offline.js";
import { SignetError, asSignetError } from "./recognizer/errors.js";
import { webAssemblyError } from "./recognizer/support.js";
import { Signet, modelOfManifest } from "./signet.js";
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

const parameters = new URLSearchParams(location.search);
const asked = parameters.get("backend");
/** How many threads compute: as many as a trial finds worth their while, unless the address demands a number. */
const demanded = /^[1-9]\d?$/.exec(parameters.get("threads") ?? "")?.[0];
const threads = demanded === undefined ? undefined : Number(demanded);
const backend = asked === "cpu" || asked === "webgpu" ? asked : "auto";
const shipped = modelOfManifest({ base: new URL("models/", location.href), manifest: new URL("models/manifest.json", import.meta.url) });
/** Resolves when the model is in this browser's storage. @type {(stored: void) => void} */
let modelStored;
const modelKept = new Promise((resolve) => { modelStored = resolve; });

/** The page's model, and what of it is shown. @type {import("./library/model.js").ModelSource} */
const model = {
  async about() {
    const manifest = await shipped.about();
    showLabels(manifest.labels);
    threshold.setDefault(manifest.threshold);
    showThreshold(threshold);
    return manifest;
  },
  async get(options) {
    const got = await shipped.get({ ...options, onProgress: showProgress });
    showPreparing();
    return got;
  },
  async keep(accepted) {
    const stored = await shipped.keep(accepted);
    showStorage({ bytes: accepted.bytes.length, source: accepted.source, stored });
    if (stored) modelStored();
    return stored;
  },
};

function startSignet() {
  showStarting(backend === "webgpu" ? "webgpu" : "cpu");
  const error = webAssemblyError();
  if (error) {
    showFailedStart(error);
    return null;
  }
  const started = new Signet({
    backend,
    threads,
    model,
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
const hasDetector = () => signet?.held(teach.models.inUse)?.hasDetector ?? false;
const showUse = () => showDetector(hasDetector(), teach.models.inUse !== "original");

/** With the model in use. The classes may be others by the time of the answer; whoever asked drops it then. @type {Classify} */
async function classify(picture, options) {
  if (!signet) throw webAssemblyError();
  await signet.ready;
  const timer = setTimeout(() => showBusy(true), BUSY_AFTER_MS);
  try {
    return await signet.predict(picture, { ...options, model: teach.models.inUse });
  } finally {
    clearTimeout(timer);
    showBusy(false);
  }
}

const signet = startSignet();
const inputs = new Inputs({
  classify,
  hasDetector,
  threshold: () => threshold.value,
});
const teach = new Teach({
  signet,
  threshold: () => threshold.own,
  onModel: () => {
    const { inUse, shared } = teach.models;
    threshold.follow(inUse === "shared" && shared ? shared.threshold : null);
    showThreshold(threshold, false);
    if (teach.models.labels.length > 0) showLabels(teach.models.labels);
    showUse();
    inputs.again();
    void inside?.then((opened) => opened.followModel(), () => {});
  },
  onExport: (format, exported) => openDoors((doors) => doors.exportMenu.write(format, exported)),
  onImport: (file) => void bringing.receive([file]),
});

// Looking inside: nothing of it is fetched before its tab is opened

/** @type {Promise<import("./inside/inside.js").Inside> | null} */
let inside = null;

/** @param {Signet} started */
async function startInside(started) {
  const { Inside } = await import("./inside/inside.js");
  return Inside.start({
    signet: started,
    inputs,
    model: () => ({ which: teach.models.inUse, weights: started.weights(teach.models.inUse) }),
    samples: () => teach.labelled(),
    threshold: () => threshold.value,
    example: async (label) => askAboutFile(await chooseExample(label), (picture) => teach.inputOf(picture), () => {}),
  });
}

/** @param {import("./ui/tabs.js").Tab} tab */
function followInside(tab) {
  if (tab !== "inside") return void inside?.then((opened) => opened.close(), () => {});
  if (!signet) return showError(webAssemblyError());
  inside ??= startInside(signet);
  inside.then((opened) => { if (tabs.current === "inside") opened.open(); }, (thrown) => {
    inside = null; // opened again, it is tried again
    showError(new SignetError("module-network", `inside: ${asSignetError(thrown).message}`, thrown));
  });
}

// Taking the model along, and what others share: nothing of it is fetched before it is used

/** @type {Promise<import("./interop/doors.js").Doors> | null} */
let doors = null;

/** The threshold that a model is taken along with. @param {import("./recognizer/client.js").WhichModel} model */
function thresholdOf(model) {
  return threshold.of(model === "shared" ? (teach.models.shared?.threshold ?? null) : null);
}

/** @param {(opened: import("./interop/doors.js").Doors) => void} use */
function openDoors(use) {
  if (!signet) return showError(webAssemblyError());
  doors ??= import("./interop/doors.js").then(({ Doors }) => Doors.start({ signet, models: teach.models, threshold: thresholdOf }));
  doors.then(use, (thrown) => {
    doors = null; // used again, it is tried again
    showError(new SignetError("module-network", `interop: ${asSignetError(thrown).message}`, thrown));
  });
}

for (const type of ["focus", "change"]) part("#export-format").addEventListener(type, () => openDoors(() => {}), { once: true });
button("#share-link").addEventListener("click", () => openDoors((opened) => opened.share()));

/** A model that the address holds: the fragment goes at once, so that it is neither opened twice nor sent on unawares. */
function followSharedLink() {
  const [, text] = /^#model=(.*)$/s.exec(location.hash) ?? [];
  if (text === undefined) return;
  history.replaceState(null, "", location.pathname + location.search);
  openDoors((opened) => opened.receive(text));
}

const guide = new Guide();
const tabs = new Tabs((tab) => {
  leaveError();
  guide.follow(tab);
  if (tab !== "teach") teach.samples.leave();
  followInside(tab);
});

const bringing = new Bringing(teach.home());
listenForPictures({
  onFile: (file) => inputs.receive(file),
  onNothing: (code) => showError(new SignetError(code, "no file in it")),
  // A card is a better place than the whole page, and shows that itself.
  onDragging: (dragging) => { part(".drop-veil").hidden = !dragging || tabs.current === "teach"; },
  claim: (transfer, event) => {
    if (!areBrought(transfer.files)) return tabs.current === "teach" && teach.samples.claim(transfer, event);
    tabs.open("teach");
    void bringing.receive([...transfer.files]);
    return true;
  },
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
  await shipped.forget();
  showStorage({ bytes: (await shipped.about()).bytes, source: "removed", stored: false });
});

followSharedLink();
addEventListener("hashchange", followSharedLink);
tabs.follow();
guide.start();
signet?.ready.then(() => guide.remember(), () => {});
void teach.start();
// The page's own files are stored once nothing more urgent is downloading.
/** @type {"available" | "outdated"} */
let offline = "available";
const tellOffline = async () => showOffline((await shipped.isKept()) ? offline : "no");
const pageKept = signet?.ready.then(idle).then(() => storePage({
  onNewVersion: () => {
    offline = "outdated";
    void allKept.then(tellOffline);
  },
}));
const allKept = Promise.all([pageKept, modelKept]);
allKept.then(tellOffline, () => {}); // a failed start has been told
