// The room's texts in English, the source of truth: a key for each part. The other tables have the same shape, which `tsc` checks.
import { formatsOf } from "../../i18n/formats.js";

const { duration, name, number, plural } = formatsOf("en");
/** @param {number} count */ const images = (count) => plural(count, { one: "# image", other: "# images" });
/** @param {string[]} names @param {number} count of files */ const some = (names, count) => names.map(name).join(", ") + (count > names.length ? ", …" : "");

export const en = {
  // Models: taking them anywhere, and bringing them in
  models: {
    import: {
      /** @param {string} file */ title: (file) => `The model in “${name(file)}”`,
      /** The first names of `count` classes. @param {string[]} names @param {number} count */ labels: (names, count) => `${plural(count, { one: "# class", other: "# classes" })}: ${some(names, count)}.`,
      notes: {
        /** @param {number} count */ "labels-numbered": (count) => `The file names no classes: its ${number(count)} are numbered, in its order.`,
        /** @param {string} layer */ "training-mode": (layer) => `It was written with training=True at ${name(layer)}: Keras answers by the statistics of the pictures that it is asked about together. The stored statistics, which answer here, may lag behind.`,
        "features-only": "This is the network for ImageNet's thousand classes. What it sees is taken in; it knows no hand signs until it is trained.",
        "head-missing": "It has no last layer: it knows no hand signs until it is trained.",
        "border-differs": "It expects other colours, which are converted. At the border of a picture this is not exact.",
        "preprocessing-unknown": "The file doesn't say how pictures are prepared: red, green and blue from 0 to 1 are taken for granted.",
      },
      /** @param {number} least */ statistics: (least) => `Statistics can be computed anew of pictures like those that it learned from, at least ${number(least)}.`,
      /** @param {number} count */ ofSamples: (count) => `Compute them of your ${plural(count, { one: "# image", other: "# images" })}`,
      ofPictures: "Or of these pictures:",
      computing: "Computing the statistics…",
      /** @param {number} count */ computed: (count) => `The statistics of ${images(count)} are in it now.`,
      take: "Use this model",
    },
  },

  // Samples from other programs' files, and out again
  samples: {
    images,
    /** @param {string} file */ opening: (file) => `Looking into “${name(file)}”…`,
    /** @param {number} index @param {number} of */ openingProject: (index, of) => `Opening project ${number(index)} of ${number(of)}…`,
    /** @param {string} file */ title: (file) => `What is in “${name(file)}”`,
    kinds: {
      "teachable-machine": "A project of Teachable Machine.", folder: "Pictures in folders that are named after classes.", "outer-folder": "Pictures in folders within the folders of classes.",
      "file-name": "Pictures with their classes in the files' names.", "one-class": "Pictures of one class.", "data-set": "A data set (HDF5).", projects: "Projects that Signet has saved.",
    },
    /** @param {number} classes @param {number} pictures */ found: (classes, pictures) => `${plural(classes, { one: "# class", other: "# classes" })}, ${images(pictures)}.`,
    /** @param {number} rows */ firstRows: (rows) => `The first ${number(rows)} are shown, the others left out.`,
    way: "The class is",
    ways: { "teachable-machine": "as in the project", folder: "the folder that a picture lies in", "outer-folder": "a folder further out", "file-name": "a part of the file's name", "one-class": "one for all", projects: "as in the projects" },
    /** @param {string} label */ goes: (label) => `What becomes of ${name(label)}`,
    own: "A class called", out: "Leave out",
    /** @param {string} label */ nameOf: (label) => `Name for ${name(label)}`,
    /** @param {number} count */ origins: (count) => `From ${plural(count, { one: "# project", other: "# projects" })}`,
    /** @param {string} origin @param {number} count */ from: (origin, count) => `${name(origin)}: ${images(count)}`,
    /** @param {number} count */ passedOver: (count) => plural(count, { one: "# file was passed over", other: "# files were passed over" }),
    /** The first names of `count` files. */
    why: {
      /** @param {number} count @param {string[]} names */ leftover: (count, names) => `${number(count)} left behind by a system: ${some(names, count)}`,
      /** @param {number} count @param {string[]} names */ "no-picture": (count, names) => `${number(count)} no pictures: ${some(names, count)}`,
      /** @param {number} count @param {string[]} names */ "no-label": (count, names) => `${number(count)} without a class: ${some(names, count)}`,
    },
    /** @param {number} some @param {number} all */ fits: (some, all) => `${number(some)} of ${images(all)} fit here: as many of each class are taken, spread over all that it has.`,
    /** @param {number} seconds */ hands: (seconds) => `Look for the hand in each picture, as in photos that are added one by one: about\u00a0${duration(seconds)}.`,
    /** @param {number} limit */ full: (limit) => `There is no room: ${images(limit)} is this device's limit. Delete some first.`,
    /** @param {number} count @param {number} limit */ tooManyClasses: (count, limit) => `That makes ${number(count)} classes, and ${number(limit)} is the limit: leave some out, or give several the same class.`,
    badName: "A class needs a name of 1 to 40 characters that can be seen.",
    /** @param {number} count */ take: (count) => `Take ${images(count)}`,
    /** @param {number} count */ reading: (count) => `Reading ${images(count)}…`,
    progress: "Pictures read",
    /** @param {number} taken @param {number} twice @param {number} refused */ taken: (taken, twice, refused) => [`${images(taken)} taken.`,
      ...(twice > 0 ? [`${number(twice)} left out: the same image is in that class already.`] : []), ...(refused > 0 ? [`${number(refused)} could not be read.`] : [])].join(" "),
    /** @param {string} file */ oneProject: (file) => `Open “${name(file)}”?`,
    oneProjectLine: "It can take the place of the open project, or its images can come beside those that are there. Either can be undone.",
    merge: "Add its images", openInstead: "Open it instead",
    /** @param {number} count */ written: (count) => `${images(count)} saved as a zip of folders.`,
  },

  // A link, a web page of one's own
  share: {
    link: {
      title: "Share a link to your model",
      intro: "The link holds the trained head of your model, and no picture. Whoever opens it tries your model beside their own. Browsers send this part of an address to nobody.",
      source: "Whose it is (optional)",
      address: "The link",
      writing: "Writing the link…",
      ready: "The link is ready.",
      copy: "Copy link",
      send: "Send…",
      copied: "Link copied.",
      copyYourself: "The browser didn't allow that. The link is selected: copy it with Ctrl+C.",
      /** @param {number} count */ length: (count) => `${plural(count, { one: "# character", other: "# characters" })}. Some chat and mail programs cut links that long; the page notices that. Then send the exported file.`,
      code: "As a QR code. It is a dense one: show it large and bright, and hold the phone still.",
      codeName: "QR code of the link",
      /** @param {number} count */ noCode: (count) => `A QR code has room for a model of 2 classes, and this one has ${number(count)}.`,
      noCodeForDetector: "This model was taught when there is no sign as well, for which a QR code has no room.",
    },
    question: {
      title: "Somebody shares a model with you",
      labels: "Its classes",
      /** @param {string} source */ from: (source) => `The link says that it is from ${name(source)}. Nothing proves it. Its classes:`,
      fromNobody: "The link doesn't say who it is from. Its classes:",
      line: "Opened, it answers beside your own work. Your samples and your model stay as they are, and closing it leaves nothing behind.",
      yes: "Open",
      no: "Don't open",
    },
    shared: {
      title: "Shared model",
      /** @param {string} source */ source: (source) => `it says: from ${name(source)}`,
      use: "Let it answer",
      close: "Close shared model",
      closed: "The shared model is closed.",
    },
    export: {
      writing: "Writing the file…",
      /** @param {string} file */ done: (file) => `${file} is written.`,
      readers: {
        /** @param {string} size */ safetensors: (size) => `${size}. Signet reads it, here and on the command line, to the last bit; so does any reader of safetensors.`,
        /** @param {string} size */ onnx: (size) => `${size}. For everything that reads ONNX: onnxruntime in Python or in the browser, tract, Netron.`,
        /** @param {string} size */ "onnx-int8": (size) => `${size}. Weights as integers, for onnxruntime, onnxruntime-web and tract from 0.23.9; others may not know integers with a scale for each channel. Layers that were trained stay at 16 bits.`,
        /** @param {string} size */ keras: (size) => `${size}. For Keras 3, with the network in it: keras.models.load_model. “No sign” is not in it.`,
        /** @param {string} size */ "keras-weights": (size) => `${size}. For the network of the course's notebook: its load_weights takes it, if batch norm isn't called with training=True. “No sign” is not in it.`,
        /** @param {string} size */ page: (size) => `${size}. A page of your own with this model, as a zip: unzip it, serve it by anything, and it reads hand signs without a network.`,
      },
    },
    page: {
      title: "Hand signs",
      heading: "Show a hand sign",
      /** @param {string[]} labels */ labelsLine: (labels) => `It knows: ${labels.map(name).join(", ")}`,
      served: "If this text stays, no script could run: browsers run none of a page that was opened as a file. Serve this folder, for example with Python. Open a terminal in it and type:",
      open: "Then open this address:",
    },
  },
};

/** @typedef {typeof en} Words */
