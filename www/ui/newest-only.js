// Work that only the newest state is worth.

/**
 * Runs `work` again and again for as long as it is asked to, one run at a time: calls during a run become one
 * more run after it, which then sees the newest state.
 * @param {() => Promise<void>} work handles its own failures
 * @returns {() => void}
 */
export function newestOnly(work) {
  let running = false;
  let asked = false;
  return async () => {
    asked = true;
    if (running) return;
    running = true;
    try {
      while (asked) {
        asked = false;
        await work();
      }
    } finally {
      running = false;
    }
  };
}
