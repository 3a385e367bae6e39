// The scripts that are started beside a page, each in a worker. A content policy with Trusted Types, as the one in
// index.html, lets nothing else become one: an address that did not come from here is refused by the browser.

const SCRIPTS = /** @type {const} */ ([
  "recognizer/worker.js", "recognizer/helper.js", "library/train-worker.js", "library/inspector-worker.js", "library/comparison-worker.js", "library/converter-worker.js", "service-worker.js",
]);
/** @typedef {typeof SCRIPTS[number]} Script */

/** Apart from what it is used in: bundlers take `new URL("…", import.meta.url)` for a file of theirs. */
const HERE = import.meta.url;
/** The folder of this version's files. */
const OWN_FOLDER = new URL("../", HERE).href;

/** @param {string} name @param {string} base */
function addressOf(name, base) {
  if (!SCRIPTS.some((script) => script === name)) throw new TypeError(`${name} is no script of this page`);
  const address = new URL(name, base);
  if (address.origin !== self.origin) throw new TypeError(`${address.href} is of another origin than the page`);
  return address.href;
}

/** Absent in browsers that know no Trusted Types. It makes objects, which whatever wants an address takes for one. */
const { trustedTypes } = /** @type {{ trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }} */ (globalThis);
/** @typedef {{ createScriptURL(name: string, base: string): string }} Policy */
/** Made when it is first needed: of two copies of this file on one page only one may have it. @type {Policy | undefined} */
let policy;

/**
 * Workers are of the page's own version, or of the folder that is named; the service worker is of the newest one.
 * @param {Script} name
 * @param {string} [base] a folder, ending with a slash
 * @returns {string}
 */
export function scriptAddress(name, base = name === "service-worker.js" ? document.baseURI : OWN_FOLDER) {
  const rules = { createScriptURL: addressOf };
  policy ??= trustedTypes?.createPolicy("signet", rules) ?? rules;
  return policy.createScriptURL(name, base);
}
