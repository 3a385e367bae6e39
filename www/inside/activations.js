// What maps say by themselves: a channel's values, which channels are strongest, and where a value comes from.

/** @import { Maps, Place } from "../library/inspector-types.js" */

/** The values of one channel, row by row. @param {Maps} maps @param {number} channel */
export function channelOf({ values, height, width }, channel) {
  return values.subarray(channel * height * width, (channel + 1) * height * width);
}

/** Each channel's mean. @param {Maps} maps @returns {Float32Array} */
export function meansOf(maps) {
  const means = new Float32Array(maps.channels);
  for (let channel = 0; channel < maps.channels; channel += 1) {
    let sum = 0;
    for (const value of channelOf(maps, channel)) sum += value;
    means[channel] = sum / (maps.height * maps.width);
  }
  return means;
}

/** Those channels whose values are furthest from zero on average, strongest first. @param {Maps} maps @param {number} count */
export function strongest(maps, count) {
  const size = maps.height * maps.width;
  const strengths = Array.from({ length: maps.channels }, (_, channel) => {
    let sum = 0;
    for (let at = channel * size; at < (channel + 1) * size; at += 1) sum += Math.abs(maps.values[at] ?? 0);
    return { channel, sum };
  });
  return strengths.sort((a, b) => b.sum - a.sum || a.channel - b.channel).slice(0, count).map(({ channel }) => channel);
}

/** The share of values that are zero, which is what a ReLU leaves of negative ones. @param {Maps} maps */
export function zeroShare({ values }) {
  let zeros = 0;
  for (const value of values) if (value === 0) zeros += 1;
  return zeros / values.length;
}

/** What a ReLU leaves. @param {Maps} maps @returns {Maps} */
export const rectified = (maps) => ({ ...maps, values: maps.values.map((value) => Math.max(value, 0)) });

/** `left` less `right`. @param {Maps} left @param {Maps | null} right null: nothing @returns {Maps} */
export function difference(left, right) {
  if (!right) return left;
  return { ...left, values: left.values.map((value, index) => value - (right.values[index] ?? 0)) };
}

/**
 * The receptive fields of a tensor's values: value (row, column) depends on `size` x `size` pixels from row
 * `first + row * jump` and column `first + column * jump` on; some of them may lie outside of the picture.
 * @typedef {{ first: number, size: number, jump: number }} Field
 */

/** @param {Field} field @param {number} kernel @param {number} stride @param {number} padding @returns {Field} */
const through = ({ first, size, jump }, kernel, stride, padding) => ({ first: first - padding * jump, size: size + (kernel - 1) * jump, jump: jump * stride });

/** Behind the first convolution, without padding. */
const POOL = { kernel: 3, stride: 2 };

/**
 * The receptive fields at each place and at each of its convolutions, by name (Araujo, Norris and Sim 2019, "Computing
 * Receptive Fields of Convolutional Neural Networks").
 * @param {Place[]} places in computing order
 * @returns {Map<string, Field>}
 */
export function receptiveFields(places) {
  const fields = new Map();
  let field = { first: 0, size: 1, jump: 1 };
  for (const { name, kind, convolutions } of places) {
    const input = field;
    for (const { name: convolution, kernel, stride, shortcut } of convolutions) {
      const next = through(shortcut ? input : field, kernel, stride, (kernel - 1) / 2);
      fields.set(convolution, next);
      if (!shortcut) field = next; // the shortcut's are smaller, and so is what the branch adds to
    }
    if (kind === "stem") field = through(field, POOL.kernel, POOL.stride, 0);
    if (kind === "features") field = through(field, 2, 2, 0); // the mean of all 2x2 places
    fields.set(name, field);
  }
  return fields;
}

/**
 * The part of a picture's side that a value depends on.
 * @param {Field} field @param {number} at its row or its column @param {number} side of the picture
 * @returns {{ from: number, to: number }} the first pixel, and the first behind the last
 */
export function extent({ first, size, jump }, at, side) {
  const from = first + at * jump;
  return { from: Math.min(Math.max(from, 0), side - 1), to: Math.max(Math.min(from + size, side), 1) };
}

/** Where in it the value itself lies: as many pixels as it is apart from the next one. @param {Field} field @param {number} at @param {number} side */
export function footprint({ first, size, jump }, at, side) {
  return extent({ first: first + (size - jump) / 2, size: jump, jump }, at, side);
}
