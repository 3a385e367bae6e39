import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import typescript from "typescript";
import { LANGUAGES, pickLanguage } from "../../www/i18n/language.js";
import { en } from "../../www/i18n/en.js";
import { LONGEST_LABEL, MAX_MEGAPIXELS, MOST_CLASSES } from "../../www/recognizer/contract.js";
import { ERROR_CODES } from "../../www/recognizer/errors.js";

const WWW = new URL("../../www/", import.meta.url);

/** @typedef {string | ((...given: any[]) => string)} Message */

const TABLES = Object.fromEntries(await Promise.all(Object.entries(LANGUAGES).map(
  async ([code, { load }]) => /** @type {const} */ ([code, /** @type {any} */ (await load())]))));
const OTHERS = Object.entries(TABLES).filter(([code]) => code !== "en");

/** Every message with its path; a table's `format` is no message. @param {object} table @param {string} [under] @returns {[path: string, message: Message][]} */
function messagesOf(table, under = "") {
  return Object.entries(table).flatMap(([key, value]) => {
    if (under === "" && key === "format") return [];
    return typeof value === "object" ? messagesOf(value, `${under}${key}.`) : [[`${under}${key}`, value]];
  });
}

/** Two values of each parameter that a message has, by its name in the English table. @type {Record<string, [unknown, unknown]>} */
const SAMPLES = {
  loaded: [3e6, 9e6], total: [24e6, 57e6], bytes: [24e6, 57e6], ms: [12, 47], otherMs: [12, 47], seconds: [12, 47],
  share: [0.123, 0.456], accuracy: [0.123, 0.456], quarters: [1, 3],
  backend: ["Alpha", "Omega"], parameter: ["?a", "?b"], digit: ["Alpha", "Omega"], word: ["Alpha", "Omega"], label: ["Alpha", "Omega"],
  truth: ["Alpha", "Omega"], answer: ["Beta", "Gamma"], source: ["Alpha", "Omega"], line: ["Alpha", "Omega"], before: ["Alpha", "Omega"],
  loss: ["0.12", "0.34"], names: [["a.png", "b.png"], ["a.png", "c.png"]], labels: [["a", "b"], ["a", "c"]],
  taught: [0.123, 0.456],
};
/** Where the same name stands for something else. @type {Record<string, Record<string, [unknown, unknown]>>} */
const APART = {
  "check.reading": { taught: ["Alpha", "Omega"] },
  "check.readings": { taught: ["Alpha", "Omega"], original: ["Beta", "Gamma"] },
  "samples.adding": { total: [30, 50] },
  "train.looking": { total: [30, 50] },
};
/** Any other parameter counts something. */
const COUNTS = /** @type {[unknown, unknown]} */ ([13, 17]);

/** The parameters of an English message. @param {Message} message @returns {string[]} */
function parametersOf(message) {
  if (typeof message === "string") return [];
  const [, list = ""] = /^\(([^)]*)\)/.exec(String(message)) ?? [];
  return list.split(",").map((name) => name.trim()).filter(Boolean);
}

/** @param {string} path @param {string[]} names @param {number} [other] which parameter has its second value */
const given = (path, names, other = -1) =>
  names.map((name, index) => (APART[path]?.[name] ?? SAMPLES[name] ?? COUNTS)[index === other ? 1 : 0]);

const ENGLISH = new Map(messagesOf(en));

/** What a message says, with samples for its parameters. @param {string} path @param {Message} message */
const saidBy = (path, message) =>
  typeof message === "string" ? message : message(...given(path, parametersOf(ENGLISH.get(path) ?? "")));

test("the person's choice comes before the browser's languages, and those before English", () => {
  assert.equal(pickLanguage(null, ["de-AT", "en"]), "de");
  assert.equal(pickLanguage(null, ["la", "DE"]), "de");
  assert.equal(pickLanguage("en", ["de"]), "en");
  assert.equal(pickLanguage("toString", ["__proto__", "de"]), "de");
  assert.equal(pickLanguage(null, ["la"]), "en");
  assert.equal(pickLanguage(null, []), "en");
});

for (const [code, table] of OTHERS) {
  test(`${code}: the table has exactly the messages of English, of the same kind`, () => {
    const kinds = (/** @type {object} */ each) => messagesOf(each).map(([path, message]) => `${path}: ${typeof message}`).sort();
    assert.deepEqual(kinds(table), kinds(en));
    assert.equal(table.answer.digits.length, 6);
  });

  /** What is the same in several languages: names, and words that travelled. */
  const SAME = /^(backend\.(names\.|withTime$)|help\.(keys\.\w+|digitKeys)$|webcam$|colours\.beige$|train\.training$|check\.columns\.(images|original)$)/;

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
      if (typeof message === "string") continue;
      const names = parametersOf(ENGLISH.get(path) ?? "");
      assert.ok(names.length > 0, `${path} is a function of nothing`);
      names.forEach((name, index) => {
        assert.notEqual(message(...given(path, names, index)), said, `${path} says nothing of its ${name}`);
      });
    }
  });

  test(`${code}: counts of 0, 1, 2, 3, 11 and 100 have their forms`, () => {
    const isCount = (/** @type {string} */ path, /** @type {string} */ name) => !(name in SAMPLES || APART[path]?.[name]);
    const counted = [...ENGLISH].filter(([path, message]) => parametersOf(message).some((name) => isCount(path, name)));
    assert.ok(counted.length > 20);
    for (const [path, message] of counted) {
      const names = parametersOf(message);
      const said = [0, 1, 2, 3, 11, 100].map((count) => {
        const values = names.map((name, index) => (isCount(path, name) ? count : given(path, names)[index]));
        return /** @type {Map<string, any>} */ (new Map(messagesOf(table))).get(path)(...values);
      });
      assert.equal(new Set(said).size, said.length, `${path}: ${said.join(" / ")}`);
      assert.ok(said.every((each) => !/undefined|NaN|#/.test(each)), `${path}: ${said.join(" / ")}`);
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
      const keys = (/** @type {Message} */ text) => String(text).split("`").length;
      assert.equal(keys(message), keys(/** @type {any} */ (ENGLISH.get(`help.${path}`))), path);
    }
  });
}

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
    const body = html.slice(html.indexOf("<body")).replace(/<noscript>.*<\/noscript>/, "").replaceAll(/ <kbd>\w+<\/kbd>|<kbd>\w+<\/kbd>/g, "");
    const bare = [...body.matchAll(/<(\w+)([^>]*)>([^<]*\p{L}{3}[^<]*)</gu)].filter(([, , attributes]) => !attributes?.includes("data-text"));
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

for (const [code, table] of Object.entries(TABLES)) {
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

test("no sentence is left in the page's code: each comes from a table", () => {
  const files = readdirSync(WWW, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".js") && !/^(pkg|models)\/|^i18n\/(..|formats)\.js$/.test(path));
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
