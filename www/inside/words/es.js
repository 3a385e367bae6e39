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

  learns: {},

  // Five guided stops

  stops: {},
};
