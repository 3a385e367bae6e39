// The tab's texts in French.
import { formatsOf } from "../../i18n/formats.js";

const { name, number, percent, plural, wholePercent } = formatsOf("fr");
const blurred = (/** @type {number} */ count) => plural(count, { one: "# case floutée", other: "# cases floutées" });
const samples = (/** @type {number} */ count) => plural(count, { one: "# image", other: "# images" });

/** @type {import("./en.js").Words} */
export const fr = {
  shell: {
    label: "Ce qu’on regarde",
    views: { path: "Le chemin", cut: "Couper", why: "Pourquoi", knows: "Ce qu’il sait", learns: "Comment il apprend", stops: "Visite guidée" },
    save: { png: "Enregistrer en PNG", svg: "Enregistrer en SVG" },
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
    branchShows: (worst, block, mean) => `Sans l’une quelconque des branches, il lit ${percent(worst)} ou plus (le moins sans ${block}), ${percent(mean)} en moyenne.`,
    skipShows: (worst, block, mean) => `Sans un seul raccourci, il tombe jusqu’à ${percent(worst)} (sans ${block}), ${percent(mean)} en moyenne.`,
    randomShows: (count, list, accuracy, margin) => `${plural(count, { one: "# branche", other: "# branches" })} au hasard (${list}) : ${percent(accuracy)}, marge moyenne ${margin}.`,
    tried: "Coupé au hasard jusqu’ici",
  },

  // Which parts of the picture an answer comes from

  why: {
    choose: "Indices pour",
    answered: "la réponse",
    presence: "la présence d’un signe",
    aSign: "un signe",
    method: "Comment la carte est faite",
    methods: { exact: "Exacte, 2 × 2", finer: "4 × 4 cases", finest: "8 × 8 cases", occlusion: "Masquage" },
    notes: {
      exact: "La dernière couche fait la moyenne de 2 × 2 endroits. Le logit est donc une somme : ce que donne chacun des quatre, et un biais. Ce n’est pas une estimation, c’est la réponse elle-même, décomposée. Chaque endroit a vu en chemin presque toute l’image ; la carte dit où les indices ont été recueillis.",
      finer: "Le réseau lit l’image dans 4 positions, distantes de 16 pixels, et les quatre cartes sont entrelacées. Toutes les cases et le biais donnent ensemble la moyenne des quatre logits.",
      finest: "Le réseau lit l’image dans 16 positions, distantes de 8 pixels, et les seize cartes sont entrelacées. Toutes les cases et le biais donnent ensemble la moyenne des seize logits.",
      occlusion: "Une fenêtre de 16 × 16 pixels est floutée, à 49 endroits l’un après l’autre. Là où le logit baisse, ce qui s’y trouvait parle pour la classe. Ces pertes ne s’additionnent pas : des parties qui disent la même chose se remplacent.",
    },
    picture: (label) => `Carte des indices pour ${label}.`,
    most: (label, place, share) => `L’essentiel de ce qui parle pour ${label} : ${place}, ${wholePercent(share)}.`,
    largest: (label, place, share) => `La plus grande part de ce qui parle pour ${label} : ${place}, ${wholePercent(share)}.`,
    onlyAgainst: (label, place, share) => `Rien ne parle pour ${label}. Ce qui parle contre se trouve surtout ${place}, ${wholePercent(share)}.`,
    nothing: (label) => `Rien dans l’image ne parle pour ni contre ${label}.`,
    places: { upperLeft: "en haut à gauche", upperRight: "en haut à droite", lowerLeft: "en bas à gauche", lowerRight: "en bas à droite" },
    for: (label) => `parle pour ${label}`,
    against: (label) => `contre ${label}`,
    allFor: "tout ce qui parle pour",
    allAgainst: "tout ce qui parle contre",
    bias: "biais",
    logit: "logit (score)",
    meanLogit: "logit moyen",
    noSign: "La page répond « aucun signe », parce qu’un signe est trop improbable ; le réseau pèse les classes malgré tout.",
    mirrored: "L’aperçu est en miroir ; gauche et droite sont celles de l’image que voit le modèle.",
    slower: "Avec la webcam, la mesure est refaite aussi souvent que l’appareil le peut.",
    cut: "Des blocs sont coupés : voici le réseau qui reste.",
    onPicture: "La montrer sur l’image",
    table: "La carte en chiffres",
    measuring: "Mesure en cours",
    empty: "Montrez quelque chose au modèle : la webcam, une photo, un dessin ou un exemple.",
    challenge: {
      title: "Cachez le moins possible",
      lead: "Floutez des cases jusqu’à ce que la réponse change. Moins il en faut, mieux vous savez ce que le réseau regarde.",
      take: "Prendre cette image",
      clear: "Tout effacer",
      compare: "Comparer avec la carte",
      comparing: "Floutage dans l’ordre de la carte, puis au hasard…",
      grid: "L’image en 8 × 8 cases : les flèches déplacent, Espace floute",
      blurredCell: (row, column) => `Ligne ${number(row)}, colonne ${number(column)} : floue`,
      clearCell: (row, column) => `Ligne ${number(row)}, colonne ${number(column)} : nette`,
      start: (label) => `La réponse est « ${name(label)} ». Floutez une première case.`,
      still: (count, label) => `${blurred(count)}, et la réponse est toujours « ${name(label)} ».`,
      flipped: (count, label) => `${blurred(count)}, et la réponse est devenue « ${name(label)} ».`,
      map: (count) => `Dans l’ordre de la carte de masquage, il en faut ${number(count)}.`,
      mapNever: "Dans l’ordre de la carte de masquage, même les 64 cases ne changent pas la réponse.",
      random: (count) => `Dans un ordre aléatoire, il en faut ${number(count)}.`,
      randomNever: "Dans un ordre aléatoire, même les 64 cases ne changent pas la réponse.",
    },
  },

  // Samples and how near they are to one another

  knows: {
    measuring: "Lecture des images",
    own: (count) => plural(count, { one: "Votre image (#), comparée selon les 2 048 traits du réseau.", other: "Vos # images, comparées selon les 2 048 traits du réseau." }),
    checkSet: (count) => `Vous n’avez pas encore d’images. Voici ${samples(count)} de mains dessinées, fournies avec la page ; les vôtres prendront leur place dès qu’il y en aura.`,
    nearest: "Les plus proches de l’image",
    nearestLine: "Les images dont les traits pointent dans la même direction. Sous chacune, le cosinus de l’angle : 1 est exactement la même direction.",
    plane: "Toutes les images en deux dimensions",
    planeLine: "Chaque image est une suite de 2 048 nombres. Sont dessinées les deux directions dans lesquelles les images diffèrent le plus, leurs composantes principales. La croix est l’image du moment. Un clic ouvre une image ; au clavier, les flèches et Entrée.",
    variance: (first, second) => `La première direction contient ${percent(first)} de la variance, la seconde ${percent(second)}. Le reste ne se voit pas ici.`,
    sample: (label) => `Image de ${label}`,
    doubtfulSample: (label, answer) => `Étiquetée ${label}, mais ses plus proches voisines sont ${answer}`,
    noDoubts: "Chaque image a des voisines de sa propre classe.",
    doubts: (count) => plural(count, {
      one: "# étiquette est douteuse (dans un losange) : ses plus proches voisines en ont une autre. Est-elle fausse ?", other: "# étiquettes sont douteuses (dans des losanges) : leurs plus proches voisines en ont d’autres. Sont-elles fausses ?" }),
    itsNearest: "Ses plus proches voisines :",
    means: "Mains moyennes",
    meansLine: "La moyenne des images de chaque classe, pixel par pixel. Ce qu’elles ont en commun reste net.",
    mean: (label, count) => `Moyenne de ${samples(count)} de ${label}`,
    pictures: (count) => plural(count, { one: "# vue", other: "# vues" }),
    table: "Les images en tableau",
    columns: { number: "Nº", label: "Classe", first: "Première direction", second: "Seconde direction", neighbors: "Voisines" },
  },

  // Two networks that learn side by side

  learns: {},

  // Five guided stops

  stops: {
    lead: "Cinq étapes d’un écran chacune. Chaque étape a sa propre adresse : un lien vers elle est une leçon.",
    position: (index, total, line) => `Étape ${number(index)} sur ${number(total)} : ${line}`,
    back: "Retour",
    next: "Suivant",
    leave: "Quitter la visite",
    end: "Toutes les étapes",
    list: [
      { title: "Pourquoi si profond ?",
        text: "Ce réseau a 50 couches à poids. Les premières voient quelques pixels et répondent aux contours ; chaque suivante voit une plus grande partie de l’image et combine ce que les précédentes ont trouvé. Pourtant, les réseaux simples deviennent moins bons quand ils sont très profonds : avec 56 couches, He et ses collègues (2015) avaient plus d’erreurs qu’avec 20, déjà à l’entraînement. Ce n’est pas du surapprentissage : un tel réseau est plus difficile à entraîner.",
        task: "Suivez la main du premier endroit au dernier. Où les cartes cessent-elles de ressembler à une main ?" },
      { title: "Le bloc identité",
        text: "Le bloc 3b calcule F(x), trois convolutions, et y ajoute sa propre entrée : ReLU(F(x) + x). Avant et après lui, la taille est la même, si bien que le raccourci ne calcule rien. Pour ne rien faire, il suffit que F devienne 0, ce qui est facile à apprendre.",
        task: "Ouvrez le bloc et trouvez où les deux chemins se rejoignent. Quelles tailles y ont-ils ?" },
      { title: "Le bloc convolutif",
        text: "Le bloc 3a divise par deux la hauteur et la largeur et double le nombre de canaux, de sorte que x ne convient plus. Sur son raccourci se trouve une convolution 1 × 1 de pas 2, qui amène x à la nouvelle taille. Quatre des seize blocs sont ainsi, un au début de chaque étage.",
        task: "Comparez les paramètres de 3a et de 3b. Que coûte la convolution du raccourci ?" },
      { title: "Ce que porte un raccourci",
        text: "Dans le bloc 4b, le raccourci est coupé : seul F(x) passe. Veit et ses collègues (2016) ont trouvé qu’on peut enlever presque n’importe quelle branche d’un réseau résiduel, parce que son résultat est une somme sur de nombreux chemins. Sans un raccourci, tous les chemins qui y passaient ont disparu.",
        task: "Regardez quelle part du jeu de contrôle est encore lue juste. Puis rétablissez le raccourci, coupez la branche F(x), et comparez." },
      { title: "Ce qu’il regarde",
        text: "Une fenêtre de l’image est floutée, à 49 endroits l’un après l’autre, et le logit mesuré à chaque fois. Là où il baisse, le réseau a regardé. Une telle carte est une mesure, et elle se vérifie : cachez ce qu’elle désigne, et la réponse devrait bientôt changer.",
        task: "Choisissez une autre classe : qu’est-ce qui parle contre elle ? Puis relevez vous-même le défi plus bas." },
    ],
  },
};
