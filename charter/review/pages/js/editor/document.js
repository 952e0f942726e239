// A chart as one person has it before them: what the server has, and on top of it what is on its way there.

import { apply, shifted } from "./edits.js";
import { Emitter } from "../player/emitter.js";
import { cellsOf, notesOf } from "./notes.js";

/** @typedef {import("./edits.js").Changes} Changes */
/** @typedef {{key: string, changes: Changes}} OwnEdit */
/** @typedef {{version: number, key: string, changes: Changes}} ServerEdit */

export class ChartDocument extends Emitter {
  #confirmed;
  #confirmedFields;
  #shown = new Map();
  #notes = null;
  #trial = null;

  /** @param {{notes: import("./notes.js").Note[], version: number, meter: number, description: string}} chart */
  constructor(chart) {
    super();
    /** @type {OwnEdit[]} edits that the server has not answered, oldest first */
    this.pending = [];
    this.fields = {};
    this.load(chart);
  }

  /**
   * Take what the server has; own edits stay on top of it.
   * @param {{notes: import("./notes.js").Note[], version: number, meter: number, description: string}} chart
   */
  load({ notes, version, meter, description }) {
    this.#confirmed = cellsOf(notes);
    this.#confirmedFields = { meter, description };
    this.version = version;
    this.#rebuild();
  }

  /** @returns {import("./notes.js").Note[]} what is shown and heard, by tick, then panel */
  get notes() {
    this.#notes ??= notesOf(this.#trial ? this.#withTrial() : this.#shown);
    return this.#notes;
  }

  /** @returns {Map<number, import("./notes.js").Value>} the chart with own edits, whatever is tried; not to be changed */
  get cells() {
    return this.#shown;
  }

  /** @returns {Map<number, import("./notes.js").Value>} the chart as the server has it; not to be changed */
  get confirmed() {
    return this.#confirmed;
  }

  /** @returns {Object<string, any>} */
  get confirmedFields() {
    return this.#confirmedFields;
  }

  /** @returns {null|{start: number, end: number, notes: import("./notes.js").Note[]}} */
  get trial() {
    return this.#trial;
  }

  /**
   * Let other notes stand from `start` up to `end` for a while, to be heard; no edit.
   * @param {null|{start: number, end: number, notes: import("./notes.js").Note[]}} trial
   */
  setTrial(trial) {
    this.#trial = trial;
    this.#changed();
  }

  /**
   * An edit of one's own: seen at once, confirmed later.
   * @param {OwnEdit} edit
   */
  perform(edit) {
    this.#trial = null;
    this.pending.push(edit);
    apply(this.#shown, this.fields, edit.changes);
    this.#changed();
  }

  /**
   * An edit that the server has counted, one's own or another's.
   * @param {ServerEdit} edit
   * @returns {"applied"|"known"|"gap"} "gap" where versions before it are missing; then nothing is changed
   */
  receive(edit) {
    if (edit.version <= this.version) {
      this.#forget(edit.key);
      return "known";
    }
    if (edit.version > this.version + 1) return "gap";
    apply(this.#confirmed, this.#confirmedFields, edit.changes);
    this.version = edit.version;
    this.pending = this.pending.filter((own) => own.key !== edit.key);
    if (edit.changes.shift) {
      this.pending = this.pending.map((own) => ({ ...own, changes: shifted(own.changes, edit.changes.shift) }));
    }
    this.#rebuild();
    return "applied";
  }

  /**
   * Other edits instead of those that wait.
   * @param {OwnEdit[]} edits
   */
  replacePending(edits) {
    this.pending = [...edits];
    this.#rebuild();
  }

  #forget(key) {
    if (!this.pending.some((own) => own.key === key)) return;
    this.pending = this.pending.filter((own) => own.key !== key);
    this.#rebuild();
  }

  #rebuild() {
    this.#shown = new Map(this.#confirmed);
    this.fields = { ...this.#confirmedFields };
    for (const { changes } of this.pending) apply(this.#shown, this.fields, changes);
    this.#changed();
  }

  #withTrial() {
    const { start, end, notes } = this.#trial;
    return cellsOf([...notesOf(this.#shown).filter(([tick]) => tick < start || tick >= end), ...notes]);
  }

  #changed() {
    this.#notes = null;
    this.emit("change", this);
  }
}
