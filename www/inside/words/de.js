// The tab's texts in German.
import { formatsOf } from "../../i18n/formats.js";

const { name, number, percent, plural, wholePercent } = formatsOf("de");
const cells = (/** @type {number} */ count) => plural(count, { one: "# Feld", other: "# Felder" });
const samples = (/** @type {number} */ count) => plural(count, { one: "# Bild", other: "# Bilder" });
/** In the dative. */
const ofSamples = (/** @type {number} */ count) => plural(count, { one: "# Bild", other: "# Bildern" });

/** @type {import("./en.js").Words} */
export const de = {
  shell: {
    label: "Was zu sehen ist",
    views: { path: "Der Weg", cut: "Abschneiden", why: "Warum", knows: "Was es weiß", learns: "Wie es lernt", stops: "Rundgang" },
    save: { png: "Als PNG speichern", svg: "Als SVG speichern" },
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
    branchShows: (worst, block, mean) => `Ohne irgendeinen einzelnen Zweig liest es ${percent(worst)} oder mehr (am wenigsten ohne ${block}), im Mittel ${percent(mean)}.`,
    skipShows: (worst, block, mean) => `Ohne einen einzelnen Skip fällt es auf bis zu ${percent(worst)} (ohne ${block}), im Mittel ${percent(mean)}.`,
    randomShows: (count, list, accuracy, margin) => `${plural(count, { one: "# Zweig", other: "# Zweige" })} zufällig (${list}): ${percent(accuracy)}, mittlerer Abstand ${margin}.`,
    tried: "Bisher zufällig abgeschnitten",
  },

  // Which parts of the picture an answer comes from

  why: {
    choose: "Belege für",
    answered: "die Antwort",
    presence: "dass ein Zeichen da ist",
    aSign: "ein Zeichen",
    method: "Wie die Karte entsteht",
    methods: { exact: "Exakt, 2 × 2", finer: "4 × 4 Felder", finest: "8 × 8 Felder", occlusion: "Verdecken" },
    notes: {
      exact: "Die letzte Schicht mittelt 2 × 2 Stellen. Das Logit ist darum eine Summe aus dem, was jede der vier gibt, und einem Bias. Das ist keine Schätzung, sondern die Antwort, in ihre Teile zerlegt. Jede Stelle hat auf dem Weg fast das ganze Bild gesehen; die Karte sagt, wo die Belege gesammelt wurden.",
      finer: "Das Netz liest das Bild in 4 Lagen, 16 Pixel auseinander, und die vier Karten werden verschränkt. Alle Felder und der Bias ergeben zusammen das mittlere der vier Logits.",
      finest: "Das Netz liest das Bild in 16 Lagen, 8 Pixel auseinander, und die sechzehn Karten werden verschränkt. Alle Felder und der Bias ergeben zusammen das mittlere der sechzehn Logits.",
      occlusion: "Ein Fenster von 16 × 16 Pixeln wird unscharf gemacht, nacheinander an 49 Stellen. Wo das Logit fällt, spricht das Verdeckte für die Klasse. Die Verluste lassen sich nicht addieren: Teile, die dasselbe sagen, vertreten einander.",
    },
    picture: (label) => `Karte der Belege für ${label}.`,
    most: (label, place, share) => `Das meiste, was für ${label} spricht: ${place}, ${wholePercent(share)}.`,
    largest: (label, place, share) => `Der größte Teil dessen, was für ${label} spricht: ${place}, ${wholePercent(share)}.`,
    onlyAgainst: (label, place, share) => `Nichts spricht für ${label}. Was dagegen spricht, liegt vor allem ${place}, ${wholePercent(share)}.`,
    nothing: (label) => `Nichts im Bild spricht für oder gegen ${label}.`,
    places: { upperLeft: "oben links", upperRight: "oben rechts", lowerLeft: "unten links", lowerRight: "unten rechts" },
    for: (label) => `spricht für ${label}`,
    against: (label) => `gegen ${label}`,
    allFor: "alles, was dafür spricht",
    allAgainst: "alles, was dagegen spricht",
    bias: "Bias",
    logit: "Logit",
    meanLogit: "mittleres Logit",
    noSign: "Die Seite antwortet „kein Zeichen“, weil ein Zeichen zu unwahrscheinlich ist; das Netz wägt die Klassen trotzdem ab.",
    mirrored: "Die Vorschau ist gespiegelt; links und rechts sind die des Bildes, das das Modell sieht.",
    slower: "An der Webcam wird so oft neu gemessen, wie dieses Gerät es schafft.",
    cut: "Blöcke sind herausgeschnitten: Dies ist das Netz, das übrig bleibt.",
    onPicture: "Auf dem Bild zeigen",
    table: "Die Karte in Zahlen",
    measuring: "Messung",
    empty: "Dem Modell etwas zeigen: mit der Webcam, einem Foto, einer Zeichnung oder einem Beispiel.",
    challenge: {
      title: "So wenig wie möglich verdecken",
      lead: "Felder unscharf machen, bis die Antwort eine andere ist. Je weniger es braucht, desto besser ist verstanden, worauf das Netz schaut.",
      take: "Dieses Bild nehmen",
      clear: "Alle zurücknehmen",
      compare: "Mit der Karte vergleichen",
      comparing: "Erst in der Reihenfolge der Karte, dann in zufälliger…",
      grid: "Das Bild in 8 × 8 Feldern: Pfeiltasten bewegen, Leertaste macht unscharf",
      blurredCell: (row, column) => `Zeile ${number(row)}, Spalte ${number(column)}: unscharf`,
      clearCell: (row, column) => `Zeile ${number(row)}, Spalte ${number(column)}: scharf`,
      start: (label) => `Die Antwort ist „${name(label)}“. Ein erstes Feld unscharf machen.`,
      still: (count, label) => `${cells(count)} unscharf, und die Antwort ist noch immer „${name(label)}“.`,
      flipped: (count, label) => `${cells(count)} unscharf, und die Antwort ist jetzt „${name(label)}“.`,
      map: (count) => `In der Reihenfolge der Karte des Verdeckens braucht es ${cells(count)}.`,
      mapNever: "In der Reihenfolge der Karte des Verdeckens ändern auch alle 64 Felder die Antwort nicht.",
      random: (count) => `In zufälliger Reihenfolge braucht es ${cells(count)}.`,
      randomNever: "In zufälliger Reihenfolge ändern auch alle 64 Felder die Antwort nicht.",
    },
  },

  // Samples and how near they are to one another

  knows: {
    measuring: "Bilder werden gelesen",
    own: (count) => plural(count, { one: "# eigenes Bild, verglichen nach den 2.048 Merkmalen des Netzes.", other: "# eigene Bilder, verglichen nach den 2.048 Merkmalen des Netzes." }),
    checkSet: (count) => `Noch gibt es keine eigenen Bilder. Dies sind ${samples(count)} von gezeichneten Händen, die zur Seite gehören; eigene treten an ihre Stelle, sobald es welche gibt.`,
    nearest: "Dem Bild am nächsten",
    nearestLine: "Die Bilder, deren Merkmale in dieselbe Richtung zeigen. Unter jedem der Kosinus des Winkels: 1 ist genau dieselbe Richtung.",
    plane: "Alle Bilder in zwei Dimensionen",
    planeLine: "Jedes Bild ist 2.048 Zahlen. Gezeichnet sind die zwei Richtungen, in denen sich die Bilder am meisten unterscheiden, ihre Hauptkomponenten. Das Kreuz ist das Bild von jetzt. Ein Klick öffnet ein Bild; mit der Tastatur tun es Pfeile und Eingabe.",
    variance: (first, second) => `Die erste Richtung hat ${percent(first)} der Varianz, die zweite ${percent(second)}. Der Rest ist hier nicht zu sehen.`,
    sample: (label) => `Bild von ${label}`,
    doubtfulSample: (label, answer) => `Als ${label} bezeichnet, aber seine nächsten Nachbarn sind ${answer}`,
    noDoubts: "Jedes Bild hat Nachbarn seiner eigenen Klasse.",
    doubts: (count) => plural(count, {
      one: "# Klasse ist zweifelhaft (in einer Raute): Die nächsten Nachbarn haben eine andere. Ist sie falsch?", other: "# Klassen sind zweifelhaft (in Rauten): Die nächsten Nachbarn haben andere. Sind sie falsch?" }),
    itsNearest: "Seine nächsten Nachbarn:",
    means: "Mittlere Hände",
    meansLine: "Das Mittel der Bilder jeder Klasse, Pixel für Pixel. Was sie gemeinsam haben, bleibt scharf.",
    mean: (label, count) => `Mittel aus ${ofSamples(count)} von ${label}`,
    pictures: (count) => samples(count),
    table: "Die Bilder als Tabelle",
    columns: { number: "Nr.", label: "Klasse", first: "Erste Richtung", second: "Zweite Richtung", neighbors: "Nächste" },
  },

  // Two networks that learn side by side

  learns: {},

  // Five guided stops

  stops: {
    lead: "Fünf Stationen von je einem Bildschirm. Jede hat ihre eigene Adresse: Ein Link dorthin ist eine Lektion.",
    position: (index, total, line) => `Station ${number(index)} von ${number(total)}: ${line}`,
    back: "Zurück",
    next: "Weiter",
    leave: "Rundgang verlassen",
    end: "Zu allen Stationen",
    list: [
      { title: "Warum tief?",
        text: "Dieses Netz hat 50 Schichten mit Gewichten. Die ersten sehen wenige Pixel und antworten auf Kanten; jede weitere sieht mehr vom Bild und verbindet, was die davor gefunden haben. Doch einfache Netze werden schlechter, wenn sie sehr tief werden: Mit 56 Schichten hatten He und andere (2015) einen größeren Fehler als mit 20, schon im Training. Das ist keine Überanpassung. So ein Netz ist schwerer zu trainieren.",
        task: "Der Hand vom ersten bis zum letzten Ort folgen. Wo sehen die Karten nicht mehr wie eine Hand aus?" },
      { title: "Der Identitätsblock",
        text: "Block 3b berechnet F(x), drei Faltungen, und addiert seine eigene Eingabe: ReLU(F(x) + x). Vor und hinter ihm ist die Größe gleich, also rechnet der Skip gar nichts. Um nichts zu tun, muss F nur 0 werden, und das ist leicht zu lernen.",
        task: "Den Block öffnen und die Stelle finden, an der beide Wege zusammenkommen. Welche Größen haben sie dort?" },
      { title: "Der Faltungsblock",
        text: "Block 3a halbiert Höhe und Breite und hat doppelt so viele Kanäle, sodass x nicht mehr passt. Auf seinem Skip liegt eine Faltung von 1 × 1 mit Schrittweite 2, die x auf die neue Größe bringt. Vier der sechzehn Blöcke sind solche, je einer am Anfang einer Stufe.",
        task: "Die Parameter von 3a und 3b vergleichen. Was kostet die Faltung auf dem Skip?" },
      { title: "Was ein Skip trägt",
        text: "In Block 4b ist der Skip aus: Nur F(x) geht weiter. Veit und andere (2016) fanden, dass fast jeder einzelne Zweig eines Residualnetzes fehlen darf, weil sein Ergebnis eine Summe über viele Wege ist. Ohne einen Skip sind alle Wege durch ihn fort.",
        task: "Nachsehen, wie viel der Prüfmenge noch richtig gelesen wird. Dann den Skip ein- und den Zweig F(x) ausschalten und vergleichen." },
      { title: "Worauf es schaut",
        text: "Ein Fenster des Bildes wird unscharf gemacht, nacheinander an 49 Stellen, und jedes Mal das Logit gemessen. Wo es fällt, hat das Netz hingesehen. So eine Karte ist eine Messung und lässt sich prüfen: Wird verdeckt, was sie nennt, sollte sich die Antwort bald ändern.",
        task: "Eine andere Klasse wählen: Was spricht gegen sie? Danach selbst die Aufgabe darunter versuchen." },
    ],
  },
};
