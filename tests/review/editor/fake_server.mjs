// The server's side of edits, as the API describes it, in memory; with faults to order.

import { apply, changesTo, misfits, shifted } from "../../../charter/review/pages/js/editor/edits.js";
import { cellOf, notesOf } from "../../../charter/review/pages/js/editor/notes.js";

const refusal = (status, message) => Object.assign(new Error(message), { status });

export class FakeServer {
  cells = new Map();
  fields = { meter: 5, description: "" };
  edits = [];
  songEdits = [];
  song = { title: "A", timing: { tempos: [[0, 120]], offset: 0 } };
  shift = 0;
  listeners = [];
  /** Called before each post: may throw (the request never came) or return "lose answer". */
  fault = () => {};

  /** What a person's pages ask. */
  api(author) {
    return {
      get: async (path) => this.#get(path),
      post: async (path, body) => {
        const fault = this.fault(path, body);
        const answer = path.includes("/charts/") ? this.#chartEdit(body, author) : this.#songEdit(body, author);
        if (fault === "lose answer") throw refusal(0, "gone");
        return answer;
      },
    };
  }

  chart() {
    return { notes: notesOf(this.cells), version: this.edits.length, ...this.fields };
  }

  songDetail() {
    return { fields: this.song, shift: this.shift, version: this.songEdits.length };
  }

  #get(path) {
    if (path.includes("/charts/")) return structuredClone(this.edits.slice(Number(path.split("after=")[1])));
    return structuredClone(this.songDetail());
  }

  #chartEdit({ key, base, kind, changes, summary }, author) {
    const known = this.edits.find((edit) => edit.key === key);
    if (known) return this.#answer(known, base);
    const ticks = this.edits.slice(base).reduce((sum, edit) => sum + (edit.changes.shift ?? 0), 0);
    const meant = shifted(changes, ticks);
    const wrong = misfits(this.cells, this.fields, meant);
    if (wrong.cells.size || wrong.fields.length) throw refusal(409, "someone changed the same place");
    const after = new Map(this.cells);
    const fields = { ...this.fields };
    apply(after, fields, meant);
    for (const [tick, panel, , now] of meant.notes ?? []) {
      if (now && changesTo(after, new Map([[cellOf(tick, panel), now]])).notes.length) throw refusal(422, "a note inside a hold");
      if (now && overlapsBefore(after, tick, panel)) throw refusal(422, "a note inside a hold");
    }
    [this.cells, this.fields] = [after, fields];
    return this.#answer(this.add({ key, kind, summary, changes: meant, author }), base);
  }

  #answer(edit, base) {
    const others = this.edits.slice(base, edit.version).filter((each) => each.author !== edit.author);
    return structuredClone({ version: edit.version, base, others });
  }

  add(edit) {
    const counted = structuredClone({ version: this.edits.length + 1, at: new Date(1e12 + 1000 * this.edits.length).toISOString(), ...edit });
    this.edits.push({ ...counted, author: edit.author });
    for (const listener of this.listeners) listener(structuredClone({ ...counted, author: edit.author }));
    return this.edits.at(-1);
  }

  /** Beat 0 is moved, by someone. */
  moveBeat0(ticks, author) {
    apply(this.cells, this.fields, { shift: ticks });
    this.shift += ticks;
    this.add({ key: `shift-${this.edits.length}`, kind: "shift", summary: "", changes: { shift: ticks }, author });
  }

  #songEdit({ key, fields = {}, summary }, author) {
    if (!this.songEdits.some((edit) => edit.key === key)) {
      const isOld = Object.entries(fields).some(([name, [was]]) => JSON.stringify(this.song[name]) !== JSON.stringify(was));
      if (isOld) throw refusal(409, "someone changed the same field");
      this.song = { ...this.song, ...Object.fromEntries(Object.entries(fields).map(([name, [, now]]) => [name, now])) };
      this.songEdits.push({ key, summary, author, changes: fields, version: this.songEdits.length + 1, at: new Date(1e12 + 5e8).toISOString() });
    }
    return structuredClone({ version: this.songEdits.length, fields: this.song, shift: this.shift });
  }
}

function overlapsBefore(cells, tick, panel) {
  return [...cells].some(([cell, value]) => cell % 4 === panel && Math.floor(cell / 4) < tick && (value[1] ?? -1) >= tick);
}

/** localStorage of one browser. */
export class FakeStorage {
  #items = new Map();
  get length() {
    return this.#items.size;
  }
  key(index) {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(name) {
    return this.#items.get(name) ?? null;
  }
  setItem(name, value) {
    if (this.full) throw new Error("QuotaExceededError");
    this.#items.set(name, value);
  }
  removeItem(name) {
    this.#items.delete(name);
  }
}
