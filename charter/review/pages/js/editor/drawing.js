// Notes put in by a key or the mouse that is held: what is drawn meanwhile, and the one edit in the end.

import { TICKS_PER_BEAT } from "../player/timing.js";
import { TOOLS } from "./editing.js";
import { notesIn, rowsBetween, snapped } from "./selection.js";

const REACH_PIXELS = 22; // half an arrow: within it a press means the note
const LONG_MS = 300; // while the song plays, a key that is held for less means a tap

/**
 * Keys that are held down on a panel. A press puts a note in or takes it out; going on with the cursor before the key is
 * let go makes it long. While the song plays the cursor goes on by itself, and the time for which the key is held tells.
 */
export class HeldPanels {
  #held = new Map();

  /**
   * @param {import("./editing.js").Editing} editing
   * @param {() => import("./editing.js").Tool} tool
   * @param {() => boolean} isPlaying
   * @param {() => number} now milliseconds
   */
  constructor(editing, tool, isPlaying = () => false, now = () => performance.now()) {
    Object.assign(this, { editing, tool, isPlaying, now });
    editing.view.on("change", (changed) => changed.includes("cursor") && this.#held.size && this.#draw());
  }

  /** @param {number} panel @param {boolean} asMine */
  press(panel, asMine) {
    const { view } = this.editing;
    const tool = asMine ? TOOLS.find(({ id }) => id === "mine") : this.tool();
    this.#held.set(panel, { tool, from: snapped(view.cursor, view.snap), at: this.now(), inPlay: this.isPlaying() });
    this.#draw();
  }

  /** @param {number} panel */
  release(panel) {
    const held = this.#held.get(panel);
    if (!held) return;
    const { view } = this.editing;
    this.#held.delete(panel);
    view.set({ ghosts: null });
    this.editing.put(held.tool, panel, held.from, this.#end(held));
    if (this.#held.size) this.#draw();
  }

  /** The row up to which a key that is let go now makes its note. */
  #end({ from, at, inPlay }) {
    const { view } = this.editing;
    const to = snapped(view.cursor, view.snap);
    if (!inPlay) return to;
    return this.now() - at < LONG_MS ? from : Math.max(from, to); // a loop may have begun again
  }

  #draw() {
    const { editing } = this;
    const notes = [...this.#held].map(([panel, held]) => editing.drawn(held.tool, panel, held.from, this.#end(held)));
    showDrawn(editing, notes.filter(([tick, panel, , end]) => end !== null || !editing.noteAt(tick, panel)));
  }
}

function showDrawn({ view }, notes) {
  const ticks = notes.flatMap(([tick, , , end]) => [tick, end ?? tick]);
  const ghosts = notes.length ? { start: Math.min(...ticks), end: Math.max(...ticks) + 1, notes, over: true } : null;
  view.set({ ghosts });
}

/** The mouse on the field. But for a click beside the lanes the cursor stays, for the field would move under the mouse. */
export class Pointing {
  #drag = null;

  /**
   * @param {import("./editing.js").Editing} editing
   * @param {() => import("./editing.js").Tool} tool
   */
  constructor(editing, tool) {
    Object.assign(this, { editing, tool });
  }

  /** @param {{type: string, tick: number, panel: number|null, button: number, shiftKey: boolean}} event */
  handle(event) {
    if (event.type === "down") this.#down(event);
    else if (event.type === "move" && this.#drag) this.#move(event);
    else if (event.type === "up" && this.#drag) this.#up(event);
    else if (event.type === "cancel") this.cancel();
  }

  /**
   * Leave what is being drawn, moved or selected; all is as it was.
   * @returns {boolean} false where there is no such thing
   */
  cancel() {
    if (!this.#drag) return false;
    this.editing.view.set({ ghosts: null, selection: this.#drag.before });
    this.#drag = null;
    return true;
  }

  #down({ tick, panel, button, shiftKey }) {
    const { editing } = this;
    const { view } = editing;
    const row = snapped(tick, view.snap);
    const before = view.selection;
    const note = panel === null ? null : editing.noteNear(tick, panel, (REACH_PIXELS / view.spacing) * TICKS_PER_BEAT);
    if (button === 2) {
      if (note) editing.remove([note]);
    } else if (button !== 0) {
      return;
    } else if (shiftKey) {
      this.#drag = { what: "select", from: before ? farEnd(before, row) : view.cursor, isMoved: true, before };
      this.#select(row);
    } else if (panel === null) {
      this.#drag = { what: "select", from: row, isMoved: false, before };
    } else if (note) {
      this.#drag = { what: "move", note, grabbed: row, isMoved: false, before };
    } else {
      this.#drag = { what: "draw", tool: this.tool(), panel, from: row, before };
      this.#move({ tick, panel });
    }
  }

  #move({ tick, panel }) {
    const { editing } = this;
    const drag = this.#drag;
    const row = snapped(tick, editing.view.snap);
    if (drag.what === "select") {
      drag.isMoved ||= row !== drag.from;
      if (drag.isMoved) this.#select(row);
    } else if (drag.what === "draw") {
      showDrawn(editing, [editing.drawn(drag.tool, drag.panel, drag.from, row)]);
    } else {
      drag.isMoved ||= row !== drag.grabbed || (panel !== null && panel !== drag.note[1]);
      if (drag.isMoved) showDrawn(editing, this.#moved(row, panel).map(([note]) => note));
    }
  }

  #up({ tick, panel }) {
    const { editing } = this;
    const { view } = editing;
    const drag = this.#drag;
    const row = snapped(tick, view.snap);
    if (drag.what === "select") {
      if (!drag.isMoved) view.set({ cursor: row, selection: null });
    } else {
      view.set({ ghosts: null });
      if (drag.what === "draw") editing.put(drag.tool, drag.panel, drag.from, row);
      else if (drag.isMoved) this.#drop(row, panel);
      else if (drag.what === "move") view.set({ selection: rowsBetween(drag.note[0], drag.note[0]) });
    }
    this.#drag = null;
  }

  #drop(row, panel) {
    const { editing } = this;
    const pairs = this.#moved(row, panel);
    if (!pairs.length) return;
    const [[after, before]] = pairs;
    const ticks = after[0] - before[0];
    const isMoved = editing.move(pairs.map(([, note]) => note), ticks, after[1] - before[1]);
    const { selection } = editing.view;
    if (isMoved && selection) editing.view.set({ selection: rowsBetween(selection.start + ticks, selection.end + ticks) });
  }

  /** Notes of the drag as they would be and as they are. */
  #moved(row, panel) {
    const { editing } = this;
    const { note, grabbed } = this.#drag;
    const { selection } = editing.view;
    const isAmong = selection && selection.end > selection.start && note[0] >= selection.start && note[0] <= selection.end;
    const notes = isAmong ? notesIn(editing.document.notes, selection) : [note];
    const ticks = row - grabbed;
    const panels = isAmong || panel === null ? 0 : panel - note[1];
    const pairs = notes.map((each) => [[each[0] + ticks, each[1] + panels, each[2], each[3] === null ? null : each[3] + ticks], each]);
    return pairs.every(([[tick]]) => tick >= 0) ? pairs : [];
  }

  #select(row) {
    this.editing.view.set({ selection: rowsBetween(this.#drag.from, row) });
  }
}

const farEnd = ({ start, end }, row) => (Math.abs(row - start) > Math.abs(row - end) ? start : end);
