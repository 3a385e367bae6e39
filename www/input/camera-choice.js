// The choice among several cameras.
import { messages } from "../i18n/language.js";
import { make } from "../ui/dom.js";

/** @import { Camera } from "./camera.js" */

/** Lists the cameras, whose names are known only while one is open. @param {HTMLSelectElement} select @param {Camera} open @returns {Promise<boolean>} whether there are several */
export async function listCameras(select, open) {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const cameras = devices.filter(({ kind }) => kind === "videoinput");
  const current = open.deviceId;
  select.replaceChildren(...cameras.map(({ deviceId, label }, index) => {
    const selected = deviceId === current;
    return make("option", { value: deviceId, selected, defaultSelected: selected, says: label || (() => messages.cameraNumber(index + 1)) });
  }));
  return cameras.length > 1;
}
