// Sends edits in the order they were made, and keeps them in the browser until the server has them.

import { Emitter } from "../player/emitter.js";

/**
 * @typedef {{key: string, scope: "chart"|"song", id: number, body: Object<string, any>, person: number, of: string,
 *   made: number}} Item
 * body: what is sent with the key; of: what tells the chart from one of the same number in another review
 */
/** @typedef {{state: "saved"|"saving"|"offline"|"stopped", waiting: number, kept: boolean, message: string}} Status */

const PREFIX = "charter.unsaved.";
const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
const AGAIN = new Set([0, 401, 408, 425, 429, 500, 502, 503, 504, 507]); // what may count later

export class Saver extends Emitter {
  #queue = [];
  #busy = false;
  #stopped = false;
  #message = "";
  #wait = 0;
  #timer = null;
  #last = 0;
  #kept = true;

  /**
   * @param {{send: (item: Item) => Promise<any>, storage: Storage, clock?: () => number,
   *   later?: (run: () => void, ms: number) => any}} parts
   * send: its errors have a `status`, 0 or none where the server could not be reached
   */
  constructor({ send, storage, clock = Date.now, later = (run, ms) => setTimeout(run, ms) }) {
    super();
    Object.assign(this, { send, storage, clock, later });
  }

  /** @returns {Item[]} what the server has not got, oldest first */
  get waiting() {
    return [...this.#queue];
  }

  /** @returns {Status} */
  get status() {
    const waiting = this.#queue.length;
    const state = !waiting ? "saved" : this.#stopped ? "stopped" : this.#message ? "offline" : "saving";
    return { state, waiting, kept: this.#kept, message: waiting ? this.#message : "" };
  }

  /** @param {Item} item */
  add(item) {
    this.#keep(item);
    this.#queue.push(item);
    this.#tell();
    this.#pump();
  }

  /**
   * Take up what pages that are gone have left, and send it.
   * @param {Item[]} items oldest first
   */
  adopt(items) {
    this.#queue.push(...items);
    this.#tell();
    this.#pump();
  }

  /**
   * Keep edits no longer that the server has.
   * @param {Item[]} items
   */
  forget(items) {
    for (const item of items) this.#drop(item);
  }

  /** Try at once, where a try was put off. */
  retry() {
    if (this.#timer === null) return;
    this.#timer = null;
    this.#pump();
  }

  /**
   * Other edits instead of those that wait, after someone has chosen; then go on.
   * @param {Item[]} items
   */
  resume(items) {
    const old = this.#queue;
    this.#queue = [];
    for (const item of items) {
      this.#keep(item);
      this.#queue.push(item);
    }
    const names = new Set(items.map(storageName));
    for (const item of old) if (!names.has(storageName(item))) this.#drop(item);
    this.#stopped = false;
    this.#tell();
    this.#pump();
  }

  async #pump() {
    if (this.#busy || this.#stopped || this.#timer !== null || !this.#queue.length) return;
    this.#busy = true;
    const item = this.#queue[0];
    let answer = null;
    let error = null;
    try {
      answer = await this.send(item);
    } catch (raised) {
      error = raised;
    }
    this.#busy = false;
    if (!error) this.#saved(item, answer);
    else if (AGAIN.has(error.status ?? 0)) this.#putOff(error);
    else this.#refused(item, error);
  }

  #saved(item, answer) {
    this.#message = "";
    this.#wait = 0;
    this.#queue = this.#queue.filter((each) => each !== item);
    this.#drop(item);
    this.emit("saved", { item, answer });
    this.#tell();
    this.#pump();
  }

  #putOff(error) {
    this.#message = error.status ? error.message : "the server cannot be reached";
    this.#wait = Math.min(LONGEST_WAIT, this.#wait ? this.#wait * 2 : FIRST_WAIT);
    this.#timer = this.later(() => this.retry(), this.#wait);
    this.#tell();
  }

  /** Someone has to look at it: whoever listens answers with `resume`. */
  #refused(item, error) {
    this.#stopped = true;
    this.#tell();
    this.emit("refused", { item, error });
  }

  #keep(item) {
    this.#last = Math.max(this.#last + 1, this.clock());
    item.made ??= this.#last;
    try {
      this.storage.setItem(storageName(item), JSON.stringify(item));
      this.#kept = true;
    } catch {
      this.#kept = false; // full or forbidden; told in the status
    }
  }

  #drop(item) {
    try {
      this.storage.removeItem(storageName(item));
    } catch {
      this.#kept = false;
    }
  }

  #tell() {
    this.emit("status", this.status);
  }
}

const storageName = (item) => `${PREFIX}${item.scope}.${item.id}.${item.key}`;

/**
 * Every edit that this browser still keeps for a person.
 * @param {Storage} storage
 * @param {number} person
 * @returns {Item[]} oldest first
 */
export function keptEdits(storage, person) {
  const items = [];
  try {
    for (let index = 0; index < storage.length; index += 1) {
      const name = storage.key(index);
      if (name?.startsWith(PREFIX)) items.push(JSON.parse(storage.getItem(name)));
    }
  } catch {
    return [];
  }
  return items.filter((item) => item?.person === person).sort((a, b) => a.made - b.made);
}
