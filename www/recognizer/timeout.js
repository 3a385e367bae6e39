// Time limits that only count time which the page has had.

/** A page that is frozen, as behind a closed lid, finds one overdue tick when it thaws; its worker was frozen, too. */
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
