// The tab's texts in Spanish.

import { formatsOf } from "../../i18n/formats.js";

const { number, plural, wholePercent } = formatsOf("es");

/** @type {import("./en.js").Words} */
export const es = {
  shell: {
    label: "Qué se mira",
    views: { path: "El camino", cut: "Corta", why: "Por qué", knows: "Lo que sabe", learns: "Cómo aprende", stops: "Visita guiada" },
    failed: "La vista por dentro no se ha iniciado. Abre otra pestaña de esta página y vuelve para intentarlo de nuevo.",
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
    title: "Dos redes que aprenden a la par",
    intro: "Las dos son igual de profundas, empiezan con los mismos núcleos al azar y ven las mismas imágenes en el mismo orden. Se diferencian en lo que tú ajustas. Cada una es ocho veces más estrecha que la ResNet-50 y aún no sabe nada de manos.",
    rule: (count, rate) =>
      `En cada paso: ${plural(count, { one: "# imagen", other: "# imágenes" })} de 32 × 32 píxeles, descenso de gradiente con momento 0,9 y tasa de aprendizaje ${rate} para las dos. Los núcleos se inicializan según Glorot y Bengio, como en el curso.`,
    depth: "Profundidad",
    layers: (count) => plural(count, { one: "# capa", other: "# capas" }),
    a: "Red A",
    b: "Red B",
    skips: "Atajos",
    norm: "Normalización por lotes",
    variants: {
      "skips-norm": "con atajos y normalización por lotes", skips: "con atajos, sin normalización por lotes",
      norm: "sin atajos, con normalización por lotes", plain: "sin atajos ni normalización por lotes",
    },
    pictures: "Imágenes",
    drawn: "Manos dibujadas",
    own: (count) => `Tus muestras (${number(count)})`,
    train: "Entrenar las dos",
    pause: "Pausar",
    one: "Un paso",
    reset: "Empezar de nuevo",
    idle: "Entrena las dos, o avanza paso a paso. El primer paso mide las dos tal como se inicializaron.",
    preparing: "Cargando lo que entrena…",
    givenUp: "abandonada",
    line: (count, loss, otherLoss) => `${plural(count, { one: "# paso", other: "# pasos" })}. Pérdida: red A ${loss}, red B ${otherLoss}.`,
    step: (count) => plural(count, { one: "# paso", other: "# pasos" }),
    stage: (stage) => `etapa ${stage}`,
    charts: {
      lossTitle: "Pérdida de cada paso",
      lossNote: "Fina: cada paso. Gruesa: la media de los diez últimos. De puntos: lo que cuesta adivinar.",
      lossLabel: (count, loss, otherLoss) => `Pérdida tras ${plural(count, { one: "# paso", other: "# pasos" })}: red A ${loss}, red B ${otherLoss}`,
      guessing: "al azar",
      normTitle: "Norma del gradiente en cada capa",
      normNote: "De la entrada, a la izquierda, a la respuesta, a la derecha, en escala logarítmica. Barras: ahora. Marcas: al inicializar.",
      normLabel: (network, first, last) => `Gradientes de la ${network}: la norma es ${first} en la primera capa, ${last} en la última`,
      empty: "Aún no se ha medido nada",
    },
    tables: {
      losses: "Las pérdidas en una tabla",
      norms: "Los gradientes en una tabla",
      lossCaption: "Pérdida y proporción de aciertos de algunos pasos",
      normCaption: "Norma del gradiente del núcleo de cada capa",
      step: "Paso",
      layer: "Capa",
      kernel: "Núcleo",
      loss: (network) => `${network}: pérdida`,
      right: (network) => `${network}: aciertos`,
      start: (network) => `${network}: al inicializar`,
      now: (network) => `${network}: ahora`,
    },
    found: {
      title: "Lo que pasa aquí",
      grows: (first, last, times) => `Al inicializar, el gradiente del núcleo 3×3 tiene la norma ${last} en el último bloque y ${first} en el primero: de vuelta se multiplica por ${times}.`,
      shrinks: (first, last, times) => `Al inicializar, el gradiente del núcleo 3×3 tiene la norma ${last} en el último bloque y ${first} en el primero: de vuelta se divide por ${times}.`,
      even: (first, last, times) => `Al inicializar, el gradiente del núcleo 3×3 tiene la norma ${last} en el último bloque y ${first} en el primero: casi igual, salvo un factor ${times}.`,
      steps: (steps) => `Hacen falta ${steps} pasos de este tamaño para que el núcleo que más cambia cambie tanto como su propio tamaño.`,
      lost: (steps) => `Harían falta ${steps} pasos de este tamaño para que incluso el núcleo que más cambia cambie tanto como su propio tamaño. Un solo paso se pierde en el redondeo de float32.`,
      now: (count, first, last) => `Tras ${plural(count, { one: "# paso", other: "# pasos" })} la norma es ${last} en el último bloque y ${first} en el primero.`,
      standing: (loss, accuracy) => `En los diez últimos pasos la pérdida es ${loss}, y ${wholePercent(accuracy)} de las respuestas son correctas.`,
      givenUp: (count) => `En el paso ${number(count)} la pérdida o un gradiente dejó de ser un número finito, y la red se abandonó.`,
    },
    claims: {
      title: "Lo que se dice de ello",
      glorot: "Sin normalización por lotes, el tamaño de los gradientes depende de los núcleos iniciales: con unos inadecuados disminuye de capa en capa en el camino de vuelta. La inicialización de ambas redes está hecha contra eso, para capas sin ReLU.",
      he: "Las redes simples con normalización por lotes no sufren gradientes que se desvanecen: las normas son sanas a la ida y a la vuelta. Así que no es por eso por lo que las redes simples profundas se entrenan mal.",
      degradation: "Las redes simples empeoran cuando se hacen más profundas, también en las imágenes con las que se entrenan. Con atajos, no.",
      balduzzi: "Sin atajos, los gradientes de las redes profundas se vuelven como ruido blanco: bastante grandes, pero distintos para imágenes parecidas. Con atajos eso llega mucho más tarde.",
      santurkar: "La normalización por lotes no ayuda por mantener estable la distribución de las activaciones. Hace la pérdida más suave, de modo que un gradiente vale para pasos mayores.",
      yang: "Sin atajos, la propia normalización por lotes hace que los gradientes crezcan exponencialmente con la profundidad, al inicializar. Las redes muy profundas no se pueden entrenar entonces.",
    },
    here: {
      set: (variant) => `Para verlo aquí, ajusta una de las redes así: ${variant}.`,
      notYet: "Para verlo aquí, da un paso.",
      vanishes: (network, first, last) => `Aquí, en la ${network}, se desvanecen: ${last} en el último bloque, ${first} en el primero.`,
      stays: (network, first, last) => `Aquí, en la ${network}, no se desvanecen: ${last} en el último bloque, ${first} en el primero.`,
      grows: (network, times) => `Aquí, en la ${network}, se multiplican por ${times} del último bloque al primero.`,
      doesNotGrow: (network, first, last) => `Aquí, en la ${network}, apenas crecen: ${last} en el último bloque, ${first} en el primero.`,
      losses: (count, loss, otherLoss) => `Aquí, tras ${plural(count, { one: "# paso", other: "# pasos" })}: una pérdida de ${loss} con atajos, de ${otherLoss} sin ellos.`,
      pair: "Para verlo aquí, haz que las redes se diferencien solo en los atajos y entrénalas durante 30 pasos.",
      unmeasured: "Aquí no se mide: esta vista dice cuán grandes son los gradientes.",
    },
  },

  // Five guided stops

  stops: {},
};
