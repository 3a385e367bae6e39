// SHA-256, also where the browser's own is missing: pages on insecure origins have no crypto.subtle.

/** The first 32 bits of the fractional parts of the roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
function constants() {
  /** @type {number[]} */
  const primes = [];
  for (let number = 2; primes.length < 64; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  const fraction = (/** @type {number} */ root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
  return {
    initial: Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
    rounds: Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
  };
}

const { initial, rounds } = constants();

/** @param {number} word @param {number} by */
const rotate = (word, by) => (word >>> by) | (word << (32 - by));

/** @param {Uint32Array} words @param {number} index within them */
const at = (words, index) => /** @type {number} */ (words[index]);

/**
 * Takes one block of 64 bytes into `state`.
 * @param {Uint32Array} state
 * @param {Uint32Array} schedule scratch space for 64 words
 * @param {DataView} view
 * @param {number} offset
 */
function absorb(state, schedule, view, offset) {
  for (let index = 0; index < 16; index += 1) schedule[index] = view.getUint32(offset + 4 * index);
  for (let index = 16; index < 64; index += 1) {
    const near = at(schedule, index - 2);
    const far = at(schedule, index - 15);
    const small0 = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
    const small1 = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
    schedule[index] = at(schedule, index - 16) + small0 + at(schedule, index - 7) + small1;
  }
  // Not by destructuring: these run a million times in a model, and its iterator would take most of the time.
  let a = at(state, 0), b = at(state, 1), c = at(state, 2), d = at(state, 3);
  let e = at(state, 4), f = at(state, 5), g = at(state, 6), h = at(state, 7);
  for (let index = 0; index < 64; index += 1) {
    const large1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + large1 + choice + at(rounds, index) + at(schedule, index)) | 0;
    const large0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g; g = f; f = e; e = (d + first) | 0;
    d = c; c = b; b = a; a = (first + large0 + majority) | 0;
  }
  state[0] = at(state, 0) + a; state[1] = at(state, 1) + b; state[2] = at(state, 2) + c; state[3] = at(state, 3) + d;
  state[4] = at(state, 4) + e; state[5] = at(state, 5) + f; state[6] = at(state, 6) + g; state[7] = at(state, 7) + h;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function digestHere(bytes) {
  const state = initial.slice();
  const schedule = new Uint32Array(64);
  const whole = bytes.length - (bytes.length % 64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = 0; offset < whole; offset += 64) absorb(state, schedule, view, offset);
  const rest = bytes.length - whole;
  const end = new Uint8Array(rest < 56 ? 64 : 128);
  end.set(bytes.subarray(whole));
  end[rest] = 0x80;
  const endView = new DataView(end.buffer);
  endView.setBigUint64(end.length - 8, BigInt(bytes.length) * 8n);
  for (let offset = 0; offset < end.length; offset += 64) absorb(state, schedule, endView, offset);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, index) => digest.setUint32(4 * index, word));
  return new Uint8Array(digest.buffer);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes few enough to be hashed at a time
 * @param {SubtleCrypto | undefined} [subtle]
 * @returns {Promise<string>} in hexadecimal
 */
export async function sha256(bytes, subtle = globalThis.crypto.subtle) {
  const digest = subtle ? new Uint8Array(await subtle.digest("SHA-256", bytes)) : digestHere(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
