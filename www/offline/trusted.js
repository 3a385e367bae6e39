// The scripts that this page starts beside itself, each in a worker. The content policy in index.html lets nothing
// else become one (Trusted Types): an address that did not come from here is refused by the browser.

const SCRIPTS = /** @type {const} */ (["recognizer/worker.js", "teach/train-worker.js", "inside/inspector-worker.js", "inside/learns-worker.js", "service-worker.js"]);
/** @typedef {typeof SCRIPTS[number]} Script */

/** @param {string} name */
function addressOf(name) {
  if (!SCRIPTS.some((script) => script === name)) throw new TypeError(`${name} is no script of this page`);
  // Workers are of the page's own version; the service worker is of the newest one.
  return new URL(name, name === "service-worker.js" ? document.baseURI : new URL("../", import.meta.url)).href;
}

/** Absent in browsers that know no Trusted Types. It makes objects, which whatever wants an address takes for one. */
const { trustedTypes } = /** @type {{ trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } }} */ (globalThis);
/** @typedef {{ createScriptURL(name: string): string }} Policy */
const policy = trustedTypes?.createPolicy("signet", { createScriptURL: addressOf }) ?? { createScriptURL: addressOf };

/** @param {Script} name @returns {string} */
export const scriptAddress = (name) => policy.createScriptURL(name);
