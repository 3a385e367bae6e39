/**
 * The SHA-256 of bytes that are few enough to be hashed at a time.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<string | undefined>} in hexadecimal; undefined on insecure origins, whose pages have no WebCrypto
 */
export async function sha256(bytes) {
  const digest = await globalThis.crypto?.subtle?.digest("SHA-256", bytes);
  return digest && Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
