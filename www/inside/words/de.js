// The tab's texts in German.

import { formatsOf } from "../../i18n/formats.js";

const { number, plural, wholePercent } = formatsOf("de");

/** @type {import("./en.js").Words} */
export const de = {
  shell: {
    label: "Was zu sehen ist",
    views: { path: "Der Weg", cut: "Abschneiden", why: "Warum", knows: "Was es weiß", learns: "Wie es lernt", stops: "Rundgang" },
    failed: "Das Hineinsehen ist nicht angelaufen. Einen anderen Reiter dieser Seite öffnen und zurückkommen, um es noch einmal zu versuchen.",
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
      steps: (steps) => `Schritte dieser Größe ändern den Kern, der sich am meisten ändert, in ${steps} um so viel, wie er selbst groß ist.`,
      lost: (steps) => `Es brauchte ${steps} Schritte dieser Größe, um auch nur den Kern, der sich am meisten ändert, um so viel zu ändern, wie er selbst groß ist. Ein einzelner geht beim Runden in float32 verloren.`,
      now: (count, first, last) => `Nach ${plural(count, { one: "# Schritt", other: "# Schritten" })} ist die Norm ${last} im letzten Block und ${first} im ersten.`,
      standing: (loss, accuracy) => `Über die letzten zehn Schritte ist der Verlust ${loss}, und ${wholePercent(accuracy)} der Antworten sind richtig.`,
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
