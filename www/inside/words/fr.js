// The tab's texts in French.

/** @type {import("./en.js").Words} */
export const fr = {
  shell: {
    label: "Ce qu’on regarde",
    views: { path: "Le chemin", cut: "Couper", why: "Pourquoi", knows: "Ce qu’il sait", learns: "Comment il apprend", stops: "Visite guidée" },
    failed: "La vue intérieure n’a pas démarré. Ouvrez un autre onglet de cette page puis revenez pour réessayer.",
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
