// Pictures by their features: of the inner products of all pairs come the nearest neighbors and the principal components.

/** @typedef {{ index: number, similarity: number }} Neighbor `similarity`: the cosine of the angle between the features */
/** @typedef {{ coordinates: number[][], shares: number[], place: (features: ArrayLike<number>) => number[] }} Components
 *    each sample's coordinates, each component's share of the variance, and where other features lie */

/** So many of a sample's nearest neighbors are asked for their labels. */
const ASKED = 5;
/** Where fewer than this share of them has the sample's own label, its label is doubtful. */
const OWN_SHARE = 0.25;
/** Dimensions of the Krylov space in which components are looked for; with fewer samples it is the whole space. */
const KRYLOV = 40;

export class Space {
  /** @type {ArrayLike<number>[]} */
  #features = [];
  /** The Gram matrix's lower triangle, row by row. @type {Float64Array[]} */
  #products = [];

  get count() {
    return this.#features.length;
  }

  /** @param {ArrayLike<number>} features of one more sample */
  add(features) {
    this.#features.push(features);
    this.#products.push(Float64Array.from(this.#features, (other) => dot(features, other)));
  }

  /** Inner product of two samples' features. @param {number} first @param {number} second */
  #product(first, second) {
    return this.#products[Math.max(first, second)]?.[Math.min(first, second)] ?? 0;
  }

  /** The nearest first. @param {number} sample @param {number} count */
  neighbors(sample, count) {
    const similarities = this.#features.map((_, index) => cosine(this.#product(sample, index), this.#product(sample, sample), this.#product(index, index)));
    return nearest(similarities, count, sample);
  }

  /** Of features that need not be a sample's, the nearest first. @param {ArrayLike<number>} features @param {number} count */
  neighborsOf(features, count) {
    const own = dot(features, features);
    return nearest(this.#features.map((other, index) => cosine(dot(features, other), own, this.#product(index, index))), count);
  }

  /**
   * Samples whose nearest neighbors have other labels. A class of m samples gives each at most m - 1 neighbors of its
   * own, so no more are asked; of a class with fewer than three samples nothing can be said.
   * @param {string[]} labels one for each sample
   * @returns {Map<number, string>} for each doubtful sample the label that most of the asked have
   */
  doubtful(labels) {
    const sizes = countsOf(labels);
    /** @type {Map<number, string>} */
    const found = new Map();
    labels.forEach((label, sample) => {
      const asked = this.neighbors(sample, Math.min(ASKED, (sizes.get(label) ?? 0) - 1)).map(({ index }) => labels[index] ?? "");
      const votes = countsOf(asked);
      if (asked.length < 2 || (votes.get(label) ?? 0) / asked.length >= OWN_SHARE) return;
      const [first] = [...votes].sort(([, one], [, other]) => other - one);
      if (first) found.set(sample, first[0]);
    });
    return found;
  }

  /**
   * Principal components from the centered Gram matrix, whose eigenvectors are the samples' coordinates but for their
   * scale: as large as the number of samples, not as that of the features. Fewer than two samples have none.
   * @param {number} [count]
   * @returns {Components}
   */
  components(count = 2) {
    const size = this.count;
    const rowMeans = Array.from({ length: size }, (_, row) => sumOver(size, (column) => this.#product(row, column)) / size);
    const mean = sumOver(size, (row) => rowMeans[row] ?? 0) / size;
    const centered = Array.from({ length: size }, (_, row) => Float64Array.from({ length: size }, (_, column) =>
      this.#product(row, column) - (rowMeans[row] ?? 0) - (rowMeans[column] ?? 0) + mean));
    const trace = sumOver(size, (row) => centered[row]?.[row] ?? 0);
    const found = leadingEigenvectors(centered, count).filter(({ value }) => value > 1e-12 * trace);
    return {
      coordinates: Array.from({ length: size }, (_, sample) => found.map(({ value, vector }) => Math.sqrt(value) * (vector[sample] ?? 0))),
      shares: found.map(({ value }) => value / trace),
      place: (features) => {
        const products = this.#features.map((other) => dot(features, other));
        const own = sumOver(size, (index) => products[index] ?? 0) / size;
        const moved = products.map((product, index) => product - own - (rowMeans[index] ?? 0) + mean);
        return found.map(({ value, vector }) => dot(moved, vector) / Math.sqrt(value));
      },
    };
  }
}

/**
 * The largest eigenvalues of a symmetric matrix with their vectors: Rayleigh and Ritz in an orthonormal Krylov basis.
 * Where the matrix adds no direction to the basis, as with equal eigenvalues, another pseudo-random one goes on.
 * @param {Float64Array[]} matrix
 * @param {number} count
 */
export function leadingEigenvectors(matrix, count) {
  const size = matrix.length;
  const times = (/** @type {ArrayLike<number>} */ vector) => Float64Array.from(matrix, (row) => dot(row, vector));
  const random = generator();
  /** @type {Float64Array[]} */
  const basis = [];
  /** @type {Float64Array[]} */
  const images = [];
  const scale = Math.sqrt(sumOver(size, (row) => dot(matrix[row] ?? [], matrix[row] ?? []))) || 1;
  while (basis.length < Math.min(size, KRYLOV)) {
    const last = images.at(-1);
    const next = (last && orthonormal(last, basis, 1e-10 * scale)) ?? orthonormal(Float64Array.from({ length: size }, random), basis, 1e-6);
    if (!next) break;
    basis.push(next);
    images.push(times(next));
  }
  const { values, vectors } = eigen(basis.map((one) => images.map((image) => dot(one, image))));
  return values.map((value, index) => ({ value, index })).sort((one, other) => other.value - one.value).slice(0, count).map(({ value, index }) => {
    const vector = new Float64Array(size);
    basis.forEach((direction, row) => direction.forEach((part, place) => { vector[place] = (vector[place] ?? 0) + part * (vectors[row]?.[index] ?? 0); }));
    // An eigenvector has no sign of its own: the same samples shall give the same picture.
    const largest = vector.reduce((most, part) => (Math.abs(part) > Math.abs(most) + 1e-12 ? part : most), 0);
    return { value, vector: largest < 0 ? vector.map((part) => -part) : vector };
  });
}

/** What of a vector is new to a basis, of length 1; nothing where that is shorter than `least`. @param {Float64Array} vector @param {Float64Array[]} basis @param {number} least */
function orthonormal(vector, basis, least) {
  const rest = vector.slice();
  // Twice is enough (Kahan and Parlett): once leaves rounding errors where the rest is short.
  for (let pass = 0; pass < 2; pass += 1) {
    for (const direction of basis) {
      const along = dot(rest, direction);
      direction.forEach((part, index) => { rest[index] = (rest[index] ?? 0) - along * part; });
    }
  }
  const length = Math.sqrt(dot(rest, rest));
  return length > least ? rest.map((part) => part / length) : null;
}

/**
 * All eigenvalues of a small symmetric matrix, with the vectors as columns: Jacobi's rotations, each of which makes
 * one pair of elements zero, until all are.
 * @param {number[][]} given
 */
function eigen(given) {
  const size = given.length;
  const at = (/** @type {number[][]} */ rows, /** @type {number} */ row, /** @type {number} */ column) => rows[row]?.[column] ?? 0;
  const matrix = given.map((row) => [...row]);
  const vectors = given.map((_, row) => given.map((_, column) => Number(row === column)));
  const turn = (/** @type {number[]} */ row, /** @type {number} */ p, /** @type {number} */ q, /** @type {number} */ cos, /** @type {number} */ sin) => {
    const [first, second] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = cos * first - sin * second;
    row[q] = sin * first + cos * second;
  };
  for (let sweep = 0; sweep < 50; sweep += 1) {
    let off = 0;
    for (let p = 0; p < size; p += 1) {
      for (let q = p + 1; q < size; q += 1) {
        const element = at(matrix, p, q);
        off += element * element;
        if (element === 0) continue;
        const slope = (at(matrix, q, q) - at(matrix, p, p)) / (2 * element);
        const tangent = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1));
        const cos = 1 / Math.sqrt(tangent * tangent + 1);
        for (const row of [...matrix, ...vectors]) turn(row, p, q, cos, tangent * cos);
        const [first = [], second = []] = [matrix[p], matrix[q]];
        for (let column = 0; column < size; column += 1) {
          const [one, other] = [first[column] ?? 0, second[column] ?? 0];
          first[column] = cos * one - tangent * cos * other;
          second[column] = tangent * cos * one + cos * other;
        }
      }
    }
    if (off < 1e-24 * sumOver(size, (row) => at(matrix, row, row) ** 2)) break;
  }
  return { values: matrix.map((row, index) => row[index] ?? 0), vectors };
}

/** @param {number[]} similarities @param {number} count @param {number} [but] @returns {Neighbor[]} */
const nearest = (similarities, count, but) => similarities.map((similarity, index) => ({ index, similarity }))
  .filter(({ index }) => index !== but).sort((one, other) => other.similarity - one.similarity).slice(0, Math.max(0, count));

/** @param {number} product @param {number} one squared length @param {number} other squared length */
const cosine = (product, one, other) => (one > 0 && other > 0 ? product / Math.sqrt(one * other) : 0);

/** @param {ArrayLike<number>} one @param {ArrayLike<number>} other */
function dot(one, other) {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += Number(one[index]) * Number(other[index]);
  return sum;
}

/** @param {number} count @param {(index: number) => number} of */
function sumOver(count, of) {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += of(index);
  return sum;
}

/** @param {string[]} labels */
function countsOf(labels) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

/** Numbers from -1 to 1, the same ones each time. */
function generator() {
  let state = 1;
  return () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31) - 1;
}
