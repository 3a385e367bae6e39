// The tab's texts in English, the source of truth: a key for each view. The other tables have the same shape, which `tsc` checks.

export const en = {
  shell: {
    label: "What to look at",
    views: { path: "The path", cut: "Cut it", why: "Why", knows: "What it knows", learns: "How it learns", stops: "Guided tour" },
    failed: "Looking inside did not start. Open another tab of this page and come back to try again.",
  },

  // The network and what happens in it

  path: {},

  // Its branches and skips, switched off

  cut: {},

  // Which parts of the picture an answer comes from

  why: {},

  // Samples and how near they are to one another

  knows: {},

  // Two networks that learn side by side

  learns: {},

  // Five guided stops

  stops: {},
};

/** @typedef {typeof en} Words */
