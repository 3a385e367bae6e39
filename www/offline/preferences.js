// What a person has chosen, kept between visits. Where storage is blocked or full, a choice lasts as long as the page.

/** @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem">} Memory */

/** @param {string} name @param {() => Memory} [storage] may throw @returns {string | null} */
export function preference(name, storage = () => localStorage) {
  try {
    return storage().getItem(name);
  } catch {
    return null;
  }
}

/** @param {string} name @param {string | null} value null forgets it @param {() => Memory} [storage] may throw */
export function prefer(name, value, storage = () => localStorage) {
  try {
    if (value === null) storage().removeItem(name);
    else storage().setItem(name, value);
  } catch {
    // Blocked or full.
  }
}
