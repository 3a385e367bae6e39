// The tab's texts in English, the source of truth: a key for each view. The other tables have the same shape, which `tsc` checks.

import { formatsOf } from "../../i18n/formats.js";

const { number, percent, plural, wholePercent } = formatsOf("en");

export const en = {
  shell: {
    label: "What to look at",
    views: { path: "The path", cut: "Cut it", why: "Why", knows: "What it knows", learns: "How it learns", stops: "Guided tour" },
    failed: "Looking inside did not start. Open another tab of this page and come back to try again.",
  },

  // The network and what happens in it

  path: {
    intro: "The picture goes through 50 layers: a stem, sixteen blocks in four stages, a mean. Open any place to see what has become of it there.",
    strip: "The network, from the picture to the features",
    legend: "Arc: the skip, which carries a block's input past its branch. With a square: a convolutional block, whose skip is a convolution.",
    /** @param {number} stage */ stage: (stage) => `Stage ${stage}`,
    kinds: { stem: "Stem", identity: "identity block", convolutional: "convolutional block", features: "Features" },
    /** @param {string} name @param {string} kind */ block: (name, kind) => `Block ${name}: ${kind}`,
    /** @param {number} channels @param {number} height @param {number} width */ size: (channels, height, width) => `${number(channels)}×${height}×${width}`,
    /** @param {string} place */ open: (place) => `Open ${place}`,
    /** @param {string} size @param {number} parameters @param {number} products */ facts: (size, parameters, products) =>
      `${size} values · ${plural(parameters, { one: "# parameter", other: "# parameters" })} · ${plural(products, { one: "# multiply-add", other: "# multiply-adds" })}`,
    about: {
      stem: "A convolution of 7 × 7 pixels with stride 2, then the largest of 3 × 3 values each: 64 × 64 pixels become 15 × 15 places with 64 channels.",
      identity: "The branch computes F(x) in three convolutions, the skip carries x past it as it is, and the two are added. A branch that has nothing to add leaves x alone: the identity is what the block does when it does nothing.",
      convolutional: "The output has other channels, and from stage 3 on another size, so that x can't be added as it is. A convolution of 1 × 1 in the skip brings it into shape.",
      features: "The mean over the 2 × 2 places of the last stage. The answer is one weighted sum of these numbers for each class, and nothing else.",
    },
    parts: "The parts of this place",
    picture: "Picture",
    input: "Input x",
    /** @param {number} kernel */ convolution: (kernel) => `${kernel} × ${kernel}`,
    /** @param {number} kernel */ branch: (kernel) => `${kernel} × ${kernel}, F(x)`,
    /** @param {number} kernel */ shortcut: (kernel) => `Shortcut ${kernel} × ${kernel}`,
    unchanged: "Skip: x as it is",
    sum: "Add, then ReLU",
    output: "Output",
    pooled: "Largest of 3 × 3",
    seen: "What the network sees",
    strongest: "Strongest channels",
    channel: "Channel",
    /** @param {number} channel @param {number} channels */ channelOf: (channel, channels) => `Channel ${channel} of ${channels}`,
    /** @param {number} channels */ all: (channels) => `All ${number(channels)} channels`,
    few: "Only the strongest",
    /** @param {number} channels */ mosaic: (channels) => `All ${number(channels)} channels as small pictures. The field Channel enlarges one by its number.`,
    grid: "grid of values",
    /** @param {number} channel */ gridOf: (channel) => `Values of channel ${channel}. Arrow keys move over them.`,
    /** @param {number} row @param {number} column @param {string} value @param {number} wide @param {number} high */ value: (row, column, value, wide, high) =>
      `Row ${row}, column ${column}: ${value}. It comes from the ${wide} × ${high} pixels outlined in the picture.`,
    /** @param {number} channel @param {string} mean @param {number} zeros */ summary: (channel, mean, zeros) =>
      `Channel ${channel} is the strongest: ${mean} on average. ${wholePercent(zeros)} of all values here are zero. Point at a value to see where it comes from.`,
    signed: "What the block changes, with its sign: its output less what the skip has carried. Warm colors were added, blue ones taken away.",
    bars: "bars",
    barsLabel: "The features as bars. Arrow keys move from one to the next.",
    largest: "The ten largest features",
    columns: { feature: "Feature", value: "Value" },
    /** @param {number} index @param {string} value */ feature: (index, value) => `Feature ${index}: ${value}`,
    filters: "The first layer's 64 filters, 7 × 7 pixels of red, green and blue each: edges, spots, colors. Click one to see where it finds its pattern.",
    filtersLabel: "The first layer's 64 filters as small pictures. The field Channel enlarges one by its number.",
  },

  // Its branches and skips, switched off

  cut: {
    intro: "Each block has two switches: its branch F(x) and its skip x. Cut some, and watch the answer and the check set.",
    restore: "Restore all",
    /** @param {number} count @param {string} list */ notice: (count, list) => `${plural(count, { one: "# part is cut", other: "# parts are cut" })}: ${list}.`,
    parts: {
      /** @param {string} block */ branch: (block) => `branch of ${block}`,
      /** @param {string} block */ skip: (block) => `skip of ${block}`,
    },
    labels: {
      /** @param {string} block */ branch: (block) => `F(x): branch of ${block}`,
      /** @param {string} block */ skip: (block) => `x: skip of ${block}`,
    },
    answer: "The answer to this picture",
    whole: "Whole network",
    now: "With these cuts",
    noPicture: "Choose an example or start the webcam, and its answer is here.",
    /** @param {string} word @param {number} share @param {string} margin */ answered: (word, share, margin) => `${word}, ${percent(share)}; margin ${margin}`,
    logits: "Logits: what the softmax makes probabilities of. The margin is the best one less the second.",
    columns: { class: "Class", whole: "Whole", now: "Cut" },
    check: "Check set",
    sets: {
      composed: "Composed hands", examples: "Example hands", samples: "Your samples",
    },
    /** @param {number} right @param {number} count @param {string} margin */ checked: (right, count, margin) => `${right} of ${plural(count, { one: "# picture", other: "# pictures" })} right, mean margin ${margin}`,
    /** @param {number} done @param {number} count */ measuring: (done, count) => `Measuring: ${done} of ${count}`,
    measured: "Measuring",
    cancelled: "Cancelled.",
    empty: "There is no picture of this model's classes in this set.",
    accuracy: "Accuracy",
    margin: "Mean margin",
    anyBranch: "Cut any one branch",
    anySkip: "Cut any one skip",
    random: "Cut at random",
    branches: "Branches",
    table: "Each block cut alone",
    rows: { branch: "F(x) off", skip: "x off" },
    /** @param {string} block @param {string} part @param {number} accuracy @param {string} margin */ cell: (block, part, accuracy, margin) => `${block}, ${part}: ${wholePercent(accuracy)}, margin ${margin}`,
    findings: "Veit, Wilber and Belongie (2016, arXiv 1605.06431) took single blocks' branches out of trained residual networks and hardly any accuracy was lost; with more and more taken out it fell smoothly. They read a residual network as many paths of different lengths, of which a cut takes only some. Blocks that open a stage keep their shortcut's convolution here.",
    /** @param {number} whole @param {string} margin */ wholeShows: (whole, margin) => `This network, whole, reads ${percent(whole)} of this set, with a mean margin of ${margin}.`,
    /** @param {number} worst @param {string} block @param {number} mean */ branchShows: (worst, block, mean) => `Without any one branch it still reads at least ${percent(worst)} (least without ${block}), ${percent(mean)} on average.`,
    /** @param {number} worst @param {string} block @param {number} mean */ skipShows: (worst, block, mean) => `Without any one skip it falls to as little as ${percent(worst)} (without ${block}), ${percent(mean)} on average.`,
    /** @param {number} count @param {string} list @param {number} accuracy @param {string} margin */ randomShows: (count, list, accuracy, margin) => `${plural(count, { one: "# branch", other: "# branches" })} at random (${list}): ${percent(accuracy)}, mean margin ${margin}.`,
    tried: "Cut at random so far",
  },

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
