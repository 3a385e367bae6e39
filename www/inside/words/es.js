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

  path: {},

  // Its branches and skips, switched off

  cut: {},

  // Which parts of the picture an answer comes from

  why: {
    choose: "Indicios de",
    answered: "la respuesta",
    presence: "que hay una seña",
    aSign: "una seña",
    method: "Cómo se hace el mapa",
    methods: { exact: "Exacto, 2 × 2", finer: "4 × 4 celdas", finest: "8 × 8 celdas", occlusion: "Oclusión" },
    notes: {
      exact: "La última capa promedia 2 × 2 lugares. Por eso el logit es una suma: lo que da cada cuarto de la imagen, más un sesgo. No es una estimación: es la respuesta misma, desmontada.",
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
    own: (count) => plural(count, { one: "Tu imagen (#), comparada según las 2048 características de la red.", other: "Tus # imágenes, comparadas según las 2048 características de la red." }),
    checkSet: (count) => `Todavía no tienes imágenes. Estas son ${samples(count)} de manos dibujadas que vienen con la página; las tuyas ocuparán su lugar en cuanto haya alguna.`,
    nearest: "Las más cercanas a la imagen",
    nearestLine: "Las imágenes cuyas características apuntan en la misma dirección. Debajo de cada una, el coseno del ángulo: 1 es exactamente la misma dirección.",
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
        task: "Mide el conjunto de control. Después activa el atajo, corta la rama F(x) y compara." },
      { title: "Qué mira",
        text: "Se desenfoca una ventana de la imagen, en 49 lugares uno tras otro, y se mide el logit cada vez. Donde baja, la red ha mirado. Un mapa así es una medición y se puede comprobar: tapa lo que señala y la respuesta debería cambiar pronto.",
        task: "Elige otra clase: ¿qué habla en contra de ella? Después prueba tú el reto de abajo." },
    ],
  },
};
