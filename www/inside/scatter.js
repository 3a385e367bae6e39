// All samples in two dimensions: a mark with its label for each, found by mouse, finger or arrow keys, opened by a click or Enter.
import { say } from "../i18n/language.js";
import { svg } from "./svg.js";

/** @import { Words } from "../i18n/language.js" */
/** @typedef {{ x: number, y: number, label: string, colour: number, isDoubtful: boolean, name: () => string }} Point */

/** Of the drawing, where there is room for it; a narrower one is as high as it is wide. */
const WIDTH = 640;
const HEIGHT = 400;
const NARROW = 480;
/** Between the outermost marks and the border. */
const MARGIN = 26;
const RADIUS = 11;
/** A finger this near to a mark means it, in units of the drawing. */
const REACH = 30;
/** What a step to the side costs, beside one in the direction of the key. */
const SIDEWAYS = 2;

export class Scatter {
  #onOpen;
  #marks = svg("g");
  #current = svg("g", { class: "scatter-current", visibility: "hidden" }, svg("path", { d: "M-13 0H13M0 -13V13", class: "scatter-cross" }));
  /** @type {Point[]} */
  #points = [];
  /** @type {SVGGElement[]} */
  #drawn = [];
  #size = { width: WIDTH, height: HEIGHT };
  /** From the data's coordinates to the drawing's. @type {(x: number, y: number) => [number, number]} */
  #place = () => [0, 0];
  /** The point that the keys are at, and the one that is open. */
  #at = -1;
  #opened = -1;
  element;

  /** @param {Words} name @param {(index: number) => void} onOpen */
  constructor(name, onOpen) {
    this.#onOpen = onOpen;
    this.element = svg("svg", { class: "scatter", role: "listbox", tabindex: 0, "data-testid": "inside-plane" }, this.#marks, this.#current);
    say(this.element, name, "aria-label");
    this.element.addEventListener("keydown", (event) => this.#press(event));
    this.element.addEventListener("click", (event) => {
      // What is seen on top is meant, where several lie on each other.
      const mark = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      const index = mark ? this.#drawn.findIndex((each) => each === mark) : this.#nearest(event);
      if (index >= 0) this.open(index);
    });
    this.element.addEventListener("focus", () => { if (this.#at < 0 && this.#points.length > 0) this.#moveTo(0); });
  }

  /** @param {Point[]} points */
  show(points) {
    this.#points = points;
    const wide = this.element.clientWidth;
    this.#size = wide > 0 && wide < NARROW ? { width: wide, height: wide } : { width: WIDTH, height: HEIGHT };
    const { width, height } = this.#size;
    this.element.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    // One scale for both: a distance is a distance in each direction.
    const scale = Math.min((width - 2 * MARGIN) / (right - left || 1), (height - 2 * MARGIN) / (top - bottom || 1));
    this.#place = (x, y) => [width / 2 + scale * (x - (left + right) / 2), height / 2 - scale * (y - (top + bottom) / 2)];
    this.#at = this.#opened = -1;
    this.#drawn = points.map((point, index) => this.#mark(point, index));
    // Doubtful ones lie above the others.
    this.#marks.replaceChildren(...[false, true].flatMap((isDoubtful) => this.#drawn.filter((_, index) => points[index]?.isDoubtful === isDoubtful)));
    this.rename();
  }

  /** In another language each mark has another name. */
  rename() {
    this.#points.forEach(({ name }, index) => this.#drawn[index]?.setAttribute("aria-label", name()));
  }

  /** @param {Point} point @param {number} index */
  #mark({ x, y, label, colour, isDoubtful }, index) {
    const [left, top] = this.#place(x, y);
    return svg("g", { id: `sample-${index}`, role: "option", "aria-selected": "false", transform: `translate(${left.toFixed(1)} ${top.toFixed(1)})`, "data-colour": colour, class: isDoubtful ? "scatter-mark doubtful" : "scatter-mark", "data-testid": "inside-sample", "data-label": label },
      // Doubtful ones are of another shape, too.
      ...(isDoubtful ? [svg("path", { d: "M0 -19L19 0L0 19L-19 0Z", class: "scatter-doubt" })] : []),
      svg("circle", { r: RADIUS, class: "scatter-dot" }),
      svg("text", { "text-anchor": "middle", "dominant-baseline": "central", class: "scatter-label" }, [...label].slice(0, 2).join("")));
  }

  /** Where the picture of now lies; null: nowhere. @param {number[] | null} at */
  showCurrent(at) {
    if (!at || this.#points.length === 0) return this.#current.setAttribute("visibility", "hidden");
    const [x, y] = this.#place(at[0] ?? 0, at[1] ?? 0);
    // What lies outside is shown at the border.
    const inside = (/** @type {number} */ value, /** @type {number} */ length) => Math.min(Math.max(value, 14), length - 14).toFixed(1);
    this.#current.setAttribute("transform", `translate(${inside(x, this.#size.width)} ${inside(y, this.#size.height)})`);
    this.#current.setAttribute("visibility", "visible");
  }

  /** @param {number} index */
  open(index) {
    this.#drawn[this.#opened]?.setAttribute("aria-selected", "false");
    this.#opened = index;
    this.#drawn[index]?.setAttribute("aria-selected", "true");
    this.#moveTo(index);
    this.#onOpen(index);
  }

  /** @param {number} index */
  #moveTo(index) {
    this.#drawn[this.#at]?.classList.remove("at");
    this.#at = index;
    const mark = this.#drawn[index];
    if (!mark) return;
    mark.classList.add("at");
    this.#marks.append(mark); // above those that it overlaps
    this.element.setAttribute("aria-activedescendant", mark.id);
  }

  /** @param {MouseEvent} event @returns {number} -1: none within reach */
  #nearest({ clientX, clientY }) {
    const { left, top, width, height } = this.element.getBoundingClientRect();
    const scale = width / this.#size.width;
    const [x, y] = [(clientX - left) / scale, (clientY - top - (height - scale * this.#size.height) / 2) / scale];
    return this.#best((px, py) => Math.hypot(px - x, py - y), REACH / Math.min(1, scale));
  }

  /** @param {(x: number, y: number) => number} cost @param {number} [most] */
  #best(cost, most = Infinity) {
    let [best, least] = [-1, most];
    this.#points.forEach(({ x, y }, index) => {
      const found = cost(...this.#place(x, y));
      if (found < least) [best, least] = [index, found];
    });
    return best;
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#points[this.#at];
    /** @type {Record<string, [number, number]>} */
    const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const direction = directions[event.key];
    if ((event.key === "Enter" || event.key === " ") && at) this.open(this.#at);
    else if (event.key === "Home" || event.key === "End") this.#moveTo(event.key === "Home" ? 0 : this.#points.length - 1);
    else if (direction && at) this.#step(at, direction);
    else return;
    event.preventDefault();
  }

  /** To the nearest one in a direction. @param {Point} from @param {[number, number]} direction */
  #step(from, [right, down]) {
    const [x, y] = this.#place(from.x, from.y);
    const next = this.#best((px, py) => {
      const along = (px - x) * right + (py - y) * down;
      const aside = Math.abs((px - x) * down) + Math.abs((py - y) * right);
      return along <= 0.01 ? Infinity : along + SIDEWAYS * aside;
    });
    if (next >= 0) this.#moveTo(next);
  }
}
