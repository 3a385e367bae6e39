// The left column at work: what a person does with classes and images, by mouse, by finger, by key, by drop and paste.
import { messages, say } from "../i18n/language.js";
import { NO_SIGN } from "../recognizer/contract.js";
import { button, part } from "../ui/dom.js";
import { attempt, hideError, showError, showToast } from "../ui/notices.js";
import { ClassCards } from "./class-cards.js";
import { confirmed, openSamples } from "./dialogs.js";
import { Origins } from "./origins.js";
import { pad } from "./pad.js";
import { recorder } from "./recorder.js";
import { chooseCrop } from "./recrop.js";
import { SampleImport, droppedFiles, isOfNoSign, picturesOf } from "./sample-import.js";
import { Undos } from "./undos.js";

/** @import { Words } from "../i18n/language.js" */
/** @import { PixelPicture } from "../recognizer/protocol.js" */
/** @import { Project } from "./project.js" */
/** @import { Source } from "./snapshot.js" */

export class Samples {
  #project;
  #sampleImport;
  cards;
  #recorder;
  #pad;
  undos = new Undos();
  #origins;
  #column = part(".samples");
  #pane = part("#class-cards");

  /** @param {Project} project @param {import("./sample-inputs.js").MakeInput} makeInput @param {() => boolean} searches whether the hand is looked for in pictures */
  constructor(project, makeInput, searches) {
    this.#project = project;
    this.#sampleImport = new SampleImport(project, makeInput);
    this.#origins = new Origins(project, this.undos, () => this.cards.showImages());
    this.cards = new ClassCards(project, this.#cardActions(), (sample) => this.#origins.shows(sample));
    this.#recorder = recorder({
      onPicture: (classId, picture, fresh) => void this.#add(classId, picture, "webcam", fresh),
      onRecording: (classId, on) => this.cards.card(classId)?.showRecording(on),
      searches,
    });
    this.#pad = pad((classId, picture) => void this.#add(classId, picture, "draw"));
    button("#add-class").addEventListener("click", () => attempt(() => {
      const { id } = project.addClass();
      const card = this.cards.card(id);
      card?.element.scrollIntoView({ block: "nearest" });
      card?.rename();
    }));
    this.#listenToDrags();
    say(part("#samples-count"), () => messages.samples.looking);
  }

  /** What was kept is here: until now a change would have been lost to it. */
  start() {
    this.#column.inert = false;
    this.#project.addEventListener("change", () => this.#followProject());
    this.#followProject();
  }

  // What other parts of the page ask of it

  /** @param {string} digit @returns {boolean} whether there is a class of that name */
  holdDigit(digit) {
    if (this.#column.inert) return false;
    const sampleClass = this.#project.classes.find(({ label }) => label === digit);
    if (sampleClass) this.#hold(sampleClass.id, "key");
    return sampleClass !== undefined;
  }

  release() {
    this.#recorder.stop();
  }

  /** One image into the class whose camera is open. @returns {boolean} whether there is one */
  capture() {
    const { home } = this.#recorder;
    if (home) void this.#recorder.once(home);
    return home !== "";
  }

  /** Ends a recording; failing that, lets go of the camera. @returns {boolean} whether there was something to end */
  stop() {
    if (this.#recorder.isRecording) this.#recorder.stop();
    else if (this.#recorder.home) this.#recorder.close();
    else return false;
    return true;
  }

  leave() {
    this.#recorder.close();
  }

  /** The class that has the focus, or was used last. */
  rename() {
    const id = this.cards.classAt(document.activeElement) || this.cards.used;
    this.cards.card(id)?.rename();
  }

  /** The image that has the focus goes to another class. @returns {boolean} whether there is one */
  moveFocused() {
    const id = this.#pane.querySelector("[data-sample]:focus")?.getAttribute("data-sample");
    const label = id ? this.#labelOf(id) : "";
    if (id) this.openImages(() => messages.card.moveFrom(label), [id], { moving: true });
    return Boolean(id);
  }

  /**
   * A drop on a card, or a paste while one was used last.
   * @param {DataTransfer} transfer
   * @param {Event} event
   * @returns {boolean} whether it is taken
   */
  claim(transfer, event) {
    const isPaste = event.type === "paste";
    const id = isPaste ? this.cards.used : this.cards.classAt(event.target);
    if (!id || (!isPaste && transfer.files.length === 0)) return false;
    if (isPaste) void this.#addFiles(id, [...transfer.files], "paste", false);
    else void droppedFiles(transfer).then(({ files, isFolder }) => this.#addFiles(id, files, "upload", isFolder));
    return true;
  }

  /**
   * Opens images, of a cell of the matrix for instance.
   * @param {Words} title
   * @param {string[]} ids
   * @param {{ moving?: boolean, lineOf?: (id: string) => Words }} [options] as for openSamples
   */
  openImages(title, ids, options) {
    openSamples({ title, ids, project: this.#project, undos: this.undos, canRecrop: (id) => this.#sampleImport.originalOf(id) !== undefined, recrop: (id) => this.#recrop(id), ...options });
  }

  /** Another crop of an image, which the person chooses. @param {string} id */
  async #recrop(id) {
    const original = this.#sampleImport.originalOf(id);
    const crop = original && (await chooseCrop(original));
    if (!crop) return null;
    try {
      return await this.#sampleImport.recrop(id, crop);
    } catch (thrown) {
      showError(thrown);
      return null;
    }
  }

  // Cards

  /** @returns {import("./class-card.js").CardActions} */
  #cardActions() {
    const project = this.#project;
    return {
      onRename: (id, label) => this.#rename(id, label),
      onFiles: (id, files, isFolder) => void this.#addFiles(id, files, "upload", isFolder),
      onHold: (id) => this.#hold(id, "pointer"),
      onRelease: () => this.#recorder.stop(),
      onOnce: (id) => {
        if (this.#recorder.home) void this.#recorder.once(id);
        else this.#openCamera(id);
      },
      onWebcam: (id) => {
        if (this.#recorder.home === id) this.#recorder.close();
        else this.#openCamera(id);
      },
      onDraw: (id) => {
        if (this.#pad.home === id) return this.#pad.close();
        if (this.#recorder.home === id) this.#recorder.close();
        this.#pad.open(id, this.#placeOf(id));
        this.#placeOf(id).scrollIntoView({ block: "nearest" });
      },
      onMoveClass: (id, delta) => project.moveClass(id, delta),
      onEnable: (id, enabled) => project.setEnabled(id, enabled),
      onDeleteClass: (id) => void this.#removeClass(id),
      onOpenSample: (id) => this.openImages(this.#labelOf(id), [id]),
      onDeleteSample: (id) => this.#removeSample(id),
    };
  }

  /** The page's word for no sign is its label. @param {string} id @param {string} label @returns {string} the name as it is shown then */
  #rename(id, label) {
    const isNoSign = label.trim().toLocaleLowerCase() === messages.answer.none.toLocaleLowerCase();
    attempt(() => this.#project.renameClass(id, isNoSign ? NO_SIGN : label));
    return messages.format.word(this.#project.classes.find((each) => each.id === id)?.label ?? "");
  }

  /** @param {string} id */
  async #removeClass(id) {
    const sampleClass = this.#project.classes.find((each) => each.id === id);
    if (!sampleClass) return;
    const { label } = sampleClass;
    const count = this.#project.samplesOf(id).length;
    const line = () => (count === 0 ? messages.card.noImages : messages.card.withImages(count));
    if (!(await confirmed(() => messages.card.confirm(label), line, () => messages.delete))) return;
    if (this.#recorder.home === id) this.#recorder.close();
    if (this.#pad.home === id) this.#pad.close();
    this.undos.add(() => messages.samples.classDeleted(label), this.#project.removeClass(id));
    button("#add-class").focus({ preventScroll: true });
  }

  /** @param {string} id */
  #removeSample(id) {
    this.undos.add(() => messages.samples.imageDeleted, this.#project.removeSample(id));
  }

  /** @param {string} sampleId */
  #labelOf(sampleId) {
    const classId = this.#project.sample(sampleId)?.classId;
    return this.#project.classes.find(({ id }) => id === classId)?.label ?? "";
  }

  // Inputs

  /**
   * @param {string} id
   * @param {"pointer" | "key"} by a held digit leaves the camera where it is, for a free hand looks at it
   */
  #hold(id, by) {
    this.#recorder.hold(id);
    const { home } = this.#recorder;
    if (!home || (by === "pointer" && home !== id && !this.#isVisible(home))) this.#openCamera(id);
  }

  /** @param {string} id */
  #openCamera(id) {
    if (this.#pad.home === id) this.#pad.close();
    const card = this.cards.card(id)?.element;
    const before = card?.getBoundingClientRect().top ?? 0;
    hideError();
    void this.#recorder.open(id, this.#placeOf(id));
    // Leaving another card made that one smaller: what is pressed stays below the finger.
    const moved = (card?.getBoundingClientRect().top ?? 0) - before;
    const scrolls = this.#pane.scrollHeight > this.#pane.clientHeight + 1 ? this.#pane : document.documentElement;
    if (moved !== 0) scrolls.scrollTop += moved;
    this.#placeOf(id).scrollIntoView({ block: "nearest" });
  }

  /** @param {string} id */
  #placeOf(id) {
    return this.cards.card(id)?.place ?? document.createElement("div");
  }

  /** Whether a card's camera can be seen. @param {string} id */
  #isVisible(id) {
    const { top, bottom } = this.#placeOf(id).getBoundingClientRect();
    const pane = this.#pane.getBoundingClientRect();
    return bottom - 60 > Math.max(pane.top, 0) && top + 60 < Math.min(pane.bottom, innerHeight);
  }

  /** @param {string} classId @param {PixelPicture} picture @param {Source} source @param {boolean} [fresh] whether it is the first of its video */
  async #add(classId, picture, source, fresh) {
    try {
      const input = await this.#sampleImport.add(classId, picture, source, fresh);
      if (input && source === "webcam") this.#recorder.showCrop(input);
    } catch (thrown) {
      this.#recorder.stop();
      showError(thrown);
    }
  }

  /** @param {string} id @param {File[]} files @param {Source} source @param {boolean} isFolder */
  async #addFiles(id, files, source, isFolder) {
    hideError();
    try {
      const pictures = isFolder ? picturesOf(files) : files;
      const passed = files.length - pictures.length;
      if (passed > 0) showToast(() => messages.samples.passedOver(passed));
      const noSign = isFolder ? pictures.filter(isOfNoSign) : [];
      for (const [to, its] of /** @type {const} */ ([[id, pictures.filter((file) => !noSign.includes(file))], [this.#noSignClass(noSign), noSign]])) {
        if (its.length > 0) await this.#sampleImport.addFiles(to, its, source, (line) => this.cards.card(to)?.showBusy(line));
      }
    } catch (thrown) {
      showError(thrown);
    } finally {
      this.cards.showSplits();
    }
  }

  /** The class that pictures without a sign go to, made where there are some and it is missing. @param {File[]} pictures */
  #noSignClass(pictures) {
    const there = this.#project.classes.find(({ label }) => label === NO_SIGN);
    if (there || pictures.length === 0) return there?.id ?? "";
    return this.#project.addClass(NO_SIGN).id;
  }

  #listenToDrags() {
    const mark = (/** @type {string} */ id) => {
      for (const card of this.#pane.querySelectorAll(".drop-target")) card.classList.remove("drop-target");
      this.cards.card(id)?.element.classList.add("drop-target");
    };
    document.addEventListener("dragover", ({ target }) => mark(this.cards.classAt(target)));
    for (const type of ["drop", "dragend"]) document.addEventListener(type, () => mark(""));
    document.addEventListener("dragleave", ({ relatedTarget }) => { if (!relatedTarget) mark(""); });
  }

  #followProject() {
    const { count, limit, classes } = this.#project;
    say(part("#samples-count"), () => messages.samples.limit(count, limit));
    this.#origins.follow();
    // A card that is gone took the camera along.
    const { home } = this.#recorder;
    if (home && !classes.some(({ id }) => id === home)) this.#recorder.close();
  }
}
