// The tab's texts in German.

/** @type {import("./en.js").Words} */
export const de = {
  shell: {
    label: "Was zu sehen ist",
    views: { path: "Der Weg", cut: "Abschneiden", why: "Warum", knows: "Was es weiß", learns: "Wie es lernt", stops: "Rundgang" },
    failed: "Das Hineinsehen ist nicht angelaufen. Einen anderen Reiter dieser Seite öffnen und zurückkommen, um es noch einmal zu versuchen.",
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
