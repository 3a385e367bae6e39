// Draws the icons that an installed page is known by, www/icons, from www/icons/signet.svg: systems want them in pixels.
// Run it with `node scripts/draw-icons.js` after a change of the seal.

import { mkdirSync, readFileSync } from "node:fs";
import { env, getuid } from "node:process";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const WWW = fileURLToPath(new URL("../www/", import.meta.url));
const PAPER = "#f4f0e7";

/** Which part of an icon's side the seal takes. Systems cut a maskable one to a circle, an iPhone rounds its corners. */
const ICONS = [
  { name: "192", side: 192, share: 1 },
  { name: "512", side: 512, share: 1 },
  { name: "maskable", side: 512, share: 0.7, paper: PAPER },
  { name: "touch", side: 180, share: 0.82, paper: PAPER },
];

const seal = readFileSync(`${WWW}icons/signet.svg`).toString("base64");
mkdirSync(`${WWW}icons`, { recursive: true });
const browser = await puppeteer.launch({
  executablePath: env["CHROMIUM"] ?? "/usr/bin/chromium",
  headless: true,
  args: getuid?.() === 0 ? ["--no-sandbox"] : [],
});
try {
  const page = await browser.newPage();
  for (const { name, side, share, paper = "transparent" } of ICONS) {
    await page.setViewport({ width: side, height: side });
    await page.setContent(`<style>
      body { margin: 0; height: ${side}px; display: grid; place-items: center; background: ${paper}; }
      img { width: ${share * 100}%; }
    </style><img src="data:image/svg+xml;base64,${seal}">`);
    await page.$eval("img", (image) => image.decode());
    await page.screenshot({ path: `${WWW}icons/${name}.png`, omitBackground: true });
  }
} finally {
  await browser.close();
}
