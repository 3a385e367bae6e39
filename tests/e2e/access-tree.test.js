// The whole journey by the accessibility tree, as a screen reader has it: every control is found by its role and name,
// reached by Tab, used by a key, and what happens is announced.

import assert from "node:assert/strict";
import { DEVTOOLS, onlyChromium, testWorld } from "./browser.js";
import { write } from "./files.js";
import { hand, png } from "./pictures.js";
import { ScreenReader } from "./screen-reader.js";
import { TeachTab, handFiles } from "./teach.js";

const [fist, five] = [0, 5].map((fingers) => write(`hand-${fingers}.png`, png(hand(fingers, 240, 240))));
const noModel = write("no-model.safetensors", "this is no model");
const WORDS = ["Zero", "One", "Two", "Three", "Four", "Five"];
const skip = onlyChromium(DEVTOOLS);

const { server, pageTest } = await testWorld();

pageTest("by roles, names and announcements alone, a picture is chosen, its answer read, and the threshold moved", { skip, standIns: { cpu: "finding" }, isReady: false }, async (signet) => {
  const reader = await ScreenReader.attach(signet);
  await reader.hears("Signet is ready.");
  assert.match(await reader.read("main", ""), /Drop a photo of a hand here/);
  await reader.assertDistinct();

  const said = async () => (await reader.heard()).filter((line) => [...WORDS, "No sign"].includes(line));
  const { label } = await signet.prediction(() => reader.choose("Choose a photo", [String(fist)]));
  const word = String(WORDS[Number(label)]);
  assert.deepEqual(await said(), [word]);
  assert.match(await reader.read("region", "Answer"), new RegExp(`${word}.* [\\d.]+% .*[\\d.]+\\sms`));
  await signet.prediction(() => reader.choose("Choose a photo", [String(fist)]));
  assert.deepEqual(await said(), [word], "an answer that stays is not announced again");

  await reader.press("slider", /^Answer “no sign” below/, "End");
  await reader.hears("No sign");
  assert.match(await reader.read("region", "Answer"), /No sign/);
  await reader.press("button", "Reset");
  await reader.isAt("slider", /^Answer “no sign” below/);
  assert.deepEqual(await said(), [word, "No sign", word]);

  await reader.press("application", /^The square that the model sees/, "ArrowRight");
  await reader.hears("The square is yours.");
  await signet.prediction(() => reader.press("button", "Example: a drawn hand that shows two"));
  await reader.press("button", "Draw");
  await reader.find("image", /^Drawing area/);
  await reader.assertDistinct();
  await reader.press("button", "Webcam");
  await reader.assertDistinct();

  await reader.press("button", "Help and keyboard shortcuts");
  assert.match(await reader.read("dialog", "Signet, briefly"), /Undo/);
  await reader.press("button", "Close");
  await reader.isAt("button", "Help and keyboard shortcuts");

  await reader.press("button", /^Remove downloaded model/);
  assert.match((await reader.focus()).name || await reader.read("main", ""), /^Removed\./);
});

pageTest("by roles, names and announcements alone, classes are named and filled, and nothing leaves the focus nowhere", { skip, isReady: false }, async (signet) => {
  const { keyboard } = signet.page;
  const reader = await ScreenReader.attach(signet);
  await reader.hears("Signet is ready.");
  const tab = new TeachTab(signet);
  await reader.press("tab", "Classify", "ArrowRight");
  await reader.isAt("tab", "Teach it your hand");
  await tab.becomes("the classes", async () => (await tab.cards()).length, 6);
  await signet.until("the project", async () => /of up to/.test(await tab.text("samples-count")));

  await reader.press("button", "Add a class");
  await reader.isAt("textbox", /^Name of class/);
  await keyboard.type("fist");
  await reader.key("Enter");
  await reader.find("textbox", "Name of class fist");
  await reader.choose("Upload to fist", handFiles(0, 4));
  await tab.counts("fist", 4);
  await reader.choose("Upload to 5", handFiles(5, 2));
  await tab.counts("5", 2);
  await reader.assertDistinct();

  // An image's name is its own, and follows its class's name.
  await reader.write("textbox", "Name of class fist", "rock");
  await reader.key("Enter");
  await reader.find("group", "Images of rock");
  await reader.find("button", "Uploaded image 1 of rock");
  await reader.find("button", "Delete image 4 of rock");
  await reader.reach("button", "Uploaded image 4 of rock");
  await reader.key("Delete");
  await reader.isAt("button", "Uploaded image 3 of rock");
  await reader.hears("Image deleted.");
  await reader.press("button", "Undo");
  await tab.counts("rock", 4);

  // The last image of a class leaves the focus in its card.
  await reader.reach("button", "Uploaded image 2 of 5");
  await reader.key("Delete");
  await reader.key("Delete");
  await tab.counts("5", 0);
  assert.equal((await reader.focus()).role, "listitem");
  await keyboard.press("Tab");
  assert.match((await reader.focus()).name, /of class 5$/);
  await reader.press("button", "Undo");
  await tab.counts("5", 1);

  await reader.press("button", "Uploaded image 1 of 5");
  await reader.find("dialog", "5");
  await reader.press("button", "Delete");
  await tab.counts("5", 0);
  await reader.press("button", "Undo");
  await tab.counts("5", 1);
  await reader.press("button", "Uploaded image 1 of 5");
  await reader.press("button", "Close");
  await reader.isAt("button", "Uploaded image 1 of 5");

  await reader.press("button", "Draw for 2");
  await reader.press("button", "Close");
  await reader.isAt("button", "Draw for 2");

  await reader.press("DisclosureTriangle", "More about 2");
  await reader.press("button", "Delete");
  await reader.find("dialog", "Delete the class “2”?");
  await reader.press("button", "Delete");
  await reader.isAt("button", "Add a class");
  await reader.hears("Class “2” deleted.");

  await reader.choose("Import Model", [noModel]);
  await signet.failure(/^weights-/);
  assert.match(await reader.read("alert", ""), /isn't a model that Signet has exported/);
  await reader.press("DisclosureTriangle", "Details");
  await reader.press("button", "Dismiss");
  assert.equal(await signet.error(), undefined);
});

pageTest("by roles, names and announcements alone, a training is followed, looked into, switched, exported and brought back", { skip, standIns: { cpu_learn: "slowInTraining" }, isReady: false }, async (signet) => {
  const reader = await ScreenReader.attach(signet);
  const tab = await TeachTab.open(signet);
  await reader.choose("Upload to 0", handFiles(0, 6));
  await tab.counts("0", 6);
  await reader.choose("Upload to 5", handFiles(5, 6));
  await tab.counts("5", 6);
  await reader.write("spinbutton", "Epochs", "8");
  await reader.write("spinbutton", "Checking share", "0.5");
  await reader.press("button", "Train Model");
  await reader.isAt("button", "Stop");
  await reader.find("progressbar", "Training");
  await reader.hears(/^A quarter of the training done, [\d.]+% right\.$/);
  await reader.hears(/^Half of the training done/);
  await reader.hears(/^Three quarters of the training done/);
  await reader.hears("Done: the best of 8 epochs is in use.");
  await reader.isAt("button", "Retrain Model");
  const quarters = (await reader.heard()).filter((line) => line.includes("of the training done"));
  assert.equal(quarters.length, 3, quarters.join("\n"));
  server.restore();

  await tab.score();
  await reader.assertDistinct();
  assert.match(await reader.read("region", "What the taught model gets right"), /[\d.]+% right on 6 images kept for checking/);
  await reader.find("image", /^After epoch 8: loss [\d.]+, [\d.]+% right$/);
  await reader.press("DisclosureTriangle", "Under the hood");
  await reader.reach("group", "Each epoch's numbers");
  assert.match(await reader.read("group", "Each epoch's numbers"), /Epoch Loss Right Checked loss Checked right/);

  // The images of a cell, one after the other, until the cell is no more.
  const cell = (await tab.matrix()).find(({ count }) => count > 1);
  assert.ok(cell, "a cell with more than one image");
  const name = new RegExp(cell.truth === cell.answer ? `^${cell.truth}: \\d images right$` : `^${cell.truth} read as ${cell.answer}: \\d images$`);
  await reader.press("button", name);
  await reader.find("dialog", name);
  await reader.assertDistinct();
  await reader.find("combobox", "Move image 2 to another class");
  for (let image = 1; image <= cell.count; image += 1) await reader.press("button", `Delete image ${image}`);
  await reader.isAt("region", "What the taught model gets right");
  await reader.hears("Image deleted.");

  await reader.press("switch", "Use the taught model", "Space");
  await tab.becomes("the model in use", () => tab.modelInUse(), "original");
  await reader.press("switch", "Use the taught model", "Space");
  await tab.becomes("the model in use", () => tab.modelInUse(), "taught");
  const { label } = await signet.prediction(() => reader.choose("Choose a photo", [String(five)]));
  await reader.hears(WORDS[Number(label)] ?? "No sign");

  const exported = await tab.downloaded(() => reader.press("button", "Export Model"));
  await reader.press("button", "Reset to original");
  await reader.hears("Back to the original.");
  await reader.choose("Import Model", [exported]);
  await reader.hears("Model imported.");
  const saved = await tab.downloaded(() => reader.press("button", "Save project"));
  await reader.hears("Project saved as a file.");
  await reader.choose("Open project", [saved]);
  await reader.hears("Project opened.");
});
