// Names of edits. They tell what an undo took back, so that the stack of undos is had again from the history.

const RELATED = /^([ur])-(.+)-[0-9a-f]{8}$/;

function hex(bytes) {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return [...values].map((value) => value.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {string} [prefix] where a song's edit was made from, see `madeFrom`
 * @returns {string} of a new edit
 */
export const newKey = (prefix = "") => prefix + hex(10);

/**
 * @param {string} key of the edit that is taken back
 * @returns {string}
 */
export const undoKey = (key) => `u-${key}-${hex(4)}`;

/**
 * @param {string} key of the edit that counts again
 * @returns {string}
 */
export const redoKey = (key) => `r-${key}-${hex(4)}`;

/**
 * @param {string} key
 * @returns {{way: "edit"|"undo"|"redo", of: string}} of: the key of the first edit
 */
export function readKey(key) {
  const found = RELATED.exec(key);
  if (!found) return { way: "edit", of: key };
  return { way: found[1] === "u" ? "undo" : "redo", of: found[2] };
}

/**
 * The start of keys of a song's edits that are made on a chart's page: there, and only there, undo reaches them.
 * @param {number} chart
 * @returns {string}
 */
export const madeFrom = (chart) => `c${chart}.`;
