// The tab's texts in Spanish.
import { formatsOf } from "../../i18n/formats.js";

const { name, number, percent, plural, wholePercent } = formatsOf("es");
const blurred = (/** @type {number} */ count) => plural(count, { one: "# celda desenfocada", other: "# celdas desenfocadas" });
const samples = (/** @type {number} */ count) => plural(count, { one: "# imagen", other: "# imágenes" });

/** @type {import("./en.js").Words} */
export const es = {
  shell: {
    label: "Qué se mira",
    views: { path: "El camino", cut: "Corta", why: "Por qué", knows: "Lo que sabe", learns: "Cómo aprende", stops: "Visita guiada" },
    save: { png: "Guardar como PNG", svg: "Guardar como SVG" },
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
    branchShows: (worst, block, mean) => `Sin una rama cualquiera lee el ${percent(worst)} o más (lo mínimo sin ${block}), el ${percent(mean)} de media.`,
    skipShows: (worst, block, mean) => `Sin un solo atajo cae hasta el ${percent(worst)} (sin ${block}), el ${percent(mean)} de media.`,
    randomShows: (count, list, accuracy, margin) => `${plural(count, { one: "# rama", other: "# ramas" })} al azar (${list}): ${percent(accuracy)}, margen medio ${margin}.`,
    tried: "Cortado al azar hasta ahora",
  },

  // Which parts of the picture an answer comes from

  why: {
    choose: "Indicios de",
    answered: "la respuesta",
    presence: "que hay una seña",
    aSign: "una seña",
    method: "Cómo se hace el mapa",
    methods: { exact: "Exacto, 2 × 2", finer: "4 × 4 celdas", finest: "8 × 8 celdas", occlusion: "Oclusión" },
    notes: {
      exact: "La última capa promedia 2 × 2 lugares. Por eso el logit es una suma: lo que da cada uno de los cuatro, más un sesgo. No es una estimación: es la respuesta misma, desmontada. Cada lugar ha visto por el camino casi toda la imagen; el mapa dice dónde se reunieron los indicios.",
      finer: "La red lee la imagen en 4 posiciones, separadas 16 píxeles, y los cuatro mapas se entrelazan. Todas las celdas y el sesgo suman la media de los cuatro logits.",
      finest: "La red lee la imagen en 16 posiciones, separadas 8 píxeles, y los dieciséis mapas se entrelazan. Todas las celdas y el sesgo suman la media de los dieciséis logits.",
      occlusion: "Se desenfoca una ventana de 16 × 16 píxeles, en 49 lugares uno tras otro. Donde el logit baja, lo que había allí habla a favor de la clase. Las pérdidas no se suman: las partes que dicen lo mismo se reemplazan entre sí.",
    },
    picture: (label) => `Mapa de los indicios de ${label}.`,
    most: (label, place, share) => `La mayoría de los indicios de ${label}: ${place}, ${wholePercent(share)}.`,
    largest: (label, place, share) => `La mayor parte de los indicios de ${label}, aunque no la mitad: ${place}, ${wholePercent(share)}.`,
    onlyAgainst: (label, place, share) => `Nada habla a favor de ${label}. Lo que habla en contra está sobre todo ${place}, ${wholePercent(share)}.`,
    nothing: (label) => `Nada en la imagen habla a favor ni en contra de ${label}.`,
    places: { upperLeft: "arriba a la izquierda", upperRight: "arriba a la derecha", lowerLeft: "abajo a la izquierda", lowerRight: "abajo a la derecha" },
    for: (label) => `a favor de ${label}`,
    against: (label) => `en contra de ${label}`,
    allFor: "todo lo que habla a favor",
    allAgainst: "todo lo que habla en contra",
    bias: "sesgo",
    logit: "logit (puntuación)",
    meanLogit: "logit medio",
    noSign: "La página responde «ninguna seña», porque una seña es demasiado improbable; la red sopesa las clases de todos modos.",
    mirrored: "La vista previa está en espejo; izquierda y derecha son las de la imagen que ve el modelo.",
    slower: "Con la cámara se vuelve a medir tan a menudo como puede este dispositivo.",
    cut: "Hay bloques cortados: esta es la red que queda.",
    onPicture: "Mostrarlo sobre la imagen",
    table: "El mapa en cifras",
    measuring: "Midiendo",
    empty: "Muéstrale algo al modelo: la cámara, una foto, un dibujo o un ejemplo.",
    challenge: {
      title: "Tapa lo menos posible",
      lead: "Desenfoca celdas hasta que la respuesta sea otra. Cuantas menos hagan falta, mejor sabes qué mira la red.",
      take: "Tomar este fotograma",
      clear: "Quitar todas",
      compare: "Comparar con el mapa",
      comparing: "Desenfocando en el orden del mapa y después al azar…",
      grid: "La imagen en 8 × 8 celdas: las flechas mueven, Espacio desenfoca",
      blurredCell: (row, column) => `Fila ${number(row)}, columna ${number(column)}: desenfocada`,
      clearCell: (row, column) => `Fila ${number(row)}, columna ${number(column)}: nítida`,
      start: (label) => `La respuesta es «${name(label)}». Desenfoca una primera celda.`,
      still: (count, label) => `${blurred(count)}, y la respuesta sigue siendo «${name(label)}».`,
      flipped: (count, label) => `${blurred(count)}, y la respuesta ha pasado a ser «${name(label)}».`,
      map: (count) => `En el orden del mapa de oclusión hacen falta ${number(count)}.`,
      mapNever: "En el orden del mapa de oclusión ni las 64 celdas cambian la respuesta.",
      random: (count) => `En un orden al azar hacen falta ${number(count)}.`,
      randomNever: "En un orden al azar ni las 64 celdas cambian la respuesta.",
    },
  },

  // Samples and how near they are to one another

  knows: {
    measuring: "Leyendo las imágenes",
    own: (count) => plural(count, { one: "Tu imagen (#), comparada según las 2048 rasgos de la red.", other: "Tus # imágenes, comparadas según las 2048 rasgos de la red." }),
    checkSet: (count) => `Todavía no tienes imágenes. Estas son ${samples(count)} de manos dibujadas que vienen con la página; las tuyas ocuparán su lugar en cuanto haya alguna.`,
    nearest: "Las más cercanas a la imagen",
    nearestLine: "Las imágenes cuyos rasgos apuntan en la misma dirección. Debajo de cada una, el coseno del ángulo: 1 es exactamente la misma dirección.",
    plane: "Todas las imágenes en dos dimensiones",
    planeLine: "Cada imagen son 2048 números. Se dibujan las dos direcciones en las que más difieren las imágenes, sus componentes principales. La cruz es la imagen de ahora. Un clic abre una imagen; con el teclado, las flechas e Intro.",
    variance: (first, second) => `La primera dirección contiene el ${percent(first)} de la varianza, la segunda el ${percent(second)}. El resto no se ve aquí.`,
    sample: (label) => `Imagen de ${label}`,
    doubtfulSample: (label, answer) => `Etiquetada ${label}, pero sus vecinas más cercanas son ${answer}`,
    noDoubts: "Cada imagen tiene vecinas de su propia clase.",
    doubts: (count) => plural(count, {
      one: "# etiqueta es dudosa (en un rombo): sus vecinas más cercanas tienen otra. ¿Está equivocada?", other: "# etiquetas son dudosas (en rombos): sus vecinas más cercanas tienen otras. ¿Están equivocadas?" }),
    itsNearest: "Sus vecinas más cercanas:",
    means: "Manos medias",
    meansLine: "La media de las imágenes de cada clase, píxel a píxel. Lo que tienen en común queda nítido.",
    mean: (label, count) => `Media de ${samples(count)} de ${label}`,
    pictures: (count) => samples(count),
    table: "Las imágenes en una tabla",
    columns: { number: "N.º", label: "Clase", first: "Primera dirección", second: "Segunda dirección", neighbors: "Vecinas" },
  },

  // Two networks that learn side by side

  learns: {},

  // Five guided stops

  stops: {
    lead: "Cinco paradas de una pantalla cada una. Cada parada tiene su propia dirección: un enlace a ella es una lección.",
    position: (index, total, line) => `Parada ${number(index)} de ${number(total)}: ${line}`,
    back: "Atrás",
    next: "Siguiente",
    leave: "Dejar la visita",
    end: "A todas las paradas",
    list: [
      { title: "¿Por qué tan profunda?",
        text: "Esta red tiene 50 capas con pesos. Las primeras ven unos pocos píxeles y responden a bordes; cada una de las siguientes ve más de la imagen y combina lo que encontraron las anteriores. Sin embargo, las redes simples empeoran cuando son muy profundas: con 56 capas, He y otros (2015) tuvieron más error que con 20, ya en el entrenamiento. No es sobreajuste: una red así es más difícil de entrenar.",
        task: "Sigue la mano desde el primer lugar hasta el último. ¿Dónde dejan los mapas de parecerse a una mano?" },
      { title: "El bloque identidad",
        text: "El bloque 3b calcula F(x), tres convoluciones, y suma su propia entrada: ReLU(F(x) + x). Antes y después de él el tamaño es el mismo, así que el atajo no calcula nada. Para no hacer nada, F solo tiene que volverse 0, y eso es fácil de aprender.",
        task: "Abre el bloque y busca dónde se juntan los dos caminos. ¿Qué tamaños tienen allí?" },
      { title: "El bloque convolucional",
        text: "El bloque 3a reduce a la mitad el alto y el ancho y tiene el doble de canales, de modo que x ya no encaja. En su atajo hay una convolución de 1 × 1 con paso 2, que lleva x al nuevo tamaño. Cuatro de los dieciséis bloques son así, uno al comienzo de cada etapa.",
        task: "Compara los parámetros de 3a y 3b. ¿Cuánto cuesta la convolución del atajo?" },
      { title: "Qué lleva un atajo",
        text: "En el bloque 4b el atajo está cortado: solo sigue F(x). Veit y otros (2016) hallaron que se puede quitar casi cualquier rama de una red residual, porque su resultado es una suma de muchos caminos. Sin un atajo desaparecen todos los caminos que pasaban por él.",
        task: "Mira cuánto del conjunto de prueba se lee todavía bien. Después activa el atajo, corta la rama F(x) y compara." },
      { title: "Qué mira",
        text: "Se desenfoca una ventana de la imagen, en 49 lugares uno tras otro, y se mide el logit cada vez. Donde baja, la red ha mirado. Un mapa así es una medición y se puede comprobar: tapa lo que señala y la respuesta debería cambiar pronto.",
        task: "Elige otra clase: ¿qué habla en contra de ella? Después prueba tú el reto de abajo." },
    ],
  },
};
