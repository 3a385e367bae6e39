// The tab's texts in French.
import { formatsOf } from "../../i18n/formats.js";

const { number, percent, plural, wholePercent } = formatsOf("fr");

/** @type {import("./en.js").Words} */
export const fr = {
  shell: {
    label: "Ce qu’on regarde",
    views: { path: "Le chemin", cut: "Couper", why: "Pourquoi", knows: "Ce qu’il sait", learns: "Comment il apprend", stops: "Visite guidée" },
    failed: "La vue intérieure n’a pas démarré. Ouvrez un autre onglet de cette page puis revenez pour réessayer.",
  },

  // The network and what happens in it

  path: {
    intro: "L’image traverse 50 couches : un tronc, seize blocs en quatre étages, une moyenne. Ouvrez un endroit pour voir ce qu’elle y est devenue.",
    strip: "Le réseau, de l’image aux caractéristiques",
    legend: "Arc : le raccourci, qui fait passer l’entrée d’un bloc à côté de sa branche. Avec un carré : un bloc convolutif, dont le raccourci est une convolution.",
    stage: (stage) => `Étage ${stage}`,
    kinds: { stem: "Tronc", identity: "bloc identité", convolutional: "bloc convolutif", features: "Traits" },
    block: (name, kind) => `Bloc ${name} : ${kind}`,
    size: (channels, height, width) => `${number(channels)}×${height}×${width}`,
    open: (place) => `Ouvrir ${place}`,
    facts: (size, parameters, products) =>
      `${size} valeurs · ${plural(parameters, { one: "# paramètre", other: "# paramètres" })} · ${plural(products, { one: "# multiplication-addition", other: "# multiplications-additions" })}`,
    about: {
      stem: "Une convolution de 7 × 7 pixels avec un pas de 2, puis la plus grande de 3 × 3 valeurs : 64 × 64 pixels deviennent 15 × 15 positions à 64 canaux.",
      identity: "La branche calcule F(x) en trois convolutions, le raccourci fait passer x tel quel, et les deux s’additionnent. Une branche qui n’a rien à ajouter laisse x intact : l’identité est ce que fait le bloc quand il ne fait rien.",
      convolutional: "La sortie a d’autres canaux et, à partir de l’étage 3, une autre taille : x ne peut pas être ajouté tel quel. Une convolution de 1 × 1 dans le raccourci lui donne la bonne forme.",
      features: "La moyenne sur les 2 × 2 positions du dernier étage. La réponse est, pour chaque classe, une somme pondérée de ces nombres, et rien d’autre.",
    },
    parts: "Les parties de cet endroit",
    picture: "Image",
    input: "Entrée x",
    convolution: (kernel) => `${kernel} × ${kernel}`,
    branch: (kernel) => `${kernel} × ${kernel}, F(x)`,
    shortcut: (kernel) => `Raccourci ${kernel} × ${kernel}`,
    unchanged: "Raccourci : x tel quel",
    sum: "Addition, puis ReLU",
    output: "Sortie",
    pooled: "Max. de 3 × 3",
    seen: "Ce que voit le réseau",
    strongest: "Canaux les plus forts",
    channel: "Canal",
    channelOf: (channel, channels) => `Canal ${channel} sur ${channels}`,
    all: (channels) => `Les ${number(channels)} canaux`,
    few: "Seulement les plus forts",
    mosaic: (channels) => `Les ${number(channels)} canaux en petites images. Le champ Canal en agrandit un par son numéro.`,
    grid: "grille de valeurs",
    gridOf: (channel) => `Valeurs du canal ${channel}. Les flèches passent de l’une à l’autre.`,
    value: (row, column, value, wide, high) =>
      `Ligne ${row}, colonne ${column} : ${value}. Elle vient des ${wide} × ${high} pixels entourés dans l’image.`,
    summary: (channel, mean, zeros) =>
      `Le canal ${channel} est le plus fort : ${mean} en moyenne. ${wholePercent(zeros)} de toutes les valeurs sont nulles ici. Pointez une valeur pour voir d’où elle vient.`,
    signed: "Ce que le bloc change, avec son signe : sa sortie moins ce que le raccourci a transporté. Les couleurs chaudes ont été ajoutées, les bleues retirées.",
    bars: "barres",
    barsLabel: "Les traits en barres. Les flèches passent de l’un à l’autre.",
    largest: "Les dix plus grands traits",
    columns: { feature: "Trait", value: "Valeur" },
    feature: (index, value) => `Trait ${index} : ${value}`,
    filters: "Les 64 filtres de la première couche, 7 × 7 pixels de rouge, de vert et de bleu chacun : bords, taches, couleurs. Cliquez sur l’un d’eux pour voir où il trouve son motif.",
    filtersLabel: "Les 64 filtres de la première couche en petites images. Le champ Canal en agrandit un par son numéro.",
  },

  // Its branches and skips, switched off

  cut: {
    intro: "Chaque bloc a deux interrupteurs : sa branche F(x) et son raccourci x. Coupez-en et regardez ce que deviennent la réponse et le jeu de contrôle.",
    restore: "Tout rétablir",
    notice: (count, list) => `${plural(count, { one: "# partie est coupée", other: "# parties sont coupées" })} : ${list}.`,
    parts: {
      branch: (block) => `branche de ${block}`,
      skip: (block) => `raccourci de ${block}`,
    },
    labels: {
      branch: (block) => `F(x) : branche de ${block}`,
      skip: (block) => `x : raccourci de ${block}`,
    },
    answer: "La réponse pour cette image",
    whole: "Réseau entier",
    now: "Avec ces coupes",
    noPicture: "Choisissez un exemple ou démarrez la webcam, et la réponse est ici.",
    answered: (word, share, margin) => `${word}, ${percent(share)} ; marge ${margin}`,
    logits: "Logits : ce dont la fonction softmax fait des probabilités. La marge est le meilleur moins le deuxième.",
    columns: { class: "Classe", whole: "Entier", now: "Coupé" },
    check: "Jeu de contrôle",
    sets: {
      composed: "Mains composées", examples: "Mains d’exemple", samples: "Vos images",
    },
    checked: (right, count, margin) => `${right} sur ${plural(count, { one: "# image juste", other: "# images justes" })}, marge moyenne ${margin}`,
    measuring: (done, count) => `Mesure : ${done} sur ${count}`,
    measured: "Mesure",
    cancelled: "Annulé.",
    empty: "Ce jeu ne contient aucune image des classes de ce modèle.",
    accuracy: "Exactitude",
    margin: "Marge moyenne",
    anyBranch: "Couper chaque branche seule",
    anySkip: "Couper chaque raccourci seul",
    random: "Couper au hasard",
    branches: "Branches",
    table: "Chaque bloc coupé seul",
    rows: { branch: "sans F(x)", skip: "sans x" },
    cell: (block, part, accuracy, margin) => `${block}, ${part} : ${wholePercent(accuracy)}, marge ${margin}`,
    findings: "Veit, Wilber et Belongie (2016, arXiv 1605.06431) ont retiré à des réseaux résiduels entraînés la branche de blocs isolés, et presque rien n’a été perdu ; plus ils en retiraient, plus l’exactitude baissait, sans rupture. Ils voient dans un réseau résiduel un grand nombre de chemins de longueurs différentes, dont une coupe ne prend que quelques-uns. Les blocs qui ouvrent un étage gardent ici la convolution de leur raccourci.",
    wholeShows: (whole, margin) => `Entier, ce réseau lit ${percent(whole)} de ce jeu, avec une marge moyenne de ${margin}.`,
    branchShows: (worst, block, mean) => `Sans l’une quelconque des branches, il lit encore au moins ${percent(worst)} (le moins sans ${block}), ${percent(mean)} en moyenne.`,
    skipShows: (worst, block, mean) => `Sans un seul raccourci, il tombe jusqu’à ${percent(worst)} (sans ${block}), ${percent(mean)} en moyenne.`,
    randomShows: (count, list, accuracy, margin) => `${plural(count, { one: "# branche", other: "# branches" })} au hasard (${list}) : ${percent(accuracy)}, marge moyenne ${margin}.`,
    tried: "Coupé au hasard jusqu’ici",
  },

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
    skips: "Raccourcis",
    norm: "Normalisation par lots",
    variants: {
      "skips-norm": "raccourcis, normalisation par lots", skips: "raccourcis, sans normalisation par lots",
      norm: "sans raccourcis, normalisation par lots", plain: "sans raccourcis ni normalisation par lots",
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
      change: (size) => `Le premier pas change le noyau qui change le plus de ${size} de sa taille.`,
      lost: (size) => `Le premier pas ne change même le noyau qui change le plus que de ${size} de sa taille, ce qui se perd dans l’arrondi de float32.`,
      now: (count, first, last) => `Après ${plural(count, { one: "# pas", other: "# pas" })}, la norme est ${last} dans le dernier bloc et ${first} dans le premier.`,
      standing: (count, loss, accuracy) => `Sur ${plural(count, { one: "# pas", other: "les # derniers pas" })}, la perte est de ${loss} et ${wholePercent(accuracy)} des réponses sont justes.`,
      givenUp: (count) => `Au pas ${number(count)}, la perte ou un gradient n’était plus un nombre fini, et le réseau a été abandonné.`,
    },
    claims: {
      title: "Ce qu’on en dit",
      glorot: "Sans normalisation par lots, la taille des gradients dépend des noyaux de départ : mal choisis, ils la font diminuer de couche en couche en remontant. L’initialisation des deux réseaux est faite contre cela, pour des couches sans ReLU.",
      he: "Les réseaux simples avec normalisation par lots ne souffrent pas de gradients évanescents : les normes sont saines à l’aller comme au retour. Ce n’est donc pas pour cela que les réseaux simples profonds s’entraînent mal.",
      degradation: "Les réseaux simples deviennent moins bons quand on les approfondit, même sur les images qui les entraînent. Avec des raccourcis, non.",
      balduzzi: "Sans raccourcis, les gradients des réseaux profonds ressemblent à du bruit blanc : assez grands, mais différents pour des images voisines. Avec eux, cela vient bien plus tard.",
      santurkar: "La normalisation par lots n’aide pas en stabilisant la distribution des activations. Elle rend la perte plus lisse, si bien qu’un gradient vaut pour de plus grands pas.",
      yang: "Sans raccourcis, la normalisation par lots fait elle-même croître les gradients exponentiellement avec la profondeur, à l’initialisation. Des réseaux très profonds ne peuvent alors pas être entraînés.",
    },
    here: {
      set: (variant) => `Pour le voir ici, réglez l’un des réseaux ainsi : ${variant}.`,
      notYet: "Pour le voir ici, faites un pas.",
      vanishes: (network, first, last) => `Ici, dans le ${network}, ils s’évanouissent : ${last} dans le dernier bloc, ${first} dans le premier.`,
      stays: (network, first, last) => `Ici, dans le ${network}, ils ne s’évanouissent pas : ${last} dans le dernier bloc, ${first} dans le premier.`,
      grows: (network, times) => `Ici, dans le ${network}, ils sont multipliés par ${times} du dernier bloc au premier.`,
      doesNotGrow: (network, first, last) => `Ici, dans le ${network}, ils ne croissent guère : ${last} dans le dernier bloc, ${first} dans le premier.`,
      losses: (count, loss, otherLoss) => `Ici, après ${plural(count, { one: "# pas", other: "# pas" })} : une perte de ${loss} avec raccourcis, de ${otherLoss} sans.`,
      pair: "Pour le voir ici, ne faites différer les réseaux que par leurs raccourcis, et entraînez-les pendant 30 pas.",
      unmeasured: "Pas mesuré ici : cette vue dit combien les gradients sont grands.",
    },
  },

  // Five guided stops

  stops: {},
};
