// What can be undone and redone: a person's own edits, newest last, without limit.

import { inverted, shifted } from "./edits.js";
import { Emitter } from "../player/emitter.js";
import { madeFrom, readKey } from "./keys_of_edits.js";
import { songChanges } from "./song_document.js";

/** @typedef {import("./edits.js").Changes} Changes */
/**
 * @typedef {{key: string, scope: "chart"|"song", summary: string, changes: Changes}} Entry
 * key: of the edit when it was first made; changes: what it did when it last counted
 */

export class History extends Emitter {
  /** @type {Entry[]} */
  undos = [];
  /** @type {Entry[]} */
  redos = [];

  /**
   * A new edit: what was undone before it cannot be redone.
   * @param {Entry} entry
   */
  add(entry) {
    this.undos.push(entry);
    this.redos = [];
    this.emit("change");
  }

  /**
   * The newest edit was taken back.
   * @param {Changes} changes what the undo did
   */
  undone(changes) {
    const entry = this.undos.pop();
    this.redos.push({ ...entry, changes: inverted(changes) });
    this.emit("change");
  }

  /**
   * What was undone last counts again.
   * @param {Changes} changes what the redo did
   */
  redone(changes) {
    const entry = this.redos.pop();
    this.undos.push({ ...entry, changes });
    this.emit("change");
  }

  /**
   * Leave out an entry that can no longer be undone or redone.
   * @param {Entry} entry
   */
  forget(entry) {
    this.undos = this.undos.filter((each) => each !== entry);
    this.redos = this.redos.filter((each) => each !== entry);
    this.emit("change");
  }

  /**
   * An edit did not count as it was made.
   * @param {string} key that it was sent with
   * @param {Changes|null} changes what it does now; null where it does nothing any more
   */
  amend(key, changes) {
    const { way, of } = readKey(key);
    const own = (entry) => entry.key === of;
    const put = (entries, now) => entries.flatMap((entry) => (own(entry) ? (now ? [{ ...entry, changes: now }] : []) : [entry]));
    if (way === "undo") this.redos = put(this.redos, changes && inverted(changes));
    else this.undos = put(this.undos, changes);
    this.emit("change");
  }

  /**
   * Every note of the chart was moved.
   * @param {number} ticks
   */
  shift(ticks) {
    const moved = (entry) => (entry.scope === "chart" ? { ...entry, changes: shifted(entry.changes, ticks) } : entry);
    this.undos = this.undos.map(moved);
    this.redos = this.redos.map(moved);
  }

  /** @param {{scope: "chart"|"song", key: string, summary: string, changes: Changes}} edit one's own, as the server has it */
  replay({ scope, key, summary, changes }) {
    const { way, of } = readKey(key);
    const from = way === "undo" ? this.undos : this.redos;
    const place = way === "edit" ? -1 : from.findLastIndex((entry) => entry.key === of);
    if (place < 0) {
      this.undos.push({ key, scope, summary, changes });
      this.redos = [];
      return;
    }
    const [entry] = from.splice(place, 1);
    if (way === "undo") this.redos.push({ ...entry, changes: inverted(changes) });
    else this.undos.push({ ...entry, changes });
  }
}

/**
 * The stacks as they were when the page was last left.
 * @param {any[]} chartEdits every edit of the chart, oldest first
 * @param {any[]} songEdits every edit of the song, oldest first
 * @param {number} person whose
 * @param {number} chart
 * @returns {History}
 */
export function historyOf(chartEdits, songEdits, person, chart) {
  const history = new History();
  const isOwn = (edit) => edit.author?.id === person;
  const ofSong = songEdits.filter((edit) => isOwn(edit) && readKey(edit.key).of.startsWith(madeFrom(chart)));
  const all = [
    ...chartEdits.map((edit) => ({ ...edit, scope: "chart" })),
    ...ofSong.map((edit) => ({ ...edit, scope: "song", changes: songChanges(edit) })),
  ];
  all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  for (const edit of all) {
    if (edit.scope === "chart" && edit.changes.shift) history.shift(edit.changes.shift);
    else if (isOwn(edit)) history.replay(edit);
  }
  return history;
}
