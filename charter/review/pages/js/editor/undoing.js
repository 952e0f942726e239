// Own edits taken back and done again: one after the other, and never over what others did since.

import { capital } from "../words.js";
import { troubles } from "./conflicts.js";
import { inverted, isEmpty, reduced } from "./edits.js";
import { redoKey, undoKey } from "./keys_of_edits.js";

const UNDO = { stack: "undos", keyOf: undoKey, changesOf: (entry) => inverted(entry.changes), verb: "undo", done: "undone" };
const REDO = { stack: "redos", keyOf: redoKey, changesOf: (entry) => entry.changes, verb: "redo", done: "redone" };

export class Undoing {
  #turn = Promise.resolve();

  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
  }

  /** @returns {Promise<void>} */
  undo() {
    return this.#inTurn(UNDO);
  }

  /** @returns {Promise<void>} */
  redo() {
    return this.#inTurn(REDO);
  }

  #inTurn(way) {
    this.#turn = this.#turn.then(() => this.#go(way));
    return this.#turn;
  }

  async #go(way) {
    const { session } = this;
    const tell = (line) => session.emit("told", line);
    const newest = () => session.history[way.stack].at(-1);
    if (!(await session.numbered())) return tell(`Not ${way.done}: beat 0 is being moved, and the server is out of reach`);
    const entry = newest();
    if (!entry) return tell(`Nothing to ${way.verb}`);
    const changes = await this.#possible(entry, way.changesOf(entry), way.done);
    if (!changes || !(await session.mayChange(entry.scope, changes)) || entry !== newest()) return undefined;
    session.make(entry.scope, way.keyOf(entry.key), "undo", changes, `${way.verb}: ${entry.summary}`);
    return tell(`${capital(way.done)}: ${entry.summary}`);
  }

  /** The changes as far as they can be made; null for none, after the person was asked where others were there since. */
  async #possible(entry, changes, done) {
    const { session } = this;
    const wrong = troubles(...session.standing(entry.scope, "shown"), changes);
    const count = wrong.cells.size + wrong.fields.length;
    if (!count) return changes;
    const rest = reduced(changes, wrong);
    const choices = [{ id: "leave", label: "Leave all as it is" }, { id: "skip", label: "Skip this edit" }];
    if (!isEmpty(rest)) choices.unshift({ id: "rest", label: "Change only the rest" });
    const title = `“${entry.summary}” cannot be ${done} as a whole`;
    const text = `${count === 1 ? "One place" : `${count} places`} of it changed since. What others did stays.`;
    const choice = await session.ask({ title, text, choices });
    if (choice === "skip") session.history.forget(entry);
    return choice === "rest" ? rest : null;
  }
}
