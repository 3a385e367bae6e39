// Signet's own module in the arithmetic of its peers.
import { openModule } from "../../../www/recognizer/module.js";
import { open } from "./signet.js";

/** @type {import("./protocol.js").EngineFile["load"]} */
export const load = async (device, files) => open(await openModule(device), files, true);
