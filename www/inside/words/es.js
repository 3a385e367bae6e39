// The tab's texts in Spanish.
import { formatsOf } from "../../i18n/formats.js";

const { number, percent, plural, wholePercent } = formatsOf("es");

/** @type {import("./en.js").Words} */
export const es = {
  shell: {
    label: "Qué se mira",
    views: { path: "El camino", cut: "Corta", why: "Por qué", knows: "Lo que sabe", learns: "Cómo aprende", stops: "Visita guiada" },
    failed: "La vista por dentro no se ha iniciado. Abre otra pestaña de esta página y vuelve para intentarlo de nuevo.",
  },

  // The network and what happens in it

  path: {
    intro: "La imagen pasa por 50 capas: un tronco, dieciséis bloques en cuatro etapas, una media. Abre cualquier lugar para ver en qué se ha convertido allí.",
    strip: "La red, de la imagen a los rasgos",
    legend: "Arco: el atajo, que lleva la entrada de un bloque por fuera de su rama. Con un cuadrado: un bloque convolucional, cuyo atajo es una convolución.",
    stage: (stage) => `Etapa ${stage}`,
    kinds: { stem: "Tronco", identity: "bloque identidad", convolutional: "bloque convolucional", features: "Rasgos" },
    block: (name, kind) => `Bloque ${name}: ${kind}`,
    size: (channels, height, width) => `${number(channels)}×${height}×${width}`,
    open: (place) => `Abrir ${place}`,
    facts: (size, parameters, products) =>
      `${size} valores · ${plural(parameters, { one: "# parámetro", other: "# parámetros" })} · ${plural(products, { one: "# multiplicación con suma", other: "# multiplicaciones con suma" })}`,
    about: {
      stem: "Una convolución de 7 × 7 píxeles con paso 2, y después el mayor de cada 3 × 3 valores: 64 × 64 píxeles se convierten en 15 × 15 posiciones con 64 canales.",
      identity: "La rama calcula F(x) en tres convoluciones, el atajo lleva x tal cual, y las dos cosas se suman. Una rama que no tiene nada que añadir deja x como está: la identidad es lo que hace el bloque cuando no hace nada.",
      convolutional: "La salida tiene otros canales y, desde la etapa 3, otro tamaño, así que x no se puede sumar tal cual. Una convolución de 1 × 1 en el atajo le da la forma adecuada.",
      features: "La media sobre las 2 × 2 posiciones de la última etapa. La respuesta es, para cada clase, una suma ponderada de estos números, y nada más.",
    },
    parts: "Las partes de este lugar",
    picture: "Imagen",
    input: "Entrada x",
    convolution: (kernel) => `${kernel} × ${kernel}`,
    branch: (kernel) => `${kernel} × ${kernel}, F(x)`,
    shortcut: (kernel) => `Atajo ${kernel} × ${kernel}`,
    unchanged: "Atajo: x tal cual",
    sum: "Suma y ReLU",
    output: "Salida",
    pooled: "Mayor de 3 × 3",
    seen: "Lo que ve la red",
    strongest: "Canales más fuertes",
    channel: "Canal",
    channelOf: (channel, channels) => `Canal ${channel} de ${channels}`,
    all: (channels) => `Los ${number(channels)} canales`,
    few: "Solo los más fuertes",
    mosaic: (channels) => `Los ${number(channels)} canales como imágenes pequeñas. El campo Canal amplía uno por su número.`,
    grid: "cuadrícula de valores",
    gridOf: (channel) => `Valores del canal ${channel}. Las flechas pasan de uno a otro.`,
    value: (row, column, value, wide, high) =>
      `Fila ${row}, columna ${column}: ${value}. Viene de los ${wide} × ${high} píxeles marcados en la imagen.`,
    summary: (channel, mean, zeros) =>
      `El canal ${channel} es el más fuerte: ${mean} de media. El ${wholePercent(zeros)} de todos los valores de aquí son cero. Señala un valor para ver de dónde viene.`,
    signed: "Lo que el bloque cambia, con su signo: su salida menos lo que ha llevado el atajo. Los colores cálidos se añadieron, los azules se quitaron.",
    bars: "barras",
    barsLabel: "Los rasgos como barras. Las flechas pasan de uno a otro.",
    largest: "Los diez rasgos mayores",
    columns: { feature: "Rasgo", value: "Valor" },
    feature: (index, value) => `Rasgo ${index}: ${value}`,
    filters: "Los 64 filtros de la primera capa, de 7 × 7 píxeles en rojo, verde y azul cada uno: bordes, manchas, colores. Haz clic en uno para ver dónde encuentra su patrón.",
    filtersLabel: "Los 64 filtros de la primera capa como imágenes pequeñas. El campo Canal amplía uno por su número.",
  },

  // Its branches and skips, switched off

  cut: {
    intro: "Cada bloque tiene dos interruptores: su rama F(x) y su atajo x. Corta algunos y mira qué pasa con la respuesta y con el conjunto de prueba.",
    restore: "Restaurar todo",
    notice: (count, list) => `${plural(count, { one: "# parte está cortada", other: "# partes están cortadas" })}: ${list}.`,
    parts: {
      branch: (block) => `rama de ${block}`,
      skip: (block) => `atajo de ${block}`,
    },
    labels: {
      branch: (block) => `F(x): rama de ${block}`,
      skip: (block) => `x: atajo de ${block}`,
    },
    answer: "La respuesta a esta imagen",
    whole: "Red entera",
    now: "Con estos cortes",
    noPicture: "Elige un ejemplo o inicia la cámara, y aquí estará la respuesta.",
    answered: (word, share, margin) => `${word}, ${percent(share)}; margen ${margin}`,
    logits: "Logits: de ellos saca la función softmax las probabilidades. El margen es el mejor menos el segundo.",
    columns: { class: "Clase", whole: "Entera", now: "Cortada" },
    check: "Conjunto de prueba",
    sets: {
      composed: "Manos compuestas", examples: "Manos de ejemplo", samples: "Tus imágenes",
    },
    checked: (right, count, margin) => `${right} de ${plural(count, { one: "# imagen bien", other: "# imágenes bien" })}, margen medio ${margin}`,
    measuring: (done, count) => `Midiendo: ${done} de ${count}`,
    measured: "Medición",
    cancelled: "Cancelado.",
    empty: "En este conjunto no hay ninguna imagen de las clases de este modelo.",
    accuracy: "Exactitud",
    margin: "Margen medio",
    anyBranch: "Cortar cada rama sola",
    anySkip: "Cortar cada atajo solo",
    random: "Cortar al azar",
    branches: "Ramas",
    table: "Cada bloque cortado por separado",
    rows: { branch: "sin F(x)", skip: "sin x" },
    cell: (block, part, accuracy, margin) => `${block}, ${part}: ${wholePercent(accuracy)}, margen ${margin}`,
    findings: "Veit, Wilber y Belongie (2016, arXiv 1605.06431) quitaron a redes residuales entrenadas la rama de bloques sueltos y apenas se perdió exactitud; cuantas más quitaban, más bajaba, poco a poco. Ven en una red residual muchos caminos de distinta longitud, de los que un corte solo se lleva algunos. Los bloques que abren una etapa conservan aquí la convolución de su atajo.",
    wholeShows: (whole, margin) => `Entera, esta red lee el ${percent(whole)} de este conjunto, con un margen medio de ${margin}.`,
    branchShows: (worst, block, mean) => `Sin una rama cualquiera aún lee al menos el ${percent(worst)} (lo mínimo sin ${block}), el ${percent(mean)} de media.`,
    skipShows: (worst, block, mean) => `Sin un solo atajo cae hasta el ${percent(worst)} (sin ${block}), el ${percent(mean)} de media.`,
    randomShows: (count, list, accuracy, margin) => `${plural(count, { one: "# rama", other: "# ramas" })} al azar (${list}): ${percent(accuracy)}, margen medio ${margin}.`,
    tried: "Cortado al azar hasta ahora",
  },

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
      change: (size) => `El primer paso cambia el núcleo que más cambia en ${size} de su tamaño.`,
      lost: (size) => `El primer paso cambia incluso el núcleo que más cambia en solo ${size} de su tamaño, lo que se pierde en el redondeo de float32.`,
      now: (count, first, last) => `Tras ${plural(count, { one: "# paso", other: "# pasos" })} la norma es ${last} en el último bloque y ${first} en el primero.`,
      standing: (count, loss, accuracy) => `En ${plural(count, { one: "# paso", other: "los # últimos pasos" })} la pérdida es ${loss}, y ${wholePercent(accuracy)} de las respuestas son correctas.`,
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
