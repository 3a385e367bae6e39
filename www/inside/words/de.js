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

  learns: {
    title: "Zwei Netze lernen nebeneinander",
    intro: "Beide sind gleich tief, fangen mit denselben zufälligen Kernen an und sehen dieselben Bilder in derselben Reihenfolge. Sie unterscheiden sich in dem, was hier geschaltet wird. Jedes ist ein Achtel so breit wie das ResNet-50 und weiß noch nichts von Händen.",
    rule: (count, rate) =>
      `Jeder Schritt: ${plural(count, { one: "# Bild", other: "# Bilder" })} von 32 × 32 Pixeln, Gradientenabstieg mit Momentum 0,9 und Lernrate ${rate} für beide. Die Kerne sind initialisiert wie bei Glorot und Bengio, so auch im Kurs.`,
    depth: "Tiefe",
    layers: (count) => plural(count, { one: "# Schicht", other: "# Schichten" }),
    a: "Netz A",
    b: "Netz B",
    skips: "Skip-Verbindungen",
    norm: "Batch-Norm",
    variants: { "skips-norm": "Skips, Batch-Norm", skips: "Skips, keine Batch-Norm", norm: "keine Skips, Batch-Norm", plain: "keine Skips, keine Batch-Norm" },
    pictures: "Bilder",
    drawn: "Gezeichnete Hände",
    own: (count) => `Eigene Beispiele (${number(count)})`,
    train: "Beide trainieren",
    pause: "Anhalten",
    one: "Ein Schritt",
    reset: "Von vorn",
    idle: "Beide trainieren oder einen Schritt nach dem anderen tun. Der erste Schritt misst beide, wie sie initialisiert sind.",
    preparing: "Was trainiert, wird geladen…",
    givenUp: "aufgegeben",
    line: (count, loss, otherLoss) => `${plural(count, { one: "# Schritt", other: "# Schritte" })}. Verlust: Netz A ${loss}, Netz B ${otherLoss}.`,
    step: (count) => plural(count, { one: "# Schritt", other: "# Schritte" }),
    stage: (stage) => `Stufe ${stage}`,
    charts: {
      lossTitle: "Verlust jedes Schritts",
      lossNote: "Dünn: jeder Schritt. Dick: das Mittel der letzten zehn. Gepunktet: was Raten kostet.",
      lossLabel: (count, loss, otherLoss) => `Verlust nach ${plural(count, { one: "# Schritt", other: "# Schritten" })}: Netz A ${loss}, Netz B ${otherLoss}`,
      guessing: "geraten",
      normTitle: "Norm des Gradienten in jeder Schicht",
      normNote: "Von der Eingabe links bis zur Antwort rechts, logarithmisch. Balken: jetzt. Striche: initialisiert.",
      normLabel: (network, first, last) => `Gradienten von ${network}: die Norm ist ${first} in der ersten Schicht, ${last} in der letzten`,
      empty: "Noch ist nichts gemessen",
    },
    tables: {
      losses: "Verluste als Tabelle",
      norms: "Gradienten als Tabelle",
      lossCaption: "Verlust und Anteil richtiger Antworten einzelner Schritte",
      normCaption: "Norm des Gradienten des Kerns jeder Schicht",
      step: "Schritt",
      layer: "Schicht",
      kernel: "Kern",
      loss: (network) => `${network}: Verlust`,
      right: (network) => `${network}: richtig`,
      start: (network) => `${network}: initialisiert`,
      now: (network) => `${network}: jetzt`,
    },
    found: {
      title: "Was hier so ist",
      grows: (first, last, times) => `Initialisiert hat der Gradient des 3×3-Kerns im letzten Block die Norm ${last} und im ersten ${first}: auf dem Rückweg wächst er auf das ${times}-Fache.`,
      shrinks: (first, last, times) => `Initialisiert hat der Gradient des 3×3-Kerns im letzten Block die Norm ${last} und im ersten ${first}: auf dem Rückweg schrumpft er auf ein ${times}-stel.`,
      even: (first, last, times) => `Initialisiert hat der Gradient des 3×3-Kerns im letzten Block die Norm ${last} und im ersten ${first}: etwa gleich, bis auf einen Faktor ${times}.`,
      change: (size) => `Der erste Schritt ändert den Kern, der sich am meisten ändert, um ${size} seiner Größe.`,
      lost: (size) => `Der erste Schritt ändert selbst den Kern, der sich am meisten ändert, nur um ${size} seiner Größe, was beim Runden in float32 verloren geht.`,
      now: (count, first, last) => `Nach ${plural(count, { one: "# Schritt", other: "# Schritten" })} ist die Norm ${last} im letzten Block und ${first} im ersten.`,
      standing: (count, loss, accuracy) => `Über ${plural(count, { one: "# Schritt", other: "die letzten # Schritte" })} ist der Verlust ${loss}, und ${wholePercent(accuracy)} der Antworten sind richtig.`,
      givenUp: (count) => `In Schritt ${number(count)} war der Verlust oder ein Gradient keine endliche Zahl mehr, und das Netz wurde aufgegeben.`,
    },
    claims: {
      title: "Was darüber gesagt wird",
      glorot: "Ohne Batch-Norm hängt die Größe der Gradienten von den ersten Kernen ab: bei ungeeigneten schrumpft sie auf dem Rückweg von Schicht zu Schicht. Die Initialisierung beider Netze ist dagegen gemacht, für Schichten ohne ReLU.",
      he: "Einfache Netze mit Batch-Norm leiden nicht unter verschwindenden Gradienten: die Normen sind vorwärts wie rückwärts gesund. Daran liegt es also nicht, dass tiefe einfache Netze sich schlecht trainieren lassen.",
      degradation: "Einfache Netze werden schlechter, wenn sie tiefer werden, auch auf den Bildern, mit denen sie trainiert werden. Mit Skips werden sie es nicht.",
      balduzzi: "Ohne Skips werden die Gradienten tiefer Netze wie weißes Rauschen: groß genug, aber für ähnliche Bilder ganz verschieden. Mit Skips kommt es viel später dazu.",
      santurkar: "Batch-Norm hilft nicht dadurch, dass sie die Verteilungen der Aktivierungen ruhig hält. Sie macht den Verlust glatter, so dass ein Gradient für größere Schritte gilt.",
      yang: "Ohne Skips lässt Batch-Norm selbst die Gradienten mit der Tiefe exponentiell wachsen, so wie initialisiert ist. Sehr tiefe Netze lassen sich dann nicht trainieren.",
    },
    here: {
      set: (variant) => `Um es hier zu sehen, eines der Netze so schalten: ${variant}.`,
      notYet: "Um es hier zu sehen, einen Schritt tun.",
      vanishes: (network, first, last) => `Hier, in ${network}, verschwinden sie: ${last} im letzten Block, ${first} im ersten.`,
      stays: (network, first, last) => `Hier, in ${network}, verschwinden sie nicht: ${last} im letzten Block, ${first} im ersten.`,
      grows: (network, times) => `Hier, in ${network}, wachsen sie vom letzten Block zum ersten auf das ${times}-Fache.`,
      doesNotGrow: (network, first, last) => `Hier, in ${network}, wachsen sie nicht sehr: ${last} im letzten Block, ${first} im ersten.`,
      losses: (count, loss, otherLoss) => `Hier, nach ${plural(count, { one: "# Schritt", other: "# Schritten" })}: ein Verlust von ${loss} mit Skips, von ${otherLoss} ohne.`,
      pair: "Um es hier zu sehen, die Netze allein in den Skips verschieden schalten und 30 Schritte trainieren.",
      unmeasured: "Hier nicht gemessen: diese Ansicht sagt, wie groß Gradienten sind.",
    },
  },

  // Five guided stops

  stops: {},
};
