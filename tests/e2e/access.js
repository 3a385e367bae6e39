// The page as it stands, for everybody: axe-core on it, and what of it is cut off, overlaps or is too small to be touched.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** @typedef {import("./signet.js").Signet} Signet */
/** @typedef {typeof globalThis & { axe?: typeof import("axe-core") }} WithAxe */

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What of axe-core's rules hold a page to WCAG 2.2 AA and to good practice. @type {import("axe-core").RunOnly} */
const ALL = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
/** The only ones that the scheme makes a difference to: the elements are the same in both. @type {import("axe-core").RunOnly} */
const COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };

/** Fails for each violation, in both colour schemes. @param {Pick<Signet, "page">} signet @param {string} state what the page shows, for the message */
export async function assertAccessible({ page }, state) {
  /** @type {string[]} */
  const problems = [];
  for (const [scheme, runOnly] of /** @type {const} */ ([["light", ALL], ["dark", COLOURS]])) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    // Evaluated by DevTools: the page's own content policy, under which all this runs, lets no script in.
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(SOURCE);
    problems.push(...await page.evaluate(async (runOnly, scheme) => {
      const { axe } = /** @type {WithAxe} */ (globalThis);
      if (!axe) throw new Error("axe-core did not start");
      // A colour on its way to another one is neither of them.
      const changing = document.getAnimations().filter((each) => each instanceof CSSTransition);
      await Promise.allSettled(changing.map(({ finished }) => finished));
      const { violations, passes } = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
      if (passes.length === 0) throw new Error("no rule of axe-core found anything to look at");
      return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary = "" }) => (
        `${scheme}: ${id} (${help}): ${target.join(" ")}: ${failureSummary.replace(/\s+/g, " ")}`)));
    }, runOnly, scheme));
  }
  await page.emulateMediaFeatures([]);
  assert.deepEqual(problems, [], `axe-core on ${state}`);
}

/** Looks at an open dialog, or else at the page. @param {Signet} signet @returns {Promise<string[]>} a line for each fault */
export function misfits({ page }) {
  return page.evaluate(() => {
    const BOXES = "button, .button, label, summary, select, h1, h2, h3, p, li, dt, dd, output, figcaption, span.check";
    const root = document.querySelector("dialog[open]") ?? document.body;
    /** @type {string[]} */
    const found = [];
    const html = (/** @type {Element} */ element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 110);
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page scrolls sideways: ${scrollWidth} > ${clientWidth}`);

    const elements = [...root.querySelectorAll("*")].filter((each) => each.checkVisibility({ visibilityProperty: true })
      && !each.closest(".unseen, svg, video") && !(root === document.body && each.closest("dialog")));
    // A column on a desk scrolls up and down alone.
    const COLUMNS = ".inside, .try";
    const scrolls = (/** @type {Element} */ element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && !element.matches(COLUMNS);
    const scrollsAround = (/** @type {Element | null} */ element) => {
      for (let at = element; at && at !== root; at = at.parentElement) if (scrolls(at)) return true;
      return false;
    };
    for (const element of elements) {
      if (element.matches(COLUMNS) && element.scrollWidth > element.clientWidth + 1) found.push(`scrolls sideways, ${element.scrollWidth} > ${element.clientWidth}: ${html(element)}`);
      const box = element.getBoundingClientRect();
      const text = [...element.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const isShortened = getComputedStyle(element).textOverflow === "ellipsis";
      // An ellipsis is no loss where the whole text is a title.
      const [title, whole] = [element.closest("[title]")?.getAttribute("title") ?? "", text?.textContent?.trim() ?? ""];
      const isTitled = title !== "" && (title.includes(whole) || whole.includes(title));
      if (text && isShortened && !isTitled && element.scrollWidth > element.clientWidth + 1) found.push(`shortened, and the whole is no title: ${html(element)}`);
      // In other choices are names that people have given, as long as they are.
      if (element instanceof HTMLSelectElement && element.matches(".inside select, .export select")) {
        const [probe, chosen] = [/** @type {HTMLElement} */ (element.cloneNode()), element.selectedOptions[0]];
        probe.style.cssText = "position: absolute; visibility: hidden; width: max-content; min-width: 0; max-width: none";
        probe.append(new Option(chosen?.textContent ?? ""));
        element.after(probe);
        if (probe.offsetWidth > element.offsetWidth + 1) found.push(`a choice that needs ${probe.offsetWidth} has ${element.offsetWidth}: ${html(element)} ${chosen?.textContent}`);
        probe.remove();
      }
      if (text && !isShortened && !isTitled && !scrolls(element) && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) {
        found.push(`wider than its place, ${element.scrollWidth} > ${element.clientWidth}: ${html(element)}`);
      }
      // A letter may be higher than its line; a line that is missing is as high as one.
      const { overflowY, fontSize } = getComputedStyle(element);
      if (text && !isShortened && !isTitled && element.clientHeight > 0 && overflowY === "hidden" && element.scrollHeight > element.clientHeight + parseFloat(fontSize) / 2) {
        found.push(`higher than its place: ${html(element)}`);
      }
      if ((text || element.matches("input, canvas, img")) && (box.left < -1 || box.right > clientWidth + 1) && !scrollsAround(element)) {
        found.push(`out of the page at ${Math.round(box.left)} to ${Math.round(box.right)}: ${html(element)}`);
      }
      // The control, the heading and the card that a text belongs to go around it.
      if (!text || isShortened || element.matches("option") || scrollsAround(element)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const { left, right } = range.getBoundingClientRect();
      for (const around of [BOXES, ".segments, .tabs, .class-card", ".card, header, dialog"].map((boxes) => element.closest(boxes))) {
        const place = around?.getBoundingClientRect();
        if (place && (left < place.left - 1 || right > place.right + 1)) found.push(`leaves its ${around?.tagName}: ${html(element)}`);
      }
      for (let at = element.parentElement; at && at !== root; at = at.parentElement) {
        const place = at.getBoundingClientRect();
        if (["hidden", "clip"].includes(getComputedStyle(at).overflowX) && (left < place.left - 1 || right > place.right + 1)) found.push(`cut off by ${html(at)}: ${html(element)}`);
      }
    }
    for (const text of root.querySelectorAll("svg text")) {
      const [{ left, right, width }, place] = [text.getBoundingClientRect(), text.closest("svg")?.getBoundingClientRect()];
      if (width > 0 && text.checkVisibility() && place && (left < place.left - 1 || right > place.right + 1)) found.push(`leaves its drawing: ${html(text)} ${text.textContent}`);
    }

    // What lies over other things by its nature, or scrolls below something, is left out.
    const controls = elements.filter((each) => each.matches("button, .button, input:not([type=file]), select, summary")
      && !each.closest(".toast, .menu-items, .thumbs, .confusion"));
    /** What is to be seen of it: what scrolls cuts off the rest. @param {Element} element */
    const seen = (element) => {
      let { top, right, bottom, left } = element.getBoundingClientRect();
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        if (!["auto", "scroll"].includes(getComputedStyle(at).overflowY)) continue;
        const around = at.getBoundingClientRect();
        [top, bottom] = [Math.max(top, around.top), Math.min(bottom, around.bottom)];
        [left, right] = [Math.max(left, around.left), Math.min(right, around.right)];
      }
      return { top, right, bottom, left };
    };
    const boxes = controls.map((element) => ({ element, box: seen(element) }));
    boxes.forEach(({ element, box }, index) => {
      for (const other of boxes.slice(index + 1)) {
        const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        const isInside = element.contains(other.element) || other.element.contains(element);
        if (wide > 1 && high > 1 && !isInside) found.push(`overlap by ${Math.round(wide)}x${Math.round(high)}: ${html(element)} and ${html(other.element)}`);
      }
    });
    return found;
  });
}

/**
 * What a finger can't hit: below 24x24 CSS pixels nothing, below 44x44 only what has another, larger way.
 * @param {Signet} signet
 * @returns {Promise<string[]>} a line for each fault
 */
export function smallTargets({ page }) {
  return page.evaluate(() => {
    const root = document.querySelector("dialog[open]") ?? document.body;
    // Delete is in the image's dialog too; colours of a pen and the matrix's cells stand close together by their nature.
    const mayBeSmall = ".thumb-delete, .swatches input, .error summary, .confusion td button";
    const targets = [...root.querySelectorAll("button, .button, a, input:not([type=file]), select, summary, [tabindex='0']")].filter((each) => (
      each.checkVisibility({ visibilityProperty: true }) && !each.closest(".unseen") && !(root === document.body && each.closest("dialog"))));
    return targets.flatMap((target) => {
      // A box and its words are one target.
      const label = target.matches("[type=checkbox], [type=radio]") ? target.closest("label") ?? target : target;
      const { width, height } = label.getBoundingClientRect();
      const least = target.matches(mayBeSmall) ? 24 : 44;
      return width > least - 0.5 && height > least - 0.5 ? [] : [
        `${Math.round(width)}x${Math.round(height)} and not ${least}x${least}: ${target.outerHTML.replace(/\s+/g, " ").slice(0, 110)}`];
    });
  });
}
