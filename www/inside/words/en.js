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

  learns: {
    title: "Two networks that learn side by side",
    intro: "Both are equally deep, begin with the same random kernels, and see the same pictures in the same order. They differ in what you switch. Each is an eighth as wide as the ResNet-50 and knows nothing of hands yet.",
    /** @param {number} count @param {string} rate */ rule: (count, rate) =>
      `Each step: ${plural(count, { one: "# picture", other: "# pictures" })} of 32 × 32 pixels, gradient descent with momentum 0.9 and the learning rate ${rate} for both. Kernels are initialized as by Glorot and Bengio, as in the course.`,
    depth: "Depth",
    /** @param {number} count */ layers: (count) => plural(count, { one: "# layer", other: "# layers" }),
    a: "Network A",
    b: "Network B",
    skips: "Skips",
    norm: "Batch norm",
    variants: { "skips-norm": "skips, batch norm", skips: "skips, no batch norm", norm: "no skips, batch norm", plain: "no skips, no batch norm" },
    pictures: "Pictures",
    drawn: "Drawn hands",
    /** @param {number} count */ own: (count) => `Your samples (${number(count)})`,
    train: "Train both",
    pause: "Pause",
    one: "One step",
    reset: "Start over",
    idle: "Train both, or take one step at a time. The first step measures both as they were initialized.",
    preparing: "Loading what trains…",
    givenUp: "given up",
    /** @param {number} count @param {string} loss @param {string} otherLoss */ line: (count, loss, otherLoss) =>
      `${plural(count, { one: "# step", other: "# steps" })}. Loss: network A ${loss}, network B ${otherLoss}.`,
    /** @param {number} count */ step: (count) => plural(count, { one: "# step", other: "# steps" }),
    /** @param {number} stage */ stage: (stage) => `stage ${stage}`,
    charts: {
      lossTitle: "Loss of each step",
      lossNote: "Thin: each step. Thick: the mean of the last ten. Dotted: what guessing costs.",
      /** @param {number} count @param {string} loss @param {string} otherLoss */ lossLabel: (count, loss, otherLoss) =>
        `Loss after ${plural(count, { one: "# step", other: "# steps" })}: network A ${loss}, network B ${otherLoss}`,
      guessing: "guessing",
      normTitle: "Norm of the gradient in each layer",
      normNote: "From the input on the left to the answer on the right, on a logarithmic scale. Bars: now. Marks: as initialized.",
      /** @param {string} network @param {string} first @param {string} last */ normLabel: (network, first, last) =>
        `Gradients of ${network}: the norm is ${first} in the first layer, ${last} in the last`,
      empty: "Nothing has been measured yet",
    },
    tables: {
      losses: "Losses as a table",
      norms: "Gradients as a table",
      lossCaption: "Loss, and share of right answers, of single steps",
      normCaption: "Norm of the gradient of each layer's kernel",
      step: "Step",
      layer: "Layer",
      kernel: "Kernel",
      /** @param {string} network */ loss: (network) => `${network}: loss`,
      /** @param {string} network */ right: (network) => `${network}: right`,
      /** @param {string} network */ start: (network) => `${network}: initialized`,
      /** @param {string} network */ now: (network) => `${network}: now`,
    },
    found: {
      title: "What is so here",
      /** @param {string} first @param {string} last @param {string} times */ grows: (first, last, times) =>
        `As initialized, the gradient of the 3×3 kernel has the norm ${last} in the last block and ${first} in the first: on its way back it grows ${times}-fold.`,
      /** @param {string} first @param {string} last @param {string} times */ shrinks: (first, last, times) =>
        `As initialized, the gradient of the 3×3 kernel has the norm ${last} in the last block and ${first} in the first: on its way back it shrinks ${times}-fold.`,
      /** @param {string} first @param {string} last @param {string} times */ even: (first, last, times) =>
        `As initialized, the gradient of the 3×3 kernel has the norm ${last} in the last block and ${first} in the first: much the same, within a factor of ${times}.`,
      /** @param {string} size */ change: (size) => `The first step changes the kernel that changes most by ${size} of its size.`,
      /** @param {string} size */ lost: (size) => `The first step changes even the kernel that changes most by only ${size} of its size, which is lost in the rounding of float32.`,
      /** @param {number} count @param {string} first @param {string} last */ now: (count, first, last) =>
        `After ${plural(count, { one: "# step", other: "# steps" })} the norm is ${last} in the last block and ${first} in the first.`,
      /** @param {number} count @param {string} loss @param {number} accuracy */ standing: (count, loss, accuracy) =>
        `Over the last ${plural(count, { one: "# step", other: "# steps" })} the loss is ${loss}, and ${wholePercent(accuracy)} of the answers are right.`,
      /** @param {number} count */ givenUp: (count) => `In step ${number(count)} the loss or a gradient was no finite number any more, and the network was given up.`,
    },
    claims: {
      title: "What is said of it",
      glorot: "Without batch norm the size of gradients depends on the initial kernels: with unsuitable ones it shrinks from layer to layer on the way back. The initialization that both networks have was made against that, for layers without ReLU.",
      he: "Plain networks with batch norm don't suffer from vanishing gradients: the norms are healthy forwards and backwards. So that is not why deep plain networks train badly.",
      degradation: "Plain networks get worse when they get deeper, also on the pictures that they are trained on. With skips they don't.",
      balduzzi: "Without skips the gradients of deep networks become like white noise: large enough, but different for pictures that are alike. With skips this comes much later.",
      santurkar: "Batch norm doesn't help by keeping the distributions of activations steady. It makes the loss smoother, so that a gradient holds for larger steps.",
      yang: "Without skips, batch norm itself makes gradients grow exponentially with the depth, as initialized. Very deep networks can't be trained then.",
    },
    here: {
      /** @param {string} variant */ set: (variant) => `To see it here, switch one of the networks to: ${variant}.`,
      notYet: "To see it here, take a step.",
      /** @param {string} network @param {string} first @param {string} last */ vanishes: (network, first, last) =>
        `Here, in ${network}, they vanish: ${last} in the last block, ${first} in the first.`,
      /** @param {string} network @param {string} first @param {string} last */ stays: (network, first, last) =>
        `Here, in ${network}, they don't vanish: ${last} in the last block, ${first} in the first.`,
      /** @param {string} network @param {string} times */ grows: (network, times) => `Here, in ${network}, they grow ${times}-fold from the last block to the first.`,
      /** @param {string} network @param {string} first @param {string} last */ doesNotGrow: (network, first, last) =>
        `Here, in ${network}, they don't grow much: ${last} in the last block, ${first} in the first.`,
      /** @param {number} count @param {string} loss @param {string} otherLoss */ losses: (count, loss, otherLoss) =>
        `Here, after ${plural(count, { one: "# step", other: "# steps" })}: a loss of ${loss} with skips, of ${otherLoss} without.`,
      pair: "To see it here, let the networks differ in their skips alone, and train them for 30 steps.",
      unmeasured: "Not measured here: this view tells how large gradients are.",
    },
  },

  // Five guided stops

  stops: {},
};

/** @typedef {typeof en} Words */
