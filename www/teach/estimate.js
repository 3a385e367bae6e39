// How long a training will take, before it starts: from what one classification takes on this device.

/** @typedef {import("./settings.js").Settings} Settings */

/**
 * What learning from one picture costs, in classifications of one, as measured on a CPU: a head's own cost vanishes
 * beside the pictures' features, which are computed once; the last stage holds most of the parameters, so that
 * changing them costs more than its arithmetic.
 */
const COSTS = {
  head: { once: 1, eachEpoch: 0.004, checking: 0.002 },
  stage: { once: 0.86, eachEpoch: 1.1, checking: 0.2 },
  all: { once: 0, eachEpoch: 4.6, checking: 1 },
};
/** Forms of each picture that what is frozen looks at when augmentation is on, as core has it. */
const VARIANTS = 4;
/** Starting the module in a worker of its own, and loading the weights. */
const START_S = 1;

/**
 * @param {Settings} settings
 * @param {{ training: number, validation: number }} counts of pictures
 * @param {number} latencyMs of one classification
 * @returns {number} seconds
 */
export function estimateSeconds({ scope, epochs, augmentation }, { training, validation }, latencyMs) {
  const { once, eachEpoch, checking } = COSTS[scope];
  const forms = augmentation ? VARIANTS : 1;
  const passes = once * (training * forms + validation) + epochs * (eachEpoch * training + checking * validation);
  return START_S + (passes * latencyMs) / 1000;
}
