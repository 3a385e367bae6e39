// What the tests of sharing need: a taught model without a training, a folder of a zip served by something else, and the way through all that
// goes in and out.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { listen, staticFiles } from "../../scripts/serve.js";
import { emptyFolder, write } from "./files.js";
import { hand, png } from "./pictures.js";
import { MODEL_PATH, WWW } from "./server.js";
import { zip } from "./zips.js";

/** @import { TeachTab } from "./teach.js" */

/** The shipped model under other labels, as a file that a training of the head could have left. @param {string[]} labels */
export function renamedModel(labels) {
  const file = readFileSync(WWW + MODEL_PATH);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString("utf8"));
  const signet = JSON.parse(header.__metadata__.signet);
  header.__metadata__.signet = JSON.stringify({ ...signet, labels });
  // Its checksum, four bytes behind all others, is of the old header.
  const data = file.subarray(8 + length, 8 + length + header["signet.crc32"].data_offsets[0]);
  delete header["signet.crc32"];
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return write(`renamed-${labels.length}.safetensors`, Buffer.concat([size, text, data]));
}

/** Unpacks a zip with a program that isn't ours. @param {string} zip @returns {string} the folder */
export function unzipped(zip) {
  const folder = emptyFolder();
  execFileSync("python3", ["-m", "zipfile", "-e", zip, folder]);
  return folder;
}

/** Serves a folder as any host of files does. @param {string} folder @param {(origin: string) => Promise<void>} body */
export async function served(folder, body) {
  const server = createServer(staticFiles(folder));
  const port = await listen(server, 0, 1);
  try {
    await body(`http://localhost:${port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

/** A name of as many letters as one may have, in a zip with a class more than the page has, and with what is passed over. */
const LONG = "a name of forty letters, as long as it’s";
const samples = () => write("a file of samples with a long name, as people have them.zip", zip([
  ...[80, 90, 100, 110].map((side) => /** @type {[string, Buffer]} */ ([`${LONG}/${side}.png`, png(hand(4, side, side))])),
  ["none/wall.png", png(hand(0, 70, 90))], ["__MACOSX/._wall.png", "x"], ["readme.txt", "x"],
]));

/**
 * Through exporting, sharing, bringing in and a shared model, as a person goes, in any language; yields a name where there is something new to
 * look at. A model must have been taught.
 * @param {TeachTab} tab
 * @returns {AsyncGenerator<string>}
 */
export async function* throughDoors(tab) {
  const { page } = tab;
  const isOpen = (/** @type {string} */ hook) => page.$(`dialog${tab.selector(hook)}`).then((dialog) => dialog !== null);
  await tab.click("tab-teach");
  await page.select(tab.selector("export-format"), "onnx-int8");
  await tab.appears("export-note");
  yield "the export menu, and who reads a file";
  // Where the language was changed just now, what is above the button may still grow by a line.
  await page.$eval(tab.selector("share-link"), (button) => /** @type {HTMLElement} */ (button).click());
  await tab.until("the dialog", () => isOpen("share-dialog"));
  const link = await tab.until("the link", () => tab.value("share-address"));
  yield "the link to a taught model";
  await page.keyboard.press("Escape");
  await tab.give(tab.selector("import-input"), [samples()]);
  await tab.until("the pictures", () => page.$(`${tab.selector("guess-class")}:last-child canvas`));
  await page.click(`${tab.selector("import-guess")} details summary`);
  yield "what a file of samples seems to be";
  await tab.click("import-take");
  await tab.becomes("the dialog to close", () => isOpen("import-guess"), false);
  await tab.appears("origins");
  await page.$eval(tab.selector("origin-choice"), (select) => {
    const choice = /** @type {HTMLSelectElement} */ (select);
    choice.selectedIndex = choice.options.length - 1;
    select.dispatchEvent(new Event("change"));
  });
  await tab.appears("origin-remove");
  yield "the images of one file alone";
  await page.evaluate((hash) => { location.hash = hash; }, new URL(link).hash);
  await tab.until("the question", () => isOpen("shared-question"));
  yield "the question before a shared model is opened";
  await tab.click("shared-open");
  await tab.appears("shared-model");
  yield "a shared model that answers";
  await tab.click("shared-close");
}
