// A view's picture as a file: the SVG as it is, or drawn as PNG.
import { download } from "../ui/dom.js";

/** @import { Picture } from "./context.js" */

/** Pixels of a PNG for each unit of the SVG. */
const SCALE = 2;

/** @param {Picture} picture @param {"svg" | "png"} format */
export async function savePicture({ name, svg }, format) {
  const file = new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
  if (format === "svg") return download(file, `${name}.svg`);
  const url = URL.createObjectURL(file);
  try {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    const { width, height } = svg.viewBox.baseVal;
    const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (png) download(/** @type {Blob} */ (png), `${name}.png`);
  } finally {
    URL.revokeObjectURL(url);
  }
}
