// Defines <hand-sign>, once: a page may load this file twice, or a newer one beside an older one.
import { HandSign } from "./element/hand-sign.js";

if (!customElements.get("hand-sign")) customElements.define("hand-sign", HandSign);

export { HandSign };
