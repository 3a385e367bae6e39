// A page of one's own: a zip with the element, its scripts and modules, the model and twenty lines of HTML. Unzipped and
// served by anything, it classifies without a network.
import { FILES, THREADS } from "../element/files.js";
import { currentLanguage, isRightToLeft } from "../i18n/language.js";
import { SignetError } from "../recognizer/errors.js";
import { words } from "./words.js";

/** @import { Converter } from "../library/converter.js" */
/** @import { Exported } from "../teach/models.js" */

const MODEL = "model.safetensors";
/** Of the scripts and the modules; scripts/build.sh writes it. */
const LICENSES = "pkg/LICENSES.txt";
/** Labels are anybody's text. @param {string} text */
const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** What a page may do: run its own scripts, and ask nobody else. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; "
  + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types signet";

/**
 * What the element holds is shown until its script runs: from a file, where browsers run none, it stays.
 * @param {string[]} labels
 * @param {number} threshold
 */
export function indexHtml(labels, threshold) {
  const { title, heading, served, open, labelsLine } = words().share.page;
  return `<!doctype html>
<html lang="${currentLanguage()}" dir="${isRightToLeft() ? "rtl" : "ltr"}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta http-equiv="Content-Security-Policy" content="${POLICY}">
  <title>${escaped(title)}</title>
  <script type="module" src="hand-sign.js"></script>
</head>
<body>
  <h1>${escaped(heading)}</h1>
  <p>${escaped(labelsLine(labels))}</p>
  <hand-sign camera model="${MODEL}" threshold="${threshold}">
    <p>${escaped(served)}</p>
    <pre dir="ltr">python3 -m http.server 8000</pre>
    <p>${escaped(open)} <a href="http://localhost:8000/">http://localhost:8000/</a></p>
  </hand-sign>
</body>
</html>
`;
}

/** A file of this page's own version: from the server, or as the service worker has stored it. @param {string} path */
async function ownFile(path) {
  const response = await fetch(new URL(`../${path}`, import.meta.url)).catch((cause) => {
    throw new SignetError("module-network", `${path}: no answer`, cause);
  });
  if (!response.ok) throw new SignetError(response.status === 404 ? "module-missing" : "module-network", `${path}: ${response.status}`);
  return { name: path, bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** None where the host lacks it. @param {string} path */
const optionalFile = (path) => ownFile(path).then((file) => [file], (error) => {
  if (error.code === "module-missing") return [];
  throw error;
});

/**
 * The zip's bytes. Throws `module-…`.
 * @param {Converter} converter
 * @param {Exported} exported
 * @param {number} threshold
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function pageFile(converter, { weights, labels }, threshold) {
  const text = (/** @type {string} */ content) => new TextEncoder().encode(content);
  const entries = [
    { name: "index.html", bytes: text(indexHtml(labels, threshold)) },
    { name: "labels.txt", bytes: text(labels.map((label) => `${label}\n`).join("")) },
    { name: MODEL, bytes: new Uint8Array(await weights.arrayBuffer()) },
    ...await Promise.all(FILES.map(ownFile)),
    ...(await Promise.all([...THREADS, LICENSES].map(optionalFile))).flat(),
  ];
  return converter.call("writeZip", entries);
}
