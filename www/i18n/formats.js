// Numbers, units, lists and plurals as a language writes them: what the tables of messages are made with.

import { NO_SIGN } from "../recognizer/contract.js";

/** The plural forms that languages have; `#` in one stands for the number. @typedef {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} Forms */

/** Letters that are read from right to left. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const [ISOLATE, POP] = ["\u2068", "\u2069"];

/** What people write between a number's digits, as a full stop: commas, and what Arabic has for them. Full-width digits and Arabic ones as plain ones. @param {string} text */
export const plainNumber = (text) => text.normalize("NFKC").replace(/[,٫]/g, ".").replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15));

/**
 * A number as somebody has typed it: a whole one may have its thousands apart, any other one has its fraction behind a comma or a full
 * stop. NaN where it is none.
 * @param {string} text
 * @param {boolean} whole
 */
export function numberOf(text, whole) {
  const plain = plainNumber(text).trim();
  const joined = whole && /^\d{1,3}([. '’٬]\d{3})+$/.test(plain) ? plain.replace(/\D/g, "") : plain;
  return joined === "" ? NaN : Number(joined);
}

/**
 * @param {string} locale
 * @param {{ rightToLeft?: boolean, noSign?: string }} [options] `noSign`: what the label of no sign is called
 */
export function formatsOf(locale, { rightToLeft = false, noSign = NO_SIGN } = {}) {
  const word = (/** @type {string} */ label) => (label === NO_SIGN ? noSign : label);
  const plain = new Intl.NumberFormat(locale);
  const share = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const signed = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" });
  const fixed = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const rules = new Intl.PluralRules(locale);
  /** @param {string} unit @param {number} [digits] */
  const measure = (unit, digits = 0) => {
    const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits });
    // A number and its unit stay on one line.
    return (/** @type {number} */ value) => format.format(value).replaceAll(" ", "\u00a0");
  };
  const fast = measure("millisecond", 1);
  const slow = measure("millisecond");
  const [seconds, minutes, hours] = [measure("second"), measure("minute"), measure("hour", 1)];
  const megabytes = measure("megabyte");

  return {
    number: (/** @type {number} */ value) => plain.format(value),
    /** "97.3%" */
    percent: (/** @type {number} */ value) => share.format(value),
    /** "97%" */
    wholePercent: (/** @type {number} */ value) => whole.format(value),
    milliseconds: (/** @type {number} */ value) => (value < 10 ? fast : slow)(value),
    megabytes: (/** @type {number} */ bytes) => megabytes(Math.round(bytes / 1e6)),
    /** As many megabytes without the unit, for "10 of 24 MB". */
    bareMegabytes: (/** @type {number} */ bytes) => plain.format(Math.round(bytes / 1e6)),
    /** With two decimals, for columns of numbers that are compared. */
    twoDecimals: (/** @type {number} */ value) => fixed.format(value),
    /** A few digits of a number that may be tiny, such as a loss. */
    significant: (/** @type {number} */ value, /** @type {number} */ digits) => Number.isFinite(value)
      ? value.toLocaleString(locale, { minimumSignificantDigits: digits, maximumSignificantDigits: digits })
      : String(value),
    /** "+1.25", also with its sign where it is above 0. */
    signed: (/** @type {number} */ value) => signed.format(value).replace("-", "\u2212"),
    /** As roughly as it is known. */
    duration: (/** @type {number} */ value) => {
      if (value < 10) return seconds(Math.max(1, Math.round(value)));
      if (value < 90) return seconds(Math.ceil(value / 5) * 5);
      return value < 90 * 60 ? minutes(Math.round(value / 60)) : hours(value / 3600);
    },
    /** @param {number} count @param {Forms} forms */
    plural: (count, forms) => (forms[rules.select(count)] ?? forms.other).replace("#", plain.format(count)),
    /** A label as it is shown on its own. */
    word,
    /** A name that somebody has typed, which can't turn the sentence around it. @param {string} label */
    name: (label) => (rightToLeft || RIGHT_TO_LEFT.test(label) ? `${ISOLATE}${word(label)}${POP}` : word(label)),
  };
}
