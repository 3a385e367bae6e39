// The tab's texts in German.
import { formatsOf } from "../../i18n/formats.js";

const { number, percent, plural, wholePercent } = formatsOf("de");

/** @type {import("./en.js").Words} */
export const de = {
  shell: {
    label: "Was zu sehen ist",
    views: { path: "Der Weg", cut: "Abschneiden", why: "Warum", knows: "Was es weiß", learns: "Wie es lernt", stops: "Rundgang" },
    failed: "Das Hineinsehen ist nicht angelaufen. Einen anderen Reiter dieser Seite öffnen und zurückkommen, um es noch einmal zu versuchen.",
  },

  // The network and what happens in it

  path: {
    intro: "Das Bild geht durch 50 Schichten: Stamm, sechzehn Blöcke in vier Stufen, Mittelwert. Jeder Ort lässt sich öffnen und zeigt, was dort aus dem Bild geworden ist.",
    strip: "Das Netz, vom Bild bis zu den Merkmalen",
    legend: "Bogen: die Skip-Verbindung, die die Eingabe eines Blocks an seinem Zweig vorbeiführt. Mit Quadrat: ein Faltungsblock, dessen Skip eine Faltung ist.",
    stage: (stage) => `Stufe ${stage}`,
    kinds: { stem: "Stamm", identity: "Identitätsblock", convolutional: "Faltungsblock", features: "Merkmale" },
    block: (name, kind) => `Block ${name}: ${kind}`,
    size: (channels, height, width) => `${number(channels)}×${height}×${width}`,
    open: (place) => `${place} öffnen`,
    facts: (size, parameters, products) =>
      `${size} Werte · ${plural(parameters, { one: "# Parameter", other: "# Parameter" })} · ${plural(products, { one: "# Multiplikation mit Addition", other: "# Multiplikationen mit Addition" })}`,
    about: {
      stem: "Eine Faltung von 7 × 7 Pixeln mit Schrittweite 2, dann der größte von je 3 × 3 Werten: Aus 64 × 64 Pixeln werden 15 × 15 Stellen mit 64 Kanälen.",
      identity: "Der Zweig berechnet F(x) in drei Faltungen, der Skip trägt x unverändert daran vorbei, und beide werden addiert. Ein Zweig, der nichts hinzuzufügen hat, lässt x in Ruhe: Die Identität ist das, was der Block tut, wenn er nichts tut.",
      convolutional: "Die Ausgabe hat andere Kanäle und ab Stufe 3 eine andere Größe, sodass x nicht einfach addiert werden kann. Eine Faltung von 1 × 1 im Skip bringt x in die passende Form.",
      features: "Der Mittelwert über die 2 × 2 Stellen der letzten Stufe. Die Antwort ist für jede Klasse eine gewichtete Summe dieser Zahlen und sonst nichts.",
    },
    parts: "Die Teile dieses Ortes",
    picture: "Bild",
    input: "Eingabe x",
    convolution: (kernel) => `${kernel} × ${kernel}`,
    branch: (kernel) => `${kernel} × ${kernel}, F(x)`,
    shortcut: (kernel) => `Abkürzung ${kernel} × ${kernel}`,
    unchanged: "Skip: x, wie es ist",
    sum: "Addieren, dann ReLU",
    output: "Ausgabe",
    pooled: "Größter von 3 × 3",
    seen: "Was das Netz sieht",
    strongest: "Stärkste Kanäle",
    channel: "Kanal",
    channelOf: (channel, channels) => `Kanal ${channel} von ${channels}`,
    all: (channels) => `Alle ${number(channels)} Kanäle`,
    few: "Nur die stärksten",
    mosaic: (channels) => `Alle ${number(channels)} Kanäle als kleine Bilder. Das Feld Kanal vergrößert einen nach seiner Nummer.`,
    grid: "Raster von Werten",
    gridOf: (channel) => `Werte von Kanal ${channel}. Die Pfeiltasten gehen von Wert zu Wert.`,
    value: (row, column, value, wide, high) =>
      `Zeile ${row}, Spalte ${column}: ${value}. Der Wert kommt aus den ${wide} × ${high} Pixeln, die im Bild umrandet sind.`,
    summary: (channel, mean, zeros) =>
      `Kanal ${channel} ist der stärkste: im Mittel ${mean}. ${wholePercent(zeros)} aller Werte hier sind null. Auf einen Wert zeigen, um zu sehen, woher er kommt.`,
    signed: "Was der Block ändert, mit Vorzeichen: seine Ausgabe abzüglich dessen, was der Skip getragen hat. Warme Farben kamen hinzu, blaue wurden abgezogen.",
    bars: "Balken",
    barsLabel: "Die Merkmale als Balken. Die Pfeiltasten gehen von einem zum nächsten.",
    largest: "Die zehn größten Merkmale",
    columns: { feature: "Merkmal", value: "Wert" },
    feature: (index, value) => `Merkmal ${index}: ${value}`,
    filters: "Die 64 Filter der ersten Schicht, je 7 × 7 Pixel in Rot, Grün und Blau: Kanten, Flecken, Farben. Ein Klick zeigt, wo ein Filter sein Muster findet.",
    filtersLabel: "Die 64 Filter der ersten Schicht als kleine Bilder. Das Feld Kanal vergrößert einen nach seiner Nummer.",
  },

  // Its branches and skips, switched off

  cut: {
    intro: "Jeder Block hat zwei Schalter: seinen Zweig F(x) und seinen Skip x. Einige abschneiden und sehen, was mit der Antwort und der Prüfmenge geschieht.",
    restore: "Alles wiederherstellen",
    notice: (count, list) => `${plural(count, { one: "# Teil ist abgeschnitten", other: "# Teile sind abgeschnitten" })}: ${list}.`,
    parts: {
      branch: (block) => `Zweig von ${block}`,
      skip: (block) => `Skip von ${block}`,
    },
    labels: {
      branch: (block) => `F(x): Zweig von ${block}`,
      skip: (block) => `x: Skip von ${block}`,
    },
    answer: "Die Antwort auf dieses Bild",
    whole: "Ganzes Netz",
    now: "Mit diesen Schnitten",
    noPicture: "Ein Beispiel wählen oder die Webcam starten, dann steht hier die Antwort.",
    answered: (word, share, margin) => `${word}, ${percent(share)}; Abstand ${margin}`,
    logits: "Logits: woraus die Softmax-Funktion Wahrscheinlichkeiten macht. Der Abstand ist das beste minus das zweitbeste.",
    columns: { class: "Klasse", whole: "Ganz", now: "Geschnitten" },
    check: "Prüfmenge",
    sets: {
      composed: "Komponierte Hände", examples: "Beispielhände", samples: "Eigene Bilder",
    },
    checked: (right, count, margin) => `${right} von ${plural(count, { one: "# Bild", other: "# Bildern" })} richtig, mittlerer Abstand ${margin}`,
    measuring: (done, count) => `Messung: ${done} von ${count}`,
    measured: "Messung",
    cancelled: "Abgebrochen.",
    empty: "In dieser Menge ist kein Bild von einer Klasse dieses Modells.",
    accuracy: "Genauigkeit",
    margin: "Mittlerer Abstand",
    anyBranch: "Je einen Zweig abschneiden",
    anySkip: "Je einen Skip abschneiden",
    random: "Zufällig abschneiden",
    branches: "Zweige",
    table: "Jeder Block einzeln geschnitten",
    rows: { branch: "F(x) aus", skip: "x aus" },
    cell: (block, part, accuracy, margin) => `${block}, ${part}: ${wholePercent(accuracy)}, Abstand ${margin}`,
    findings: "Veit, Wilber und Belongie (2016, arXiv 1605.06431) nahmen trainierten residualen Netzen die Zweige einzelner Blöcke, und kaum Genauigkeit ging verloren; je mehr sie entfernten, desto mehr sank sie, stetig. Sie sehen in einem residualen Netz viele Pfade verschiedener Länge, von denen ein Schnitt nur einige trifft. Blöcke, die eine Stufe eröffnen, behalten hier die Faltung ihrer Abkürzung.",
    wholeShows: (whole, margin) => `Ganz liest dieses Netz ${percent(whole)} dieser Menge richtig, mit einem mittleren Abstand von ${margin}.`,
    branchShows: (worst, block, mean) => `Ohne irgendeinen einzelnen Zweig liest es noch mindestens ${percent(worst)} (am wenigsten ohne ${block}), im Mittel ${percent(mean)}.`,
    skipShows: (worst, block, mean) => `Ohne einen einzelnen Skip fällt es auf bis zu ${percent(worst)} (ohne ${block}), im Mittel ${percent(mean)}.`,
    randomShows: (count, list, accuracy, margin) => `${plural(count, { one: "# Zweig", other: "# Zweige" })} zufällig (${list}): ${percent(accuracy)}, mittlerer Abstand ${margin}.`,
    tried: "Bisher zufällig abgeschnitten",
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
