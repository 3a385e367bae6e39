// The tab's texts in French.

import { formatsOf } from "../../i18n/formats.js";

const { number, plural, wholePercent } = formatsOf("fr");

/** @type {import("./en.js").Words} */
export const fr = {
  shell: {
    label: "Ce qu’on regarde",
    views: { path: "Le chemin", cut: "Couper", why: "Pourquoi", knows: "Ce qu’il sait", learns: "Comment il apprend", stops: "Visite guidée" },
    failed: "La vue intérieure n’a pas démarré. Ouvrez un autre onglet de cette page puis revenez pour réessayer.",
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
    title: "Deux réseaux qui apprennent côte à côte",
    intro: "Tous deux sont aussi profonds l’un que l’autre, partent des mêmes noyaux tirés au hasard et voient les mêmes images dans le même ordre. Ils diffèrent par ce que vous réglez. Chacun est huit fois moins large que le ResNet-50 et ne sait encore rien des mains.",
    rule: (count, rate) =>
      `À chaque pas : ${plural(count, { one: "# image", other: "# images" })} de 32 × 32 pixels, descente de gradient avec un moment de 0,9 et un taux d’apprentissage de ${rate} pour les deux. Les noyaux sont initialisés selon Glorot et Bengio, comme dans le cours.`,
    depth: "Profondeur",
    layers: (count) => plural(count, { one: "# couche", other: "# couches" }),
    a: "Réseau A",
    b: "Réseau B",
    skips: "Connexions directes",
    norm: "Normalisation par lots",
    variants: {
      "skips-norm": "connexions directes, normalisation par lots", skips: "connexions directes, sans normalisation par lots",
      norm: "sans connexions directes, normalisation par lots", plain: "sans connexions directes ni normalisation par lots",
    },
    pictures: "Images",
    drawn: "Mains dessinées",
    own: (count) => `Vos exemples (${number(count)})`,
    train: "Entraîner les deux",
    pause: "Suspendre",
    one: "Un pas",
    reset: "Recommencer",
    idle: "Entraînez les deux, ou avancez d’un pas à la fois. Le premier pas mesure les deux tels qu’ils sont initialisés.",
    preparing: "Chargement de ce qui entraîne…",
    givenUp: "abandonné",
    line: (count, loss, otherLoss) => `${plural(count, { one: "# pas", other: "# pas" })}. Perte : réseau A ${loss}, réseau B ${otherLoss}.`,
    step: (count) => plural(count, { one: "# pas", other: "# pas" }),
    stage: (stage) => `étage ${stage}`,
    charts: {
      lossTitle: "Perte à chaque pas",
      lossNote: "Fin : chaque pas. Épais : la moyenne des dix derniers. Pointillé : ce que coûte le hasard.",
      lossLabel: (count, loss, otherLoss) => `Perte après ${plural(count, { one: "# pas", other: "# pas" })} : réseau A ${loss}, réseau B ${otherLoss}`,
      guessing: "au hasard",
      normTitle: "Norme du gradient dans chaque couche",
      normNote: "De l’entrée à gauche à la réponse à droite, sur une échelle logarithmique. Barres : maintenant. Traits : à l’initialisation.",
      normLabel: (network, first, last) => `Gradients du ${network} : la norme est ${first} dans la première couche, ${last} dans la dernière`,
      empty: "Rien n’a encore été mesuré",
    },
    tables: {
      losses: "Les pertes en tableau",
      norms: "Les gradients en tableau",
      lossCaption: "Perte et part de bonnes réponses de quelques pas",
      normCaption: "Norme du gradient du noyau de chaque couche",
      step: "Pas",
      layer: "Couche",
      kernel: "Noyau",
      loss: (network) => `${network} : perte`,
      right: (network) => `${network} : justes`,
      start: (network) => `${network} : à l’initialisation`,
      now: (network) => `${network} : maintenant`,
    },
    found: {
      title: "Ce qu’il en est ici",
      grows: (first, last, times) => `À l’initialisation, le gradient du noyau 3×3 a pour norme ${last} dans le dernier bloc et ${first} dans le premier : en remontant, il est multiplié par ${times}.`,
      shrinks: (first, last, times) => `À l’initialisation, le gradient du noyau 3×3 a pour norme ${last} dans le dernier bloc et ${first} dans le premier : en remontant, il est divisé par ${times}.`,
      even: (first, last, times) => `À l’initialisation, le gradient du noyau 3×3 a pour norme ${last} dans le dernier bloc et ${first} dans le premier : à peu près pareil, à un facteur ${times} près.`,
      steps: (steps) => `Il faut ${steps} pas de cette taille pour que le noyau qui change le plus change d’autant que sa propre taille.`,
      lost: (steps) => `Il faudrait ${steps} pas de cette taille pour que même le noyau qui change le plus change d’autant que sa propre taille. Un seul pas se perd dans l’arrondi de float32.`,
      now: (count, first, last) => `Après ${plural(count, { one: "# pas", other: "# pas" })}, la norme est ${last} dans le dernier bloc et ${first} dans le premier.`,
      standing: (loss, accuracy) => `Sur les dix derniers pas, la perte est de ${loss} et ${wholePercent(accuracy)} des réponses sont justes.`,
      givenUp: (count) => `Au pas ${number(count)}, la perte ou un gradient n’était plus un nombre fini, et le réseau a été abandonné.`,
    },
    claims: {
      title: "Ce qu’on en dit",
      glorot: "Sans normalisation par lots, la taille des gradients dépend des noyaux de départ : mal choisis, ils la font diminuer de couche en couche en remontant. L’initialisation des deux réseaux est faite contre cela, pour des couches sans ReLU.",
      he: "Les réseaux simples avec normalisation par lots ne souffrent pas de gradients évanescents : les normes sont saines à l’aller comme au retour. Ce n’est donc pas pour cela que les réseaux simples profonds s’entraînent mal.",
      degradation: "Les réseaux simples deviennent moins bons quand on les approfondit, même sur les images qui les entraînent. Avec des connexions directes, non.",
      balduzzi: "Sans connexions directes, les gradients des réseaux profonds ressemblent à du bruit blanc : assez grands, mais différents pour des images voisines. Avec elles, cela vient bien plus tard.",
      santurkar: "La normalisation par lots n’aide pas en stabilisant la distribution des activations. Elle rend la perte plus lisse, si bien qu’un gradient vaut pour de plus grands pas.",
      yang: "Sans connexions directes, la normalisation par lots fait elle-même croître les gradients exponentiellement avec la profondeur, à l’initialisation. Des réseaux très profonds ne peuvent alors pas être entraînés.",
    },
    here: {
      set: (variant) => `Pour le voir ici, réglez l’un des réseaux ainsi : ${variant}.`,
      notYet: "Pour le voir ici, faites un pas.",
      vanishes: (network, first, last) => `Ici, dans le ${network}, ils s’évanouissent : ${last} dans le dernier bloc, ${first} dans le premier.`,
      stays: (network, first, last) => `Ici, dans le ${network}, ils ne s’évanouissent pas : ${last} dans le dernier bloc, ${first} dans le premier.`,
      grows: (network, times) => `Ici, dans le ${network}, ils sont multipliés par ${times} du dernier bloc au premier.`,
      doesNotGrow: (network, first, last) => `Ici, dans le ${network}, ils ne croissent guère : ${last} dans le dernier bloc, ${first} dans le premier.`,
      losses: (count, loss, otherLoss) => `Ici, après ${plural(count, { one: "# pas", other: "# pas" })} : une perte de ${loss} avec connexions directes, de ${otherLoss} sans.`,
      pair: "Pour le voir ici, ne faites différer les réseaux que par leurs connexions directes, et entraînez-les pendant 30 pas.",
      unmeasured: "Pas mesuré ici : cette vue dit combien les gradients sont grands.",
    },
  },

  // Five guided stops

  stops: {},
};
