// The tab's texts in English, the source of truth: a key for each view. The other tables have the same shape, which `tsc` checks.
import { formatsOf } from "../../i18n/formats.js";

const { name, number, percent, plural, wholePercent } = formatsOf("en");
/** @param {number} count */ const cells = (count) => plural(count, { one: "# cell", other: "# cells" });
/** @param {number} count */ const samples = (count) => plural(count, { one: "# sample", other: "# samples" });

export const en = {
  shell: {
    label: "What to look at",
    views: { path: "The path", cut: "Cut it", why: "Why", knows: "What it knows", learns: "How it learns", stops: "Guided tour" },
    save: { png: "Save as PNG", svg: "Save as SVG" },
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
    signed: "What the block changes, behind the ReLU and with its sign: its output less what the skip alone would give. Warm colors were added, blue ones taken away.",
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

  why: {
    choose: "Evidence for",
    answered: "the answer",
    presence: "there being a sign",
    /** In sentences, in place of a class. */ aSign: "a sign",
    method: "How the map is made",
    methods: { exact: "Exact, 2\u00a0×\u00a02", finer: "4\u00a0×\u00a04", finest: "8\u00a0×\u00a08", occlusion: "Occlusion" },
    notes: {
      exact: "The last layer averages 2 × 2 places. So the logit is a sum of what each of the four gives, and a bias. This is no estimate: it is the answer, taken apart. Each place has seen nearly all of the picture on the way, around a middle further up and to the left than its quarter's; the map tells where the evidence was collected.",
      finer: "The network reads the picture in 4 positions, 16 pixels apart, and the maps become one: what a place gives is shared out around the middle of what it sees. All cells and the bias add up to the mean of the logits.",
      finest: "The network reads the picture in 9 positions, 16 pixels apart, and the maps become one: what a place gives is shared out around the middle of what it sees. All cells and the bias add up to the mean of the logits.",
      occlusion: "A window of 16 × 16 pixels is blurred, at 49 places in turn. Where the logit falls, what was there speaks for the class. The losses don't add up: parts that say the same stand in for each other.",
    },
    inMirror: "Each position is read in a mirror, too, where these signs mean the same.",
    notInMirror: "No mirror images are read: a sign of yours may mean something else there.",
    /** @param {string} label */ picture: (label) => `Map of the evidence for ${label}.`,
    /** @param {string} label @param {string} place @param {number} share */ most: (label, place, share) => `Most of the evidence for ${label}: ${place}, ${wholePercent(share)}.`,
    /** @param {string} label @param {string} place @param {number} share */ largest: (label, place, share) => `The largest part of the evidence for ${label}: ${place}, ${wholePercent(share)}.`,
    /** @param {string} label @param {string} place @param {number} share */ onlyAgainst: (label, place, share) => `Nothing speaks for ${label}. Of what speaks against it most is ${place}, ${wholePercent(share)}.`,
    /** @param {string} label */ nothing: (label) => `Nothing in the picture speaks for or against ${label}.`,
    places: { upperLeft: "upper left", upperRight: "upper right", lowerLeft: "lower left", lowerRight: "lower right" },
    /** @param {string} label */ for: (label) => `speaks for ${label}`,
    /** @param {string} label */ against: (label) => `against ${label}`,
    allFor: "all that speaks for it",
    allAgainst: "all that speaks against it",
    bias: "bias",
    logit: "logit",
    meanLogit: "mean logit",
    noSign: "The page answers “no sign”, because a sign is too improbable; the network weighs the classes all the same.",
    mirrored: "The preview is mirrored; left and right are those of the picture that the model sees.",
    slower: "On the webcam it is measured anew as often as this device manages.",
    cut: "Blocks are cut: this is the network that is left.",
    onPicture: "Show it on the picture",
    table: "The map in figures",
    measuring: "Measuring",
    empty: "Show the model something: the webcam, a photo, a drawing or an example.",
    challenge: {
      title: "Hide as little as you can",
      lead: "Blur cells until the answer is another one. The fewer it takes, the better you know what the network looks at.",
      take: "Take this frame",
      clear: "Clear all",
      compare: "Compare with the map",
      comparing: "Blurring in the map's order, then at random…",
      grid: "The picture in 8 × 8 cells: arrow keys move, Space blurs",
      /** @param {number} row @param {number} column */ blurredCell: (row, column) => `Row ${number(row)}, column ${number(column)}: blurred`,
      /** @param {number} row @param {number} column */ clearCell: (row, column) => `Row ${number(row)}, column ${number(column)}: clear`,
      /** @param {string} label */ start: (label) => `The answer is “${name(label)}”. Blur a first cell.`,
      /** @param {number} count @param {string} label */ still: (count, label) => `${cells(count)} blurred, and the answer is still “${name(label)}”.`,
      /** @param {number} count @param {string} label */ flipped: (count, label) => `${cells(count)} blurred, and the answer has become “${name(label)}”.`,
      /** @param {number} count */ map: (count) => `In the order of the occlusion map it takes ${cells(count)}.`,
      mapNever: "In the order of the occlusion map not even all 64 cells change the answer.",
      /** @param {number} count */ random: (count) => `In a random order it takes ${cells(count)}.`,
      randomNever: "In a random order not even all 64 cells change the answer.",
    },
  },

  // Samples and how near they are to one another

  knows: {
    measuring: "Reading the samples",
    /** @param {number} count */ own: (count) => plural(count, { one: "Your # sample, compared by the network's 2,048 features.", other: "Your # samples, compared by the network's 2,048 features." }),
    /** @param {number} count */ checkSet: (count) => `You have no samples yet. These are ${samples(count)} of drawn hands that come with the page; your own take their place as soon as there are some.`,
    nearest: "Nearest to the picture",
    nearestLine: "The samples whose features point in the same direction as the picture's. Below each the cosine of the angle: 1 is the very same direction.",
    plane: "All samples in two dimensions",
    planeLine: "Each sample is 2,048 numbers. Drawn are the two directions in which the samples differ most, their principal components. The cross is the picture of now. A click opens a sample; by keyboard, arrows and Enter do.",
    /** @param {number} first share of the variance @param {number} second */ variance: (first, second) => `The first direction holds ${percent(first)} of the variance, the second ${percent(second)}. The rest can't be seen here.`,
    /** @param {string} label */ sample: (label) => `Sample of ${label}`,
    /** @param {string} label @param {string} answer */ doubtfulSample: (label, answer) => `Labelled ${label}, but its nearest neighbours are ${answer}`,
    noDoubts: "Each sample has neighbours of its own label.",
    /** @param {number} count */ doubts: (count) => plural(count, {
      one: "# label is in doubt (in a diamond): its nearest neighbours have another. Is it wrong?", other: "# labels are in doubt (in diamonds): their nearest neighbours have others. Are they wrong?" }),
    itsNearest: "Its nearest neighbours:",
    look: "Look into this one",
    means: "Mean hands",
    meansLine: "The mean of each class's samples, pixel by pixel. What they have in common stays sharp.",
    /** @param {string} label @param {number} count */ mean: (label, count) => `Mean of ${samples(count)} of ${label}`,
    /** @param {number} count */ pictures: (count) => samples(count),
    table: "The samples as a table",
    columns: { number: "No.", label: "Label", first: "First direction", second: "Second direction", neighbors: "Nearest" },
  },

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

  stops: {
    lead: "Five stops of one screen each. Each stop has an address of its own: a link to it is a lesson.",
    /** @param {number} index @param {number} total @param {string} line */ position: (index, total, line) => `Stop ${number(index)} of ${number(total)}: ${line}`,
    back: "Back",
    next: "Next",
    leave: "Leave the tour",
    end: "To all stops",
    list: [
      { title: "Why deep?",
        text: "This network has 50 layers with weights. The first ones see a few pixels and answer to edges; each further one sees more of the picture and combines what those before it have found. Yet plain networks get worse when they get very deep: with 56 layers He and others (2015) had a higher error than with 20, in training already. That is not overfitting. Such a network is harder to train.",
        task: "Follow the hand from the first place to the last. Where do the maps stop looking like a hand?" },
      { title: "The identity block",
        text: "Block 3b computes F(x), three convolutions, and adds its own input: ReLU(F(x) + x). Before and behind it the size is the same, so the skip computes nothing at all. To do nothing, F only has to become 0, and that is easy to learn.",
        task: "Open the block and find where both ways meet. Which sizes do they have there?" },
      { title: "The convolutional block",
        text: "Block 3a halves height and width and has twice as many channels, so that x no longer fits. On its skip lies a convolution of 1 × 1 with a stride of 2, which brings x to the new size. Four of the sixteen blocks are such ones, one at the start of each stage.",
        task: "Compare the parameters of 3a and 3b. What does the convolution on the skip cost?" },
      { title: "What a skip carries",
        text: "In block 4b the skip is off: only F(x) goes on. Veit and others (2016) found that almost any one branch of a residual network can be left out, because its result is a sum over many paths. Without a skip, all the paths through it are gone.",
        task: "See how much of the check set is still read right. Then switch the skip on and the branch F(x) off, and compare." },
      { title: "What it looks at",
        text: "A window of the picture is blurred, at 49 places in turn, and the logit is measured each time. Where it falls, the network has looked. Such a map is a measurement and can be tested: hide what it names, and the answer should change soon.",
        task: "Choose another class: what speaks against it? Then try it yourself in the challenge below." },
    ],
  },
};

/** @typedef {typeof en} Words */
