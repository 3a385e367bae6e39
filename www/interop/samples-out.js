// Samples as a zip of folders, a class each, with the pictures as they were kept.
import { SignetError } from "../recognizer/errors.js";
import { INPUT_BYTES } from "../recognizer/protocol.js";
import { download } from "../ui/dom.js";
import { showError, showToast } from "../ui/notices.js";
import { loadWords, words } from "./words.js";

/** @import { Converter } from "../library/converter.js" */
/** @import { Project } from "../teach/project.js" */

const FILE_NAME = "signet-samples.zip";

/** @param {{ project: Project, converter: () => Promise<Converter> }} page */
export async function saveSamples({ project, converter: open }) {
  const converter = await open();
  try {
    const [, zip] = await Promise.all([loadWords(), zipOf(converter, project)]);
    download(new Blob([zip], { type: "application/zip" }), FILE_NAME);
    showToast(() => words().samples.written(project.count));
  } catch (thrown) {
    showError(thrown);
  } finally {
    converter.close();
  }
}

/** Oldest first, class by class. @param {Converter} converter @param {Project} project @returns {Promise<Uint8Array<ArrayBuffer>>} */
function zipOf(converter, project) {
  if (project.count === 0) throw new SignetError("samples-none", "there is nothing to write");
  const labels = project.classes.map(({ label }) => label);
  const samples = project.classes.flatMap(({ id }, label) => project.samplesOf(id).reverse().map(({ pixels }) => ({ label, pixels })));
  const inputs = new Uint8Array(samples.length * INPUT_BYTES);
  samples.forEach(({ pixels }, index) => inputs.set(pixels, index * INPUT_BYTES));
  return converter.call("samplesZip", labels, Uint32Array.from(samples, ({ label }) => label), inputs);
}
