// What this room needs of the rest of the page.

/** @import { WhichModel } from "../recognizer/client.js" */
/** @import { Signet } from "../signet.js" */
/** @import { Models } from "../teach/models.js" */

/**
 * @typedef {object} Page
 * @property {Signet} signet
 * @property {Models} models
 * @property {(model: WhichModel) => number} threshold the presence below which a model's answer is no sign
 */

export {};
