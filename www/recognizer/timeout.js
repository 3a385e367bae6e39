// Timeouts that do not count the time in which the page was frozen.

/** A page that was frozen, as behind a closed lid, gets a single overdue tick when it resumes: a quarter of the limit. */
const TICKS = 4;

/** @typedef {ReturnType<typeof setInterval>} Timeout ended with clearInterval */

/** @param {number} limitMs @param {() => void} onLate @returns {Timeout} */
export function startTimeout(limitMs, onLate) {
  let left = TICKS;
  const timeout = setInterval(() => {
    left -= 1;
    if (left > 0) return;
    clearInterval(timeout);
    onLate();
  }, limitMs / TICKS);
  return timeout;
}
