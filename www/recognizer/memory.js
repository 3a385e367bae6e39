// The memory of the module with threads, which its helpers share.

const MIB = 2 ** 20;
const PAGE = 2 ** 16;
/** What the module has after loading a model, which is more than the 33 MiB that it asks for; and the most that scripts/build.sh lets it have. */
const LEAST = 64 * MIB;
const MOST = 2048 * MIB;
/** More is needed only for pictures of some 50 megapixels and more. */
const ENOUGH = 512 * MIB;
const LITTLE = 256 * MIB;

/** WebKit, also where it is in Chrome for iOS: shared memory that grows crashes in some of its versions, and large reservations fail. */
const isWebKit = () => /AppleWebKit/.test(navigator.userAgent) && !/Chrom(e|ium)\//.test(navigator.userAgent);

/** Shared memory, as large as the browser gives. Throws a `RangeError` where it gives too little. */
export function sharedMemory(grows = !isWebKit()) {
  const [first, last] = grows ? [MOST, ENOUGH] : [ENOUGH, LITTLE];
  try {
    return memoryOf(first, grows);
  } catch {
    return memoryOf(last, grows);
  }
}

/** @param {number} most @param {boolean} grows */
const memoryOf = (most, grows) => new WebAssembly.Memory({ initial: (grows ? LEAST : most) / PAGE, maximum: most / PAGE, shared: true });
