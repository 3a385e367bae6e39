// Signet's own module in the arithmetic of its peers.
import { open } from "./signet.js";

/** @type {import("./protocol.js").EngineFile["load"]} */
export const load = (device, files) => open(device, files, true);
