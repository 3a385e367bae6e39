// The check set that comes with the page: composed pictures of procedural hands, ten of each of six classes, decoded by
// the module so that every browser has the same pixels. models/README.md says how it is made.

/** @import { CheckSet } from "../library/inspector-types.js" */
/** @import { Context } from "./context.js" */

/** @type {CheckSet | null} */
let decoded = null;

/** Fetched and decoded once. Null where the view is closed meanwhile. @param {Context} context */
export async function checkSet({ inspector }) {
  if (decoded) return decoded;
  const file = await fetch(new URL("check-set.jpg", import.meta.url));
  if (!file.ok) throw new TypeError(`check-set.jpg: the host answered ${file.status}`);
  decoded ??= await inspector.checkSet(new Uint8Array(await file.arrayBuffer()));
  return decoded;
}
