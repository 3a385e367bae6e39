// What fits: numbers that hold everywhere, and what this device can take.

/** What any device may open; how many may be added is the device's `limit`. */
export const MOST_SAMPLES = 1000;

/** @typedef {{ limit: number, small: boolean }} Device `small` asks for smaller batches */

/** @returns {Device} */
export function thisDevice() {
  const { deviceMemory = 8 } = /** @type {{ deviceMemory?: number }} */ (Object(globalThis.navigator));
  const matches = (/** @type {string} */ query) => globalThis.matchMedia?.(query).matches ?? false;
  const fingersOnly = matches("(pointer: coarse)") && !matches("(any-pointer: fine)");
  const small = deviceMemory <= 4 || fingersOnly;
  return { limit: small ? 400 : MOST_SAMPLES, small };
}

/** A name that no other thing has. randomUUID would do it, but pages on insecure origins lack it. */
export function newId() {
  const words = crypto.getRandomValues(new Uint32Array(4));
  return [...words].map((word) => word.toString(16).padStart(8, "0")).join("");
}
