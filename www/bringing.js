// The door for whatever a person brings from elsewhere, and for samples that are taken there. What is behind it, in interop/, is fetched when
// it is first used.
import { SignetError, asSignetError } from "./recognizer/errors.js";
import { button, field, listenToFiles } from "./ui/dom.js";
import { showError } from "./ui/notices.js";

/** @import { Bring, Page } from "./interop/bring.js" */

/** Names of files that are dropped for this door, wherever on the page. */
const NAMES = /\.(signet|tm|zip|h5|hdf5|keras|onnx|pth?|safetensors)$/i;

/** @param {Iterable<File>} files */
export const areBrought = (files) => [...files].some(({ name }) => NAMES.test(name));

export class Bringing {
  #page;
  /** @type {Promise<Bring> | null} */
  #room = null;

  /** @param {Promise<Page>} page there when what was kept is */
  constructor(page) {
    this.#page = page;
    listenToFiles(field("#import-input"), (files) => void this.receive(files));
    button("#save-folders").addEventListener("click", () => void this.#fetched(async () => {
      const [{ saveSamples }, page] = await Promise.all([import("./interop/samples-out.js"), this.#page]);
      return () => saveSamples(page);
    }));
  }

  /** @param {File[]} files */
  receive(files) {
    return this.#fetched(async () => {
      this.#room ??= Promise.all([import("./interop/bring.js"), this.#page]).then(([{ Bring: room }, page]) => room.start(page));
      const room = await this.#room;
      return () => room.receive(files);
    });
  }

  /** Fetches what is needed, then does it. What did not arrive is tried again the next time. @param {() => Promise<() => Promise<void>>} load */
  async #fetched(load) {
    try {
      await (await load())();
    } catch (thrown) {
      this.#room = null;
      showError(new SignetError("module-network", `interop: ${asSignetError(thrown).message}`, thrown));
    }
  }
}
