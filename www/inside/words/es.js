// The tab's texts in Spanish.

/** @type {import("./en.js").Words} */
export const es = {
  shell: {
    label: "Qué se mira",
    views: { path: "El camino", cut: "Corta", why: "Por qué", knows: "Lo que sabe", learns: "Cómo aprende", stops: "Visita guiada" },
    failed: "La vista por dentro no se ha iniciado. Abre otra pestaña de esta página y vuelve para intentarlo de nuevo.",
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
