// The tab's texts in Arabic.

/** @type {import("./en.js").Words} */
export const ar = {
  shell: {
    label: "ما الذي يُعرض",
    views: { path: "المسار", cut: "اقطع", why: "لماذا", knows: "ما يعرفه", learns: "كيف يتعلّم", stops: "جولة" },
    failed: "لم يبدأ النظر إلى الداخل. افتح تبويبًا آخر في هذه الصفحة ثم عد للمحاولة من جديد.",
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
