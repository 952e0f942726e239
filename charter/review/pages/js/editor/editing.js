// What can be done to notes: each thing is one edit.

import { TICKS_PER_BEAT } from "../player/timing.js";
import { PANEL_NAMES, count as counted } from "../words.js";
import { copied, mirroredPanel, pasted } from "./clipboard.js";
import { changesTo } from "./edits.js";
import { FAKE, HOLD, KIND_NAMES, LIFT, MINE, ROLL, TAP, beatText, cellOf, cellsOf } from "./notes.js";
import { firstFrom, notesIn, rowsBetween, rowsText } from "./selection.js";

/** @typedef {import("./notes.js").Note} Note */
/** @typedef {{id: string, label: string, kind: string, held: string|null}} Tool held: kind of a note that is drawn long */

/** @type {Tool[]} */
export const TOOLS = [
  { id: "tap", label: "Tap, hold", kind: TAP, held: HOLD },
  { id: "roll", label: "Roll", kind: TAP, held: ROLL },
  { id: "mine", label: "Mine", kind: MINE, held: null },
  { id: "lift", label: "Lift", kind: LIFT, held: null },
  { id: "fake", label: "Fake", kind: FAKE, held: null },
];

const STEPS = new Set([TAP, HOLD, ROLL]);
const FAR = 100_000 * TICKS_PER_BEAT; // where the server ends songs

export class Editing {
  /**
   * @param {{document: import("./document.js").ChartDocument, view: import("./view.js").View,
   *   session: import("./session.js").Session, isSilent?: (tick: number) => boolean}} parts
   * isSilent: whether a tick is before the recording
   */
  constructor({ document, view, session, isSilent = () => false }) {
    Object.assign(this, { document, view, session, isSilent });
  }

  /** @returns {Note|null} what stands on a cell */
  noteAt(tick, panel) {
    const value = this.document.cells.get(cellOf(tick, panel));
    return value ? [tick, panel, ...value] : null;
  }

  /**
   * The note of a panel whose head is nearest to a tick, or the hold that covers it.
   * @param {number} tick may be fractional
   * @param {number} panel
   * @param {number} reach ticks
   * @returns {Note|null}
   */
  noteNear(tick, panel, reach) {
    const near = notesIn(this.document.notes, { start: Math.floor(tick - reach), end: Math.ceil(tick + reach) });
    const heads = near.filter((note) => note[1] === panel).sort((a, b) => Math.abs(a[0] - tick) - Math.abs(b[0] - tick));
    if (heads.length) return heads[0];
    for (let index = firstFrom(this.document.notes, tick) - 1; index >= 0; index -= 1) {
      const note = this.document.notes[index];
      if (note[1] === panel) return note[3] !== null && note[3] >= tick ? note : null;
    }
    return null;
  }

  /**
   * What a tool would leave between two rows of a panel: a note on the first, or a long one.
   * @returns {Note}
   */
  drawn(tool, panel, from, to) {
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    return start === end || !tool.held ? [from, panel, tool.kind, null] : [start, panel, tool.held, end];
  }

  /**
   * Put a note where none is, or take out the one that is there.
   * @param {Tool} tool
   * @param {number} panel
   * @param {number} from tick
   * @param {number} to tick; another than `from` makes a hold or roll
   */
  put(tool, panel, from, to) {
    const note = this.drawn(tool, panel, from, to);
    const there = this.noteAt(from, panel);
    const isSame = there && (there[2] === note[2] || (STEPS.has(there[2]) && STEPS.has(note[2])));
    if (isSame && note[3] === null) return this.remove([there]);
    this.#perform(cellsOf([note]), nameOf(note));
    if (this.isSilent(note[0])) this.session.emit("told", "The recording begins later: nothing is heard there yet");
    return undefined;
  }

  /** @param {Note[]} notes */
  remove(notes) {
    if (!notes.length) return;
    const wanted = new Map(notes.map(([tick, panel]) => [cellOf(tick, panel), null]));
    this.#perform(wanted, notes.length === 1 ? `${nameOf(notes[0])} deleted` : `${counted(notes.length, "note")} deleted`);
  }

  /** Take out what is selected, or what stands on the cursor's row. */
  removeSelected() {
    this.remove(this.selected());
  }

  /** @returns {Note[]} on the selected rows, else on the cursor's */
  selected() {
    return notesIn(this.document.notes, this.rows());
  }

  /** @returns {import("./selection.js").Rows} */
  rows() {
    return this.view.selection ?? { start: this.view.cursor, end: this.view.cursor };
  }

  /**
   * Move notes in time and over the panels.
   * @param {Note[]} notes
   * @param {number} ticks
   * @param {number} [panels]
   * @returns {boolean} false where they would leave the chart
   */
  move(notes, ticks, panels = 0) {
    const moved = notes.map(([tick, panel, kind, end]) => [tick + ticks, panel + panels, kind, end === null ? null : end + ticks]);
    if (!moved.length || moved.some(([tick, panel]) => tick < 0 || tick > FAR || panel < 0 || panel > 3)) return false;
    const wanted = new Map(notes.map(([tick, panel]) => [cellOf(tick, panel), null]));
    for (const [cell, value] of cellsOf(moved)) wanted.set(cell, value);
    const what = notes.length === 1 ? nameOf(notes[0]) : counted(notes.length, "note");
    this.#perform(wanted, `${what} moved${ticks ? ` by ${beatText(ticks)} beats` : ""}`);
    return true;
  }

  /** @param {number} ticks the selection goes along */
  moveSelected(ticks) {
    const { selection, cursor } = this.view;
    if (!this.move(this.selected(), ticks)) return;
    this.view.set({
      selection: selection && rowsBetween(selection.start + ticks, selection.end + ticks),
      cursor: Math.max(0, cursor + ticks),
    });
  }

  /** @param {"sideways"|"upright"|"both"} way */
  mirror(way) {
    const notes = this.selected();
    const wanted = new Map(notes.map(([tick, panel]) => [cellOf(tick, panel), null]));
    for (const [tick, panel, kind, end] of notes) wanted.set(cellOf(tick, mirroredPanel(panel, way)), [kind, end]);
    const name = { sideways: "left and right", upright: "up and down", both: "both ways" }[way];
    if (notes.length) this.#perform(wanted, `${rowsText(this.rows())} mirrored, ${name}`);
  }

  /** @returns {import("./clipboard.js").Clip|null} what is selected */
  copy() {
    const notes = this.selected();
    return notes.length ? copied(this.document.notes, this.rows()) : null;
  }

  /**
   * Put copied notes in from the cursor on; they are then selected.
   * @param {import("./clipboard.js").Clip} clip
   * @param {boolean} mix what stands there stays
   */
  paste(clip, mix) {
    const start = this.view.cursor;
    const wanted = pasted(this.document.notes, clip, start, mix);
    const what = `${counted(clip.notes.length, "note")} pasted at beat ${beatText(start)}`;
    const lost = changesTo(this.document.cells, wanted).notes.filter(([, , was]) => was).length;
    this.#perform(wanted, what);
    if (lost) this.session.emit("told", `${what}, in place of ${counted(lost, "note")} that stood there`);
    if (clip.length) this.view.set({ selection: rowsBetween(start, start + clip.length) });
  }

  /**
   * Let a passage be as a candidate has it.
   * @param {{start: number, end: number}} passage from a tick up to another
   * @param {Note[]} notes
   * @param {"redo passage"|"edit"} kind
   */
  takePassage({ start, end }, notes, kind) {
    const wanted = new Map(notesIn(this.document.notes, { start, end: end - 1 }).map(([tick, panel]) => [cellOf(tick, panel), null]));
    for (const [cell, value] of cellsOf(notes)) wanted.set(cell, value);
    this.session.edit(changesTo(this.document.cells, wanted), `beats ${beatText(start)} to ${beatText(end)} written anew`, kind);
  }

  #perform(wanted, summary) {
    this.session.edit(changesTo(this.document.cells, wanted), summary);
  }
}

/**
 * @param {Note} note
 * @returns {string} "hold left at beat 32"
 */
const nameOf = ([tick, panel, kind]) => `${KIND_NAMES[kind] ?? "note"} ${PANEL_NAMES[panel]} at beat ${beatText(tick)}`;
