// Rows that are selected, and the notes on them.

import { TICKS_PER_BEAT, TICKS_PER_MEASURE } from "../player/timing.js";
import { beatText } from "./notes.js";

/** @typedef {{start: number, end: number}} Rows both rows are among them */

/**
 * @param {number} a tick
 * @param {number} b tick
 * @returns {Rows}
 */
export const rowsBetween = (a, b) => ({ start: Math.max(0, Math.min(a, b)), end: Math.max(0, a, b) });

/**
 * Index of the first note on a tick or behind it.
 * @param {import("./notes.js").Note[]} notes
 * @param {number} tick
 * @returns {number}
 */
export function firstFrom(notes, tick) {
  let [low, high] = [0, notes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (notes[middle][0] < tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {import("./notes.js").Note[]} notes by tick
 * @param {Rows} rows
 * @returns {import("./notes.js").Note[]}
 */
export const notesIn = (notes, { start, end }) => notes.slice(firstFrom(notes, start), firstFrom(notes, end + 1));

/**
 * The notes of a passage, and the holds that reach into it.
 * @param {import("./notes.js").Note[]} notes by tick
 * @param {{start: number, end: number}} passage from a tick up to another
 * @returns {import("./notes.js").Note[]}
 */
export const notesThrough = (notes, { start, end }) =>
  notes.slice(0, firstFrom(notes, end)).filter(([tick, , , tail]) => (tail ?? tick) >= start);

/**
 * @param {number} tick
 * @returns {Rows} its measure, with the row on which the next begins left out
 */
export function measureOf(tick) {
  const start = Math.floor(tick / TICKS_PER_MEASURE) * TICKS_PER_MEASURE;
  return { start, end: start + TICKS_PER_MEASURE - 1 };
}

/**
 * What a redo of the selection writes anew: whole measures' worth as a person means it. A selection of whole beats that
 * ends on a measure's line goes up to it; any other includes its last row.
 * @param {Rows} rows
 * @returns {{start: number, end: number}} from a tick up to another
 */
export function passageOf({ start, end }) {
  const closes = end > start && (end - start) % TICKS_PER_BEAT === 0 && end % TICKS_PER_MEASURE === 0;
  return { start, end: closes ? end : end + 1 };
}

/**
 * The next or last tick of the cursor's grid.
 * @param {number} tick
 * @param {number} snap ticks
 * @param {1|-1} way
 * @returns {number}
 */
export function stepped(tick, snap, way) {
  const at = tick / snap;
  const next = way > 0 ? Math.floor(at + 1e-9) + 1 : Math.ceil(at - 1e-9) - 1;
  return Math.max(0, Math.round(next * snap));
}

/**
 * @param {number} tick may be fractional
 * @param {number} snap ticks
 * @returns {number} the nearest tick of the grid
 */
export const snapped = (tick, snap) => Math.max(0, Math.round(tick / snap) * snap);

/**
 * @param {Rows} rows
 * @returns {string} "beat 4", "beats 4 to 6.5", or "beats 4 up to 8" where the row of beat 8 is left out
 */
export function rowsText({ start, end }) {
  if (start === end) return `beat ${beatText(start)}`;
  const isBefore = (end + 1) % TICKS_PER_BEAT === 0;
  return isBefore ? `beats ${beatText(start)} up to ${beatText(end + 1)}` : `beats ${beatText(start)} to ${beatText(end)}`;
}
