// Edits that the server does not count as they were made: made anew, put before the person, or given up.

import { Touched, conflictOf, keepMine, keepTheirs, troubles } from "./conflicts.js";

const MOST_TRIES = 3; // of an edit that fits here, and that the server refuses
const AGAIN_MS = 2000;

export class Refusals {
  /** Who else changed what. */
  touched = new Touched();
  #choosing = null;
  #tries = new Map();

  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
  }

  /** @returns {import("./conflicts.js").Conflict|null} what someone has to choose in before more is saved */
  get conflict() {
    return this.#choosing;
  }

  /** @param {string} key of an edit that is done with */
  forget(key) {
    this.#tries.delete(key);
  }

  /**
   * See what becomes of a refused edit, so that the rest can be sent.
   * @param {import("./saver.js").Item} item
   * @param {{status?: number, message: string}} error
   */
  async settle(item, error) {
    const { session } = this;
    const isConflict = error.status === 409 || error.status === 422;
    try {
      if (isConflict) await session.catchUp();
    } catch {
      session.saver.later(() => this.settle(item, error), AGAIN_MS);
      return;
    }
    const edit = session.documentOf(item.scope).pending.find(({ key }) => key === item.key);
    if (!edit) return this.#goOn(item, new Map());
    const wrong = isConflict ? troubles(...session.standing(item.scope, "confirmed"), edit.changes) : null;
    if (wrong && (wrong.cells.size || wrong.fields.length)) return this.#letChoose(item, edit, wrong);
    const tries = (this.#tries.get(item.key) ?? 0) + 1;
    this.#tries.set(item.key, tries);
    if (isConflict && tries < MOST_TRIES) return this.#goOn(item, this.#waitingEdits());
    session.emit("told", `Not saved, and taken back: ${item.body.summary}. ${error.message}`);
    return this.#without(item);
  }

  #letChoose(item, edit, wrong) {
    const { session } = this;
    const conflict = conflictOf(...session.standing(item.scope, "confirmed"), edit.changes, wrong);
    this.#choosing = { ...conflict, item, wrong, summary: item.body.summary, scope: item.scope, by: this.touched.by(wrong) };
    session.emit("conflict", this.#choosing);
  }

  /** @param {"mine"|"theirs"} choice in the conflict that is shown */
  choose(choice) {
    const { item, wrong, scope } = this.#choosing;
    this.#choosing = null;
    const { pending } = this.session.documentOf(scope);
    const kept = choice === "mine" ? keepMine(...this.session.standing(scope, "confirmed"), pending) : keepTheirs(pending, wrong);
    const edits = this.#waitingWith(scope, kept);
    this.session.emit("conflict", null);
    this.#goOn(item, edits);
  }

  #without(item) {
    const rest = this.session.documentOf(item.scope).pending.filter(({ key }) => key !== item.key);
    const kept = keepMine(...this.session.standing(item.scope, "confirmed"), rest);
    this.#goOn(item, this.#waitingWith(item.scope, kept));
  }

  #waitingEdits() {
    const { document, songDocument } = this.session;
    return new Map([...document.pending, ...songDocument.pending].map((edit) => [edit.key, edit]));
  }

  /** What waits, with others in the place of one document's. */
  #waitingWith(scope, kept) {
    const edits = this.#waitingEdits();
    for (const { key } of this.session.documentOf(scope).pending) edits.delete(key);
    for (const edit of kept) edits.set(edit.key, edit);
    return edits;
  }

  /** Send what is left, as `edits` now have it by their keys. */
  #goOn(refused, edits) {
    const { document, songDocument, history, saver } = this.session;
    const items = [];
    const shown = { chart: [], song: [] };
    for (const item of saver.waiting) {
      const edit = edits.get(item.key);
      const isSame = edit && JSON.stringify(edit.changes) === JSON.stringify(item.body.changes);
      if (!isSame) history.amend(item.key, edit?.changes ?? null);
      if (!edit) continue;
      shown[item.scope].push(edit);
      items.push({ ...item, body: { ...item.body, changes: edit.changes, base: document.version, songBase: songDocument.version } });
    }
    document.replacePending(shown.chart);
    songDocument.replacePending(shown.song);
    saver.resume(items);
    if (!items.some(({ key }) => key === refused.key)) this.#tries.delete(refused.key);
  }
}
