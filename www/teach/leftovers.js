// What systems and programs leave behind in folders, such as macOS's ._photo.jpg beside photo.jpg.

/** Names beside hidden ones: those of crates/interop/src/samples/names.rs. */
const LEFTOVERS = /^(__MACOSX|\$RECYCLE\.BIN|System Volume Information|__pycache__|lost\+found|@eaDir|Thumbs\.db|desktop\.ini)$/i;

/** Whether a folder or a file is such, by its name without the folders that it is in. @param {string} name */
export const isLeftover = (name) => name.startsWith(".") || LEFTOVERS.test(name);
