// The room's texts in German.
import { formatsOf } from "../../i18n/formats.js";

const { duration, name, number, plural } = formatsOf("de");
const images = (/** @type {number} */ count) => plural(count, { one: "# Bild", other: "# Bilder" });
/** In the dative. */
const ofImages = (/** @type {number} */ count) => plural(count, { one: "# Bild", other: "# Bildern" });
const some = (/** @type {string[]} */ names, /** @type {number} */ count) => names.map(name).join(", ") + (count > names.length ? ", …" : "");

/** @type {import("./en.js").Words} */
export const de = {
  models: {
    import: {
      title: (file) => `Das Modell in „${name(file)}“`,
      labels: (names, count) => `${plural(count, { one: "# Klasse", other: "# Klassen" })}: ${some(names, count)}.`,
      notes: {
        "labels-numbered": (count) => `Die Datei nennt keine Klassen: Ihre ${number(count)} sind nummeriert, in ihrer Reihenfolge.`,
        "training-mode": (layer) => `Sie wurde bei ${name(layer)} mit training=True geschrieben: Keras antwortet dann nach der Statistik der Bilder, nach denen es zusammen gefragt wird. Die gespeicherte, die hier antwortet, kann hinterherhinken.`,
        "features-only": "Das ist das Netz für die tausend Klassen von ImageNet. Was es sieht, wird übernommen; Handzeichen kennt es erst nach einem Training.",
        "head-missing": "Es hat keine letzte Schicht: Handzeichen kennt es erst nach einem Training.",
        "border-differs": "Es erwartet andere Farben, die umgerechnet werden. Am Rand eines Bildes ist das nicht genau.",
        "preprocessing-unknown": "Die Datei sagt nicht, wie Bilder vorbereitet werden: Rot, Grün und Blau von 0 bis 1 werden angenommen.",
      },
      statistics: (least) => `Die Statistik lässt sich neu berechnen, aus mindestens ${number(least)} Bildern wie denen, mit denen es gelernt hat.`,
      ofSamples: (count) => `Aus deinen ${plural(count, { one: "# Bild", other: "# Bildern" })} berechnen`,
      ofPictures: "Oder aus diesen Bildern:",
      computing: "Die Statistik wird berechnet …",
      computed: (count) => `Die Statistik von ${ofImages(count)} ist jetzt darin.`,
      take: "Dieses Modell verwenden",
    },
  },
  samples: {
    images,
    opening: (file) => `„${name(file)}“ wird durchgesehen…`,
    openingProject: (index, of) => `Projekt ${number(index)} von ${number(of)} wird geöffnet…`,
    title: (file) => `Was in „${name(file)}“ ist`,
    kinds: {
      "teachable-machine": "Ein Projekt der Teachable Machine.", folder: "Bilder in Ordnern, die nach Klassen benannt sind.", "outer-folder": "Bilder in Ordnern innerhalb der Klassenordner.",
      "file-name": "Bilder mit der Klasse im Dateinamen.", "one-class": "Bilder einer Klasse.", "data-set": "Ein Datensatz (HDF5).", projects: "Projekte, die Signet gespeichert hat.",
    },
    found: (classes, pictures) => `${plural(classes, { one: "# Klasse", other: "# Klassen" })}, ${images(pictures)}.`,
    firstRows: (rows) => `Die ersten ${number(rows)} sind zu sehen, die anderen bleiben weg.`,
    way: "Die Klasse ist",
    ways: { "teachable-machine": "wie im Projekt", folder: "der Ordner, in dem ein Bild liegt", "outer-folder": "ein Ordner weiter außen", "file-name": "ein Teil des Dateinamens", "one-class": "eine für alle", projects: "wie in den Projekten" },
    goes: (label) => `Was aus ${name(label)} wird`,
    own: "Eine Klasse namens", out: "Weglassen",
    nameOf: (label) => `Name für ${name(label)}`,
    origins: (count) => `Aus ${plural(count, { one: "# Projekt", other: "# Projekten" })}`,
    from: (origin, count) => `${name(origin)}: ${images(count)}`,
    passedOver: (count) => plural(count, { one: "# Datei wurde übergangen", other: "# Dateien wurden übergangen" }),
    why: {
      leftover: (count, names) => `${number(count)} von einem System hinterlassen: ${some(names, count)}`,
      "no-picture": (count, names) => `${number(count)} keine Bilder: ${some(names, count)}`,
      "no-label": (count, names) => `${number(count)} ohne Klasse: ${some(names, count)}`,
    },
    fits: (part, all) => `${number(part)} von ${ofImages(all)} passen hierher: von jeder Klasse gleich viele, über alle verteilt, die sie hat.`,
    hands: (seconds) => `In jedem Bild die Hand suchen, wie in Fotos, die einzeln dazukommen: etwa\u00a0${duration(seconds)}.`,
    full: (limit) => `Es ist kein Platz: Mehr als ${images(limit)} fasst dieses Gerät nicht. Bitte erst einige löschen.`,
    tooManyClasses: (count, limit) => `Das ergibt ${number(count)} Klassen, und mehr als ${number(limit)} gehen nicht: einige weglassen oder mehreren dieselbe Klasse geben.`,
    badName: "Eine Klasse braucht einen Namen aus 1 bis 40 sichtbaren Zeichen.",
    take: (count) => `${images(count)} übernehmen`,
    reading: (count) => `${images(count)} werden gelesen…`,
    progress: "Gelesene Bilder",
    taken: (taken, twice, refused) => [`${images(taken)} übernommen.`,
      ...(twice > 0 ? [`${number(twice)} weggelassen: Dasselbe Bild ist schon in der Klasse.`] : []), ...(refused > 0 ? [`${number(refused)} waren nicht lesbar.`] : [])].join(" "),
    oneProject: (file) => `„${name(file)}“ öffnen?`,
    oneProjectLine: "Es kann an die Stelle des offenen Projekts treten, oder seine Bilder kommen zu den vorhandenen. Beides lässt sich rückgängig machen.",
    merge: "Bilder hinzufügen", openInstead: "Stattdessen öffnen",
    written: (count) => `${images(count)} als Zip mit Ordnern gespeichert.`,
  },
  share: {
    link: {
      title: "Einen Link zum eigenen Modell teilen",
      intro: "Der Link enthält den trainierten Kopf des Modells und kein Bild. Wer ihn öffnet, probiert das Modell neben dem eigenen aus. Browser senden diesen Teil einer Adresse an niemanden.",
      source: "Von wem es ist (freiwillig)",
      address: "Der Link",
      writing: "Der Link wird geschrieben…",
      ready: "Der Link ist fertig.",
      copy: "Link kopieren",
      send: "Senden…",
      copied: "Link kopiert.",
      copyYourself: "Der Browser hat das nicht erlaubt. Der Link ist ausgewählt: mit Strg+C kopieren.",
      length: (count) => `${plural(count, { one: "# Zeichen", other: "# Zeichen" })}. Manche Chat- und Mailprogramme schneiden so lange Links ab; die Seite bemerkt das. Dann die exportierte Datei schicken.`,
      code: "Als QR-Code. Er ist dicht: groß und hell zeigen, das Telefon ruhig halten.",
      codeName: "QR-Code des Links",
      noCode: (count) => `In einen QR-Code passt ein Modell mit 2 Klassen, dieses hat ${number(count)}.`,
      noCodeForDetector: "Dieses Modell hat auch gelernt, wann kein Zeichen da ist; dafür hat ein QR-Code keinen Platz.",
    },
    question: {
      title: "Jemand teilt ein Modell",
      labels: "Seine Klassen",
      from: (source) => `Der Link sagt, er sei von ${name(source)}. Nichts beweist es. Seine Klassen:`,
      fromNobody: "Der Link sagt nicht, von wem er ist. Seine Klassen:",
      line: "Geöffnet antwortet es neben der eigenen Arbeit. Beispiele und eigenes Modell bleiben, wie sie sind, und nach dem Schließen bleibt nichts zurück.",
      yes: "Öffnen",
      no: "Nicht öffnen",
    },
    shared: {
      title: "Geteiltes Modell",
      source: (source) => `es sagt: von ${name(source)}`,
      use: "Es antworten lassen",
      close: "Geteiltes Modell schließen",
      closed: "Das geteilte Modell ist geschlossen.",
    },
    export: {
      writing: "Die Datei wird geschrieben…",
      done: (file) => `${file} ist geschrieben.`,
      readers: {
        safetensors: (size) => `${size}. Signet liest es auf das letzte Bit genau, hier und auf der Kommandozeile; ebenso jeder Leser von safetensors.`,
        onnx: (size) => `${size}. Für alles, was ONNX liest: onnxruntime in Python oder im Browser, tract, Netron.`,
        "onnx-int8": (size) => `${size}. Gewichte als Ganzzahlen, für onnxruntime, onnxruntime-web und tract ab 0.23.9; andere kennen Ganzzahlen mit einer Skala je Kanal vielleicht nicht. Trainierte Schichten behalten 16 Bit.`,
        keras: (size) => `${size}. Für Keras 3, samt dem Netz: keras.models.load_model. „Kein Zeichen“ ist nicht dabei.`,
        "keras-weights": (size) => `${size}. Für das Netz aus dem Notebook des Kurses: Sein load_weights nimmt die Datei, sofern Batch Norm nicht mit training=True aufgerufen wird. „Kein Zeichen“ ist nicht dabei.`,
        page: (size) => `${size}. Eine eigene Seite mit diesem Modell, als Zip: auspacken, mit irgendetwas ausliefern, und sie liest Handzeichen ohne Netz.`,
      },
    },
    page: {
      title: "Handzeichen",
      heading: "Ein Handzeichen zeigen",
      labelsLine: (labels) => `Es kennt: ${labels.map(name).join(", ")}`,
      served: "Bleibt dieser Text stehen, konnte kein Skript laufen: Browser führen keines aus, wenn eine Seite als Datei geöffnet wurde. Diesen Ordner ausliefern, zum Beispiel mit Python. Darin ein Terminal öffnen und eingeben:",
      open: "Dann diese Adresse öffnen:",
    },
  },
};
