// Notes as plain values, and the words of the field for them.

import { TICKS_PER_BEAT, TICKS_PER_MEASURE } from "../player/timing.js";
import { PANEL_NAMES } from "../words.js";

/** @typedef {[number, number, string, number|null]} Note tick, panel, kind, tick of the end */
/** @typedef {[string, number|null]} Value kind and end of a note on a known cell */

export const PANELS = PANEL_NAMES.length;

export const TAP = "1";
export const HOLD = "2";
export const ROLL = "4";
export const MINE = "M";
export const LIFT = "L";
export const FAKE = "F";
export const KIND_NAMES = { [TAP]: "tap", [HOLD]: "hold", [ROLL]: "roll", [MINE]: "mine", [LIFT]: "lift", [FAKE]: "fake", K: "keysound" };

/** Steps of the cursor, coarse to fine: how many of them fill a measure. */
export const SNAPS = [4, 8, 12, 16, 24, 32, 48, 64, 96, 192];

/**
 * @param {number} perMeasure one of SNAPS
 * @returns {number} ticks
 */
export const snapTicks = (perMeasure) => TICKS_PER_MEASURE / perMeasure;

/**
 * A number of its own for each place of a chart; they rise in file order.
 * @param {number} tick
 * @param {number} panel
 * @returns {number}
 */
export const cellOf = (tick, panel) => tick * PANELS + panel;

/**
 * @param {number} cell
 * @returns {[number, number]} tick and panel
 */
export const placeOf = (cell) => [Math.floor(cell / PANELS), cell % PANELS];

/**
 * @param {Iterable<Note>} notes
 * @returns {Map<number, Value>}
 */
export function cellsOf(notes) {
  const cells = new Map();
  for (const [tick, panel, kind, end] of notes) cells.set(cellOf(tick, panel), [kind, end]);
  return cells;
}

/**
 * @param {Map<number, Value>} cells
 * @returns {Note[]} by tick, then panel
 */
export function notesOf(cells) {
  return [...cells.keys()].sort((a, b) => a - b).map((cell) => [...placeOf(cell), ...cells.get(cell)]);
}

/**
 * @param {Value|null} a
 * @param {Value|null} b
 * @returns {boolean}
 */
export const sameValue = (a, b) => (a && b ? a[0] === b[0] && a[1] === b[1] : a === b);

/**
 * @param {number} tick
 * @returns {string} the beat, as short as it can be said: "32", "32.5", "32.333"
 */
export const beatText = (tick) => String(Math.round((tick / TICKS_PER_BEAT) * 1000) / 1000);

/**
 * @param {number} tick
 * @returns {string} measure and beat as an editor counts them, "9:1" for tick 1536
 */
export function measureText(tick) {
  const beat = ((tick % TICKS_PER_MEASURE) + TICKS_PER_MEASURE) % TICKS_PER_MEASURE / TICKS_PER_BEAT;
  return `${Math.floor(tick / TICKS_PER_MEASURE) + 1}:${Math.round((beat + 1) * 1000) / 1000}`;
}

/**
 * @param {Value|null} value
 * @returns {string}
 */
export function valueText(value) {
  if (!value) return "nothing";
  const name = KIND_NAMES[value[0]] ?? "note";
  return value[1] === null ? name : `${name} to beat ${beatText(value[1])}`;
}
