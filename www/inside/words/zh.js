// The tab's texts in Chinese.

/** @type {import("./en.js").Words} */
export const zh = {
  shell: {
    label: "看什么",
    views: { path: "路径", cut: "剪断", why: "为什么", knows: "它知道什么", learns: "它怎样学习", stops: "导览" },
    failed: "看内部没有启动。请打开此页面的另一个标签，再回来重试。",
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
