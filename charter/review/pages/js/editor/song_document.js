// A song's fields as one person has them: the server's, and on top of them what is on its way there.

import { sameField } from "./edits.js";
import { Emitter } from "../player/emitter.js";

/** @typedef {import("./edits.js").Changes} Changes */

export class SongDocument extends Emitter {
  #fields = {};

  /** @param {{fields: Object<string, any>, shift: number, version: number}} song */
  constructor({ fields, shift, version }) {
    super();
    /** @type {{key: string, changes: Changes}[]} edits that the server has not answered, oldest first */
    this.pending = [];
    this.confirmed = fields;
    this.shift = shift;
    this.version = version;
    this.#rebuild();
  }

  /** @returns {Object<string, any>} what is shown; timing is `fields.timing` */
  get fields() {
    return this.#fields;
  }

  /** @param {{key: string, changes: Changes}} edit */
  perform(edit) {
    this.pending.push(edit);
    this.#rebuild();
  }

  /**
   * What the server has now.
   * @param {{version: number, key?: string, fields: Object<string, any>, shift: number}} state key: of the last edit
   */
  receive({ version, key, fields, shift }) {
    this.pending = this.pending.filter((own) => own.key !== key);
    if (version >= this.version) [this.version, this.confirmed, this.shift] = [version, fields, shift];
    this.#rebuild();
  }

  /** @param {{key: string, changes: Changes}[]} edits instead of those that wait */
  replacePending(edits) {
    this.pending = [...edits];
    this.#rebuild();
  }

  #rebuild() {
    const before = this.#fields;
    this.#fields = { ...this.confirmed };
    for (const { changes } of this.pending) {
      for (const [name, [, now]] of Object.entries(changes.fields ?? {})) this.#fields[name] = now;
    }
    const names = new Set([...Object.keys(before), ...Object.keys(this.#fields)]);
    const changed = [...names].filter((name) => !sameField(before[name], this.#fields[name]));
    if (changed.length) this.emit("change", changed);
  }
}

/**
 * What an edit of a song changed, in whichever way it is written.
 * @param {{changes: any}} edit
 * @returns {Changes}
 */
export function songChanges({ changes }) {
  const { shift = 0, fields, ...rest } = changes;
  return { fields: fields ?? rest, shift };
}
