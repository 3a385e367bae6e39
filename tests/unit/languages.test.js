import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import typescript from "typescript";
import { numberOf } from "../../www/i18n/formats.js";
import { LANGUAGES, pickLanguage } from "../../www/i18n/language.js";
import { LONGEST_LABEL, MAX_MEGAPIXELS, MOST_CLASSES } from "../../www/recognizer/contract.js";
import { ERROR_CODES } from "../../www/recognizer/errors.js";
import { WORDS as ELEMENT } from "../../www/element/words.js";
import { TABLES as INSIDE } from "../../www/inside/words.js";
import { TABLES as INTEROP } from "../../www/interop/words.js";

const WWW = new URL("../../www/", import.meta.url);

/** @typedef {string | ((...given: any[]) => string)} Message */

const TABLES = Object.fromEntries(await Promise.all(Object.entries(LANGUAGES).map(
  async ([key, { load }]) => {
    const code = /** @type {keyof typeof INSIDE} */ (key);
    return /** @type {const} */ ([code, /** @type {any} */ ({ ...await load(), inside: await INSIDE[code](), interop: await INTEROP[code](), element: ELEMENT[key] })]);
  })));
const en = TABLES["en"];
const OTHERS = Object.entries(TABLES).filter(([code]) => code !== "en");

/** Every message with its path; a table's `format` is no message. @param {object} table @param {string} [under] @returns {[path: string, message: Message][]} */
const messagesOf = (table, under = "") => Object.entries(table).flatMap(([key, value]) => {
  if (under === "" && key === "format") return [];
  return typeof value === "object" ? messagesOf(value, `${under}${key}.`) : [[`${under}${key}`, value]];
});

const NAMES = ["Alpha", "Omega"];
const OTHER_NAMES = ["Beta", "Gamma"];
const BYTES = [24e6, 57e6];
const SHARES = [0.123, 0.456];
/** Two values of each parameter that a message has, by its name in the English table. Any other counts something. @type {Record<string, unknown[]>} */
const SAMPLES = {
  loaded: [3e6, 9e6], total: BYTES, bytes: BYTES, ms: [12, 47], otherMs: [12, 47], seconds: [12, 47], quarters: [1, 3],
  share: SHARES, accuracy: SHARES, taught: SHARES, loss: ["0.12", "0.34"], parameter: ["?a", "?b"],
  backend: NAMES, digit: NAMES, word: NAMES, label: NAMES, truth: NAMES, answer: OTHER_NAMES, source: NAMES, line: NAMES, before: NAMES,
  first: ["0.12", "0.34"], last: ["5.6", "7.8"], times: ["31", "370"], size: ["12 %", "34 %"], otherLoss: ["1.23", "1.45"], rate: ["0.5", "0.6"],
  network: NAMES, variant: OTHER_NAMES, file: NAMES, origin: NAMES,
  names: [["a.png", "b.png"], ["a.png", "c.png"]], labels: [["a", "b"], ["a", "c"]],
};
const COUNTS = [13, 17];
/** Where the same name stands for something else. @type {Record<string, Record<string, unknown[]>>} */
const APART = {
  "check.reading": { taught: NAMES },
  "check.readings": { taught: NAMES, original: OTHER_NAMES },
  "samples.adding": { total: [30, 50] },
  "train.looking": { total: [30, 50] },
  "interop.samples.taken": { taken: COUNTS },
};

const ENGLISH = new Map(messagesOf(en));

/** The parameters of a message, as English names them. @param {string} path @returns {string[]} */
function parametersOf(path) {
  const message = ENGLISH.get(path) ?? "";
  if (typeof message === "string") return [];
  const [, list = ""] = /^\(([^)]*)\)/.exec(String(message)) ?? [];
  return list.split(",").map((name) => name.trim()).filter(Boolean);
}

/** @param {string} path @param {string} name */
const samplesOf = (path, name) => APART[path]?.[name] ?? SAMPLES[name];

/** What a message says, with samples for its parameters. @param {string} path @param {Message} message @param {number} [other] which one has its second value */
const saidBy = (path, message, other = -1) => (typeof message === "string" ? message
  : message(...parametersOf(path).map((name, index) => (samplesOf(path, name) ?? COUNTS)[index === other ? 1 : 0])));

test("the person's choice comes before the browser's languages, and those before English", () => {
  for (const [chosen, browsers, picked] of /** @type {const} */ ([
    [null, ["de-AT", "en"], "de"], [null, ["la", "DE"], "de"], ["en", ["de"], "en"], ["toString", ["__proto__", "de"], "de"],
    [null, ["la"], "en"], [null, [], "en"],
  ])) assert.equal(pickLanguage(chosen, browsers), picked);
});

for (const [code, table] of OTHERS) {
  test(`${code}: the table has exactly the messages of English, of the same kind`, () => {
    const kinds = (/** @type {object} */ each) => messagesOf(each).map(([path, message]) => `${path}: ${typeof message}`).sort();
    assert.deepEqual(kinds(table), kinds(en));
    assert.equal(table.answer.digits.length, 6);
  });

  /** What is the same in several languages: names, and words that travelled. */
  const SAME = /^(backend\.(names\.|withTime$)|help\.(keys\.\w+|digitKeys)$|webcam$|colours\.beige$|train\.training$|check\.columns\.(images|original)$|element\.video$|interop\.samples\.(images|found)$|inside\.(path\.(block|size|convolution|branch)|cut\.branches)$)/;

  test(`${code}: nothing is left in English`, () => {
    for (const [path, message] of messagesOf(table)) {
      const said = saidBy(path, message);
      if (!SAME.test(path)) assert.notEqual(said, saidBy(path, ENGLISH.get(path) ?? ""), path);
      assert.doesNotMatch(said, /\b(the|this|that|with|and|could|been)\b/i, path);
    }
  });
}

for (const [code, table] of Object.entries(TABLES)) {
  test(`${code}: every message says something, and all that it is told`, () => {
    for (const [path, message] of messagesOf(table)) {
      const said = saidBy(path, message);
      assert.ok(said.trim().length > 0, `${path} is empty`);
      assert.doesNotMatch(said, /undefined|NaN|\[object|#/, path);
      const names = parametersOf(path);
      assert.equal(names.length > 0, typeof message === "function", `${path} is a function of nothing`);
      names.forEach((name, index) => assert.notEqual(saidBy(path, message, index), said, `${path} says nothing of its ${name}`));
    }
  });

  test(`${code}: counts of 0, 1, 2, 3, 11 and 100 have their forms`, () => {
    const counted = messagesOf(table).filter(([path]) => parametersOf(path).some((name) => !samplesOf(path, name)));
    assert.ok(counted.length > 20);
    for (const [path, message] of counted) {
      const said = [0, 1, 2, 3, 11, 100].map((count) =>
        /** @type {any} */ (message)(...parametersOf(path).map((name) => samplesOf(path, name)?.[0] ?? count)));
      assert.equal(new Set(said).size, said.length, `${path}: ${said.join(" / ")}`);
      assert.doesNotMatch(said.join(), /undefined|NaN|#/, path);
    }
  });

  test(`${code}: the name of a card's control begins with what is written on it, so that it can be spoken`, () => {
    const { controls, hold, recording, folder } = table.card;
    for (const [key, written] of Object.entries({ hold, recording, folder, webcam: table.webcam, upload: table.upload, draw: table.draw })) {
      const spoken = written.replace(/[\s….]+$/, "");
      assert.ok(controls[key]("Alpha").startsWith(spoken), `${key}: “${controls[key]("Alpha")}” does not begin with “${spoken}”`);
    }
  });

  test(`${code}: every error code has its own sentence, and no key is lost between backticks`, () => {
    const errors = Object.values(table.errors);
    assert.equal(new Set(errors).size, errors.length);
    for (const errorCode of ERROR_CODES) assert.ok(table.errors[errorCode].length > (code === "zh" ? 5 : 20), errorCode);
    for (const [path, message] of messagesOf(table.help)) {
      const keys = (/** @type {unknown} */ text) => String(text).split("`").length;
      assert.equal(keys(message), keys(ENGLISH.get(`help.${path}`)), path);
    }
  });

  test(`${code}: what the guide and the help page put between quotation marks is what the page calls it`, () => {
    const called = messagesOf({ ...table, helpPage: {}, guide: {} }).flatMap(([, message]) => (typeof message === "string" ? [message] : []));
    const quoted = messagesOf({ guide: table.guide, helpPage: table.helpPage })
      .flatMap(([path, message]) => [...String(message).matchAll(/[“„«]\s*([^“”„«»]+?)\s*[“”»]/g)].map(([, name = ""]) => ({ path, name })));
    assert.ok(quoted.length > 12, `${quoted.length} names`);
    for (const { path, name } of quoted) {
      // A longer message may be named by how it begins.
      assert.ok(called.some((message) => message === name || /^\s*[:：]/.test(message.slice(name.length)) && message.startsWith(name)),
        `${path}: nothing is called ${name}`);
    }
  });
}

/** What index.html says where no script of it runs. */
const UNSCRIPTED = /<!-- For a server.*?<\/div>\n/s;

test("where no script can be loaded, each language has a sentence for each reason", () => {
  /** @type {{ UNLOADED?: Record<string, Record<string, string>> }} */
  const self = {};
  new Function("self", readFileSync(new URL("i18n/unloaded.js", WWW), "utf8"))(self);
  const table = Object.entries(self.UNLOADED ?? {});
  assert.deepEqual(table.map(([code]) => code).sort(), Object.keys(LANGUAGES).sort());
  for (const [code, sentences] of table) {
    assert.deepEqual(Object.keys(sentences), ["file", "sandboxed", "mistyped"]);
    const said = Object.values(sentences).join(" ");
    for (const part of ["scripts/run.sh", "allow-same-origin", "Content-Type: text/javascript"]) assert.ok(said.includes(part), `${code}: ${part}`);
    if (code !== "en") assert.doesNotMatch(said, /\b(the|this|that|with|and|could|been)\b/i, code);
  }
  // Where they are refused, the page says it in all languages at once.
  const lines = [...(UNSCRIPTED.exec(readFileSync(new URL("index.html", WWW), "utf8"))?.[0] ?? "").matchAll(/<p lang="(\w+)"(?: dir="rtl")?>(.*)<\/p>/g)];
  assert.deepEqual(lines.map(([, code]) => code).sort(), Object.keys(LANGUAGES).sort());
  for (const [, , line] of lines) assert.ok(line?.includes("Content-Type: text/javascript"));
});

/** What the element says as the page does. Its table is its own, for it is made of few files. @type {[string, (table: import("../../www/i18n/en.js").Messages) => string][]} */
const SAID_ALIKE = [
  ["start", ({ input }) => input.startWebcam], ["stop", ({ input }) => input.stopWebcam], ["asking", ({ waitingForCamera }) => waitingForCamera], ["choose", ({ input }) => input.choose],
  ["none", ({ answer }) => answer.none], ["video", ({ webcam }) => webcam], ["privacy", ({ privacy }) => privacy],
  ["failures.busy", ({ errors }) => errors["camera-busy"]], ["failures.download", ({ errors }) => errors["model-network"]],
];

test("the element and the page have the same words for the same things", () => {
  for (const [code, table] of Object.entries(TABLES)) {
    const element = new Map(messagesOf(/** @type {any} */ (ELEMENT[code])));
    for (const [path, ofPage] of SAID_ALIKE) assert.equal(element.get(path), ofPage(/** @type {any} */ (table)), `${path} in ${code}`);
  }
});

test("a number is read as people of a language type it, or is none", () => {
  for (const [text, whole, value] of /** @type {const} */ ([
    ["0,001", false, 0.001], ["0.001", false, 0.001], ["٠٫٠٠١", false, 0.001], ["０．００１", false, 0.001], ["1e-4", false, 0.0001],
    ["1.000", true, 1000], ["1,000", true, 1000], ["1\u202f000", true, 1000], ["1’000", true, 1000], ["١٬٠٠٠", true, 1000], ["1,5", true, 1.5],
    ["", true, NaN], ["1,2,3", false, NaN], ["abc", true, NaN],
  ])) assert.equal(numberOf(text, whole), value, text);
});

test("sentences name the limits that hold", () => {
  for (const [language, table] of Object.entries(TABLES)) {
    // A hundred megapixels are one 亿 pixels.
    const megapixels = language === "zh" ? `${MAX_MEGAPIXELS / 100} 亿` : MAX_MEGAPIXELS;
    for (const [code, limit] of /** @type {const} */ ([["picture-too-large", megapixels], ["label-long", LONGEST_LABEL], ["classes-full", MOST_CLASSES]])) {
      const [, sentence] = messagesOf(table).find(([path]) => path.endsWith(`.${code}`)) ?? [];
      assert.match(String(sentence), new RegExp(`(?<!\\d)${limit}(?!\\d)`), `${language} ${code}`);
    }
  }
});

test("numbers, units and shares are written as each language writes them", () => {
  const written = Object.fromEntries(Object.entries(TABLES).map(([code, { format }]) => [code,
    [format.percent(0.973), format.number(12345), format.milliseconds(5.24), format.megabytes(23.7e6), format.duration(600)]
      .map((text) => text.replace(/[\s\u200e\u200f\u061c]/g, " ").replaceAll("% ", "%"))]));
  assert.deepEqual(written["en"], ["97.3%", "12,345", "5.2 ms", "24 MB", "10 min"]);
  assert.deepEqual(written["de"], ["97,3 %", "12.345", "5,2 ms", "24 MB", "10 Min."]);
  assert.deepEqual(written["fr"], ["97,3 %", "12 345", "5,2 ms", "24 Mo", "10 min"]);
  assert.match(String(written["ar"]), /^97\.3 ?%.*,12,345,5\.2 /);
  assert.equal(written["zh"]?.[3], "24 MB");
});

test("Arabic has a form for each of its six kinds of numbers", () => {
  const { card } = TABLES["ar"];
  assert.deepEqual([0, 1, 2, 3, 11, 100].map((count) => card.count(count)),
    ["لا عيّنات", "عيّنة واحدة", "عيّنتان", "3 عيّنات", "11 عيّنة", "100 عيّنة"]);
});

test("a name in another direction can't turn the sentence around it", () => {
  assert.equal(en.card.images("left"), "Images of left");
  assert.equal(en.card.images("يمين"), "Images of \u2068يمين\u2069");
});

for (const [page, heading, title] of /** @type {const} */ ([["index.html", "<h1>Signet", "title"], ["help.html", "", "helpPage.title"]])) {
  test(`${page} says what the English table says, and nothing besides`, () => {
    const html = readFileSync(new URL(page, WWW), "utf8");
    const named = [...html.matchAll(/<(\w+)[^>]*\sdata-text="([^"]+)"[^>]*>(.*?)<\/\1>/g)];
    assert.equal(named.length, html.split("data-text=").length - 1);
    for (const [, , path = "", content = ""] of named) {
      assert.equal(content.replaceAll(/<\/?kbd>/g, "`"), ENGLISH.get(path), path);
    }
    for (const [attribute, key] of [["aria-label", "data-name"], ["title", "data-title"]]) {
      const tags = html.match(new RegExp(`<[^>]* ${attribute}="[^>]*>`, "g")) ?? [];
      assert.equal(tags.length, html.split(`${key}=`).length - 1, `each ${attribute} has its ${key}`);
      for (const tag of tags) {
        const valueOf = (/** @type {string} */ name) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
        assert.equal(valueOf(String(attribute)), ENGLISH.get(valueOf(String(key))), tag);
      }
    }
    const body = html.slice(html.indexOf("<body")).replace(/<noscript>.*<\/noscript>/, "").replace(UNSCRIPTED, "").replaceAll(/ <kbd>\w+<\/kbd>|<kbd>\w+<\/kbd>/g, "");
    // Formats have one name everywhere.
    const isFormat = (/** @type {string | undefined} */ attributes) => /^ value="(safetensors|onnx|onnx-int8|keras|keras-weights)"$/.test(attributes ?? "");
    const bare = [...body.matchAll(/<(\w+)([^>]*)>([^<]*\p{L}{3}[^<]*)</gu)].filter(([, , attributes]) => !attributes?.includes("data-text") && !isFormat(attributes));
    assert.deepEqual(bare.map(([tag]) => tag.replace(/<$/, "")), heading ? [heading] : [], "text without a message");
    assert.match(html, new RegExp(`<title data-text="${title}">`));
  });
}

test("help.html shows every sentence that the tables have for it, and has the page's own content policy", () => {
  const [html, index] = ["help.html", "index.html"].map((page) => readFileSync(new URL(page, WWW), "utf8"));
  for (const path of ENGLISH.keys()) {
    if (path.startsWith("helpPage.") && path !== "helpPage.link") assert.ok(html?.includes(`="${path}"`), path);
  }
  const policyOf = (/** @type {string | undefined} */ page) => /<meta http-equiv="Content-Security-Policy"[^>]*>/.exec(page ?? "")?.[0];
  assert.ok(policyOf(html));
  assert.equal(policyOf(html), policyOf(index));
});

test("no sentence is left in the page's code: each comes from a table", () => {
  const files = readdirSync(WWW, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".js") && !/^(pkg|models|inside\/words|interop\/words)\/|^element\/words\.js$|^i18n\/(..|formats|unloaded)\.js$/.test(path));
  assert.ok(files.length > 50);
  assert.deepEqual(files.flatMap((path) => shownLiterals(path, readFileSync(new URL(path, WWW), "utf8"))), []);
});

/** What is text on the page wherever it stands. */
const SHOWN = /^(textContent|title|alt|ariaLabel|placeholder|aria-label|aria-valuetext|aria-roledescription|says|label)$/;

/**
 * Literals that a person would see: of several words with a capital or a full stop, or given to a property that is shown.
 * What explains an error to developers is none.
 * @param {string} path
 * @param {string} code
 */
function shownLiterals(path, code) {
  const source = typescript.createSourceFile(path, code, typescript.ScriptTarget.Latest, true, typescript.ScriptKind.JS);
  /** @type {string[]} */
  const found = [];
  const visit = (/** @type {import("typescript").Node} */ node) => {
    if (typescript.isNewExpression(node) && /Error$/.test(node.expression.getText())) return;
    if (typescript.isCallExpression(node) && /^(console\.\w+|expect|damaged|.*\.getElementById)$/.test(node.expression.getText())) return;
    if (typescript.isPropertyAssignment(node) && /keyshortcuts/.test(node.name.getText())) return; // their names are a standard's
    if (typescript.isStringLiteralLike(node) || typescript.isTemplateExpression(node)) {
      const text = typescript.isTemplateExpression(node)
        ? node.head.text + node.templateSpans.map((span) => `…${span.literal.text}`).join("") : node.text;
      const { parent } = node;
      const isShown = typescript.isPropertyAssignment(parent) && parent.initializer === node && SHOWN.test(parent.name.getText().replaceAll(/["']/g, ""));
      const isAssigned = typescript.isBinaryExpression(parent) && parent.right === node && SHOWN.test(parent.left.getText().split(".").at(-1) ?? "");
      const isSentence = /^[A-Z“][^/<]*\p{L} \p{L}|\p{L} \p{L}.*[.?!…]$/u.test(text);
      if ((isShown || isAssigned ? /\p{L}{2}/u.test(text) : isSentence)) found.push(`${path}: ${text}`);
    }
    typescript.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
