// What two models say of the same pictures, counted: pure functions from answers to a matrix and to shares.

import { answerTo } from "../recognizer/answer.js";

/** @import { InputAnswer } from "../recognizer/protocol.js" */

/**
 * A picture, what it shows, and what each model reads in it.
 * @typedef {{ id: string, truth: string, fineTuned: string, original: string }} Answer
 * @typedef {{ label: string, count: number, fineTuned: number, original: number }} ClassScore  right answers, counted
 */

/**
 * What a model reads in an image: the label of the largest probability, or no sign where that is asked, too.
 * @param {string[]} labels
 * @param {Partial<InputAnswer>} [answer]
 * @param {number | null} [threshold] of the presence of a sign; null where images without one are no part of the set
 */
export function readAs(labels, { probabilities = [], presence } = {}, threshold = null) {
  const label = labels[probabilities.indexOf(Math.max(...probabilities))] ?? "";
  return threshold === null ? label : answerTo({ label, presence }, threshold);
}

/**
 * Which pictures of each class are read as which: `cells[truth][answer]` are ids.
 * @param {string[]} labels
 * @param {Answer[]} answers
 */
export function confusionMatrix(labels, answers) {
  const cells = labels.map(() => labels.map(() => /** @type {string[]} */ ([])));
  for (const { id, truth, fineTuned } of answers) cells[labels.indexOf(truth)]?.[labels.indexOf(fineTuned)]?.push(id);
  return cells;
}

/** @param {string[]} labels @param {Answer[]} answers @returns {ClassScore[]} */
export function classScores(labels, answers) {
  return labels.map((label) => {
    const own = answers.filter(({ truth }) => truth === label);
    return {
      label,
      count: own.length,
      fineTuned: own.filter(({ fineTuned }) => fineTuned === label).length,
      original: own.filter(({ original }) => original === label).length,
    };
  });
}

/** The share of right answers, or null without any. @param {ClassScore[]} scores @param {"fineTuned" | "original"} model */
export function accuracy(scores, model) {
  const count = scores.reduce((sum, score) => sum + score.count, 0);
  return count === 0 ? null : scores.reduce((sum, score) => sum + score[model], 0) / count;
}
