// To come.

/** @type {import("./context.js").View} */
export const path = { mount() {} };
