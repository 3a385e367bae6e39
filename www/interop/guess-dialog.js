// What a file of samples seems to be: shown with counts and pictures, corrected by the person, then taken into the project in one step.
import { messages, say } from "../i18n/language.js";
import { MOST_CLASSES } from "../recognizer/contract.js";
import { asSignetError } from "../recognizer/errors.js";
import { openDialog } from "../teach/dialogs.js";
import { make } from "../ui/dom.js";
import { showToast } from "../ui/notices.js";
import { row } from "./guess-rows.js";
import { Seen, fitted, isUncropped, readPictures } from "./taking.js";
import { words } from "./words.js";

/** @import { Words } from "../i18n/language.js" */
/** @import { Project } from "../teach/project.js" */
/** @import { Undos } from "../teach/undos.js" */
/** @import { Row } from "./guess-rows.js" */
/** @import { SampleSource, Way } from "./sample-sources.js" */
/** @import { Chosen } from "./taking.js" */

/** Rows of classes; a file with more was read in the wrong way, or is none for a project. */
const MOST_ROWS = 60;
/** Where the hands are found in this time, they are looked for unless the person says otherwise. */
const AT_ONCE_MS = 3000;

/**
 * @param {SampleSource} source
 * @param {{ project: Project, undos: Undos, searchMs: (labels: string[]) => number | null }} home `searchMs`: how long looking for the hand takes
 *   in a picture; null where it is not looked for
 * @returns {Promise<void>} resolves when it is taken or left
 */
export function showGuess(source, { project, undos, searchMs }) {
  const closing = new AbortController();
  /** @type {AbortController | null} */
  let previews = null;
  /** @type {Row[]} */
  let rows = [];
  let way = 0;
  let isTaking = false;
  let hasChosenHands = false;
  /** Projects whose pictures are left out. @type {Set<string>} */
  const leftOut = new Set();

  const list = make("ul", { className: "guess-classes", data: { testid: "guess-classes" } });
  const about = make("p", { data: { testid: "guess-about" } });
  const passed = make("div", { className: "guess-passed" });
  const note = make("p", { className: "note", attributes: { role: "status" }, data: { testid: "guess-note" } });
  const bar = make("progress", { max: 1, value: 0, hidden: true, says: { "aria-label": () => words().samples.progress } });
  const choice = make("select", { data: { testid: "guess-way" } }, ...source.ways.map((each, index) =>
    make("option", { value: String(index), says: () => wayLine(each) })));
  const choiceLabel = make("label", { className: "field", hidden: source.ways.length < 2 }, make("span", { says: () => words().samples.way }), " ", choice);
  const hands = make("input", { type: "checkbox", data: { testid: "guess-hands" }, on: { change: () => { hasChosenHands = true; } } });
  const handsLine = make("span");
  const handsLabel = make("label", { className: "guess-hands", hidden: true }, hands, handsLine);
  const take = make("button", { type: "button", className: "primary", data: { testid: "import-take" }, on: { click: () => void start() } });
  const cancel = make("button", { type: "button", says: () => messages.cancel, data: { testid: "import-cancel" }, on: { click: () => dialog.close() } });
  const dialog = openDialog(() => words().samples.title(source.name), { testid: "import-guess" },
    about, ...originsOf(source, leftOut, showTaken), choiceLabel, list, handsLabel, passed, note, bar, make("div", { className: "dialog-actions" }, cancel, take));
  dialog.classList.add("guess");

  /** What would be taken; rows of one name are one class. @returns {Chosen[]} */
  const chosen = () => {
    /** @type {Map<string, number[]>} */
    const byLabel = new Map();
    for (const each of rows) {
      const its = each.chosen;
      if (its) byLabel.set(its.label, [...(byLabel.get(its.label) ?? []), ...its.pictures]);
    }
    return [...byLabel].map(([label, pictures]) => ({ label, pictures }));
  };

  /** What is wrong with what would be taken, if anything, and whether it keeps from taking it. @type {(classes: Chosen[], total: number, room: number) => { line: Words, blocks: boolean }} */
  const problem = (classes, total, room) => {
    const all = new Set([...project.classes, ...classes].map(({ label }) => label)).size;
    if (all > MOST_CLASSES) return { line: () => words().samples.tooManyClasses(all, MOST_CLASSES), blocks: true };
    if (room === 0) return { line: () => words().samples.full(project.limit), blocks: true };
    return { line: total > room ? () => words().samples.fits(room, total) : "", blocks: total === 0 };
  };

  /** Whether the hand is looked for, as it is in photos that are added one by one. @param {Chosen[]} classes @param {number} count */
  function offerHands(classes, count) {
    const each = isUncropped(source.ways[way]) ? searchMs(classes.map(({ label }) => label)) : null;
    const isOffered = each !== null;
    handsLabel.hidden = !isOffered;
    const ms = count * (each ?? 0);
    if (!hasChosenHands || !isOffered) hands.checked = isOffered && ms <= AT_ONCE_MS;
    say(handsLine, () => words().samples.hands(Math.max(1, ms / 1000)));
  }

  function refresh() {
    if (isTaking) return;
    const room = Math.max(0, project.limit - project.count);
    try {
      const classes = chosen();
      const total = classes.reduce((sum, { pictures }) => sum + pictures.length, 0);
      const count = Math.min(total, room);
      Object.assign(dialog.dataset, { classes: String(classes.length), pictures: String(total) });
      const { line, blocks } = problem(classes, total, room);
      say(note, line);
      say(take, () => words().samples.take(count));
      take.disabled = blocks;
      offerHands(classes, count);
    } catch {
      say(note, () => words().samples.badName);
      take.disabled = true;
    }
  }

  /** What the rows' classes look like. */
  function preview() {
    previews?.abort();
    previews = new AbortController();
    const { signal } = previews;
    void (async () => {
      for (const each of rows) if (!signal.aborted) await each.preview(signal);
    })();
  }

  /** Pictures of some projects are left out now, or no more. */
  function showTaken() {
    for (const each of rows) each.follow();
    refresh();
    preview();
  }

  function show() {
    const found = source.ways[way];
    if (!found) return;
    const shown = found.classes.slice(0, MOST_ROWS);
    rows = shown.map((each) => row(each, project, { onChange: refresh, input: (index) => source.input(way, index), isTaken: (index) => !leftOut.has(source.originOf(index)) }));
    list.replaceChildren(...rows.map(({ element }) => element));
    const total = found.classes.reduce((sum, { pictures }) => sum + pictures.length, 0);
    say(about, () => `${words().samples.kinds[found.by]} ${words().samples.found(found.classes.length, total)}${found.classes.length > MOST_ROWS ? ` ${words().samples.firstRows(MOST_ROWS)}` : ""}`);
    passed.replaceChildren(...passedOver(found));
    refresh();
    preview();
  }

  async function start() {
    isTaking = true;
    previews?.abort();
    const room = Math.max(0, project.limit - project.count);
    const classes = fitted(chosen(), room);
    const total = classes.reduce((sum, { pictures }) => sum + pictures.length, 0);
    for (const each of dialog.querySelectorAll("select, input, [data-testid=import-take]")) each.setAttribute("disabled", "");
    cancel.focus();
    bar.hidden = false;
    say(note, () => words().samples.reading(total));
    try {
      const seen = new Seen();
      const labels = new Map(project.classes.map(({ id, label }) => [id, label]));
      for (const { classId, pixels } of project.samples()) seen.add(labels.get(classId) ?? "", pixels);
      const { incoming, twice, refused } = await readPictures(source, way, classes, { seen, findsHands: hands.checked, signal: closing.signal,
        onProgress: (done) => { bar.value = done / total; } });
      const undo = incoming.length > 0 ? project.addMany(incoming) : null;
      const line = () => words().samples.taken(incoming.length, twice, refused.length);
      dialog.close();
      if (undo) undos.add(line, undo);
      else showToast(line);
    } catch (thrown) {
      if (closing.signal.aborted) return;
      isTaking = false;
      bar.hidden = true;
      for (const each of dialog.querySelectorAll("[disabled]")) each.removeAttribute("disabled");
      refresh();
      const { code } = asSignetError(thrown);
      say(note, () => messages.errors[code]);
    }
  }

  choice.addEventListener("change", () => {
    way = Number(choice.value);
    show();
  });
  show();
  take.focus();
  return new Promise((done) => {
    dialog.addEventListener("close", () => {
      closing.abort();
      previews?.abort();
      done();
    });
  });
}

/** @param {Way} way */
const wayLine = ({ by, detail }) => (by === "data-set" ? detail : words().samples.ways[by]);

/**
 * Where pictures of several projects come from, with their counts; each can be left out.
 * @param {SampleSource} source
 * @param {Set<string>} leftOut changed as the person chooses
 * @param {() => void} onChange
 */
function originsOf({ origins }, leftOut, onChange) {
  if (origins.size === 0) return [];
  const items = [...origins].map(([origin, count]) => {
    const box = make("input", { type: "checkbox", checked: true, on: { change: () => {
      if (box.checked) leftOut.delete(origin);
      else leftOut.add(origin);
      onChange();
    } } });
    return make("li", { data: { testid: "guess-origin", count: String(count) } }, make("label", {}, box, make("span", { says: () => words().samples.from(origin, count) })));
  });
  return [make("details", {}, make("summary", { says: () => words().samples.origins(origins.size) }), make("ul", { className: "guess-origins" }, ...items))];
}

/** @param {Way} way */
function passedOver({ passedOver: passed }) {
  if (passed.length === 0) return [];
  const total = passed.reduce((sum, { count }) => sum + count, 0);
  const items = passed.map(({ why, count, names }) => make("li", { says: () => words().samples.why[why](count, names) }));
  return [make("details", { data: { testid: "guess-passed" } }, make("summary", { says: () => words().samples.passedOver(total) }), make("ul", {}, ...items))];
}
