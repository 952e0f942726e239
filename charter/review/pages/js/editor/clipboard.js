// Notes on their way from one place to another, of this chart or of another one.

import { PANELS, cellOf } from "./notes.js";
import { notesIn } from "./selection.js";

/** @typedef {import("./notes.js").Note} Note */
/** @typedef {{length: number, notes: Note[]}} Clip ticks from the clip's own start; length: ticks to its last row */

const MARK = "charter notes 1";
const LONGEST = 100_000;
const MIRRORS = { sideways: [3, 1, 2, 0], upright: [0, 2, 1, 3], both: [3, 2, 1, 0] };

/**
 * @param {Note[]} notes of a chart, by tick
 * @param {import("./selection.js").Rows} rows
 * @returns {Clip}
 */
export function copied(notes, rows) {
  const later = (tick) => (tick === null ? null : tick - rows.start);
  return {
    length: rows.end - rows.start,
    notes: notesIn(notes, rows).map(([tick, panel, kind, end]) => [later(tick), panel, kind, later(end)]),
  };
}

/**
 * @param {Clip} clip
 * @returns {string} for the clipboard of the computer
 */
export const clipText = (clip) => `${MARK}\n${JSON.stringify(clip)}\n`;

/**
 * @param {string} text what someone pastes
 * @returns {Clip|null} null where it is something else
 */
export function clipOf(text) {
  if (!text.startsWith(`${MARK}\n`)) return null;
  try {
    const { length, notes } = JSON.parse(text.slice(MARK.length));
    const isTick = (tick) => Number.isInteger(tick) && tick >= 0;
    const isNote = ([tick, panel, kind, end]) =>
      isTick(tick) && isTick(panel) && panel < PANELS && typeof kind === "string" && "124MLFK".includes(kind) && kind.length === 1 &&
      ("24".includes(kind) ? isTick(end) && end > tick : end === null);
    const fits = isTick(length) && Array.isArray(notes) && notes.length <= LONGEST && notes.every(isNote);
    return fits ? { length, notes } : null;
  } catch {
    return null;
  }
}

/**
 * What is to stand in the chart when the clip is put in.
 * @param {Note[]} notes of the chart, by tick
 * @param {Clip} clip
 * @param {number} tick of its first row
 * @param {boolean} mix what stands there stays, as far as the clip has nothing on its place
 * @returns {Map<number, import("./notes.js").Value|null>}
 */
export function pasted(notes, clip, tick, mix) {
  const wanted = new Map();
  if (!mix) {
    for (const [at, panel] of notesIn(notes, { start: tick, end: tick + clip.length })) wanted.set(cellOf(at, panel), null);
  }
  for (const [at, panel, kind, end] of clip.notes) {
    wanted.set(cellOf(at + tick, panel), [kind, end === null ? null : end + tick]);
  }
  return wanted;
}

/**
 * @param {number} panel
 * @param {"sideways"|"upright"|"both"} way left for right, up for down, or both
 * @returns {number}
 */
export const mirroredPanel = (panel, way) => MIRRORS[way][panel % PANELS];
