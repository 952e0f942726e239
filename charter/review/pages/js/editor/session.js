// One person's work on one chart: seen at once, sent, merged with what others do, taken back and done again.

import { isEmpty, shifted } from "./edits.js";
import { Emitter } from "../player/emitter.js";
import { madeFrom, newKey, readKey } from "./keys_of_edits.js";
import { Refusals } from "./refusals.js";
import { keptEdits, Saver } from "./saver.js";
import { songChanges } from "./song_document.js";
import { Undoing } from "./undoing.js";

/** @typedef {import("./edits.js").Changes} Changes */
/**
 * @typedef {{api: any, storage: Storage, me: {id: number, name: string}, chart: number, song: number, identity: string,
 *   document: import("./document.js").ChartDocument, songDocument: import("./song_document.js").SongDocument,
 *   history: import("./history.js").History, ask: (question: Question) => Promise<string>, later?: Function}} Parts
 * identity: tells this chart from one of the same number in another review
 */
/** @typedef {{title: string, text: string, choices: {id: string, label: string}[]}} Question */

/**
 * Tells "status" (of saving), "conflict" (or null when it is over), "told" (a line for the person), "foreign" (an edit
 * of someone else), "shift" (ticks by which all notes were moved).
 */
export class Session extends Emitter {
  #known = new Set();
  #catching = null;

  /**
   * Whether an edit may be made now; a page asks here before what someone decided is undone.
   * @type {(scope: "chart"|"song", changes: Changes) => true|Promise<boolean>}
   */
  mayChange = () => true;

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    Object.assign(this, parts);
    this.saver = new Saver({ send: (item) => this.#send(item), storage: parts.storage, later: parts.later });
    this.undoing = new Undoing(this);
    this.refusals = new Refusals(this);
    this.saver.on("status", (status) => this.emit("status", status));
    this.saver.on("saved", ({ item, answer }) => this.#saved(item, answer));
    this.saver.on("refused", ({ item, error }) => this.refusals.settle(item, error));
  }

  /** @returns {import("./conflicts.js").Conflict|null} what someone has to choose in before more is saved */
  get conflict() {
    return this.refusals.conflict;
  }

  /**
   * Settle the conflict that is shown.
   * @param {"mine"|"theirs"} choice
   */
  choose(choice) {
    this.refusals.choose(choice);
  }

  /**
   * Take up edits that an earlier page could not send.
   * @param {any[]} chartEdits the chart's history, oldest first
   * @param {any[]} songEdits the song's
   * @returns {number} how many
   */
  recover(chartEdits, songEdits) {
    for (const edit of [...chartEdits, ...songEdits]) this.#known.add(edit.key);
    const kept = keptEdits(this.storage, this.me.id).filter((item) => item.of === this.identity);
    const counted = kept.filter((item) => this.#known.has(item.key));
    this.saver.forget(counted);
    const items = kept.filter((item) => !counted.includes(item));
    for (const item of items) {
      const later = chartEdits.filter((edit) => edit.version > item.body.base);
      const ticks = later.reduce((sum, edit) => sum + (edit.changes.shift ?? 0), 0);
      this.#show(item.scope, item.key, shifted(item.body.changes, ticks), item.body.summary);
    }
    this.saver.adopt(items);
    return items.length;
  }

  /**
   * An edit of the chart.
   * @param {Changes} changes
   * @param {string} summary a few words for the list of versions
   * @param {"edit"|"redo passage"|"restore"} [kind]
   */
  edit(changes, summary, kind = "edit") {
    if (!isEmpty(changes)) this.#ifAllowed("chart", changes, () => this.make("chart", newKey(), kind, changes, summary));
  }

  /**
   * An edit of the song, for all its charts.
   * @param {Changes} changes
   * @param {string} summary
   */
  editSong(changes, summary) {
    if (!isEmpty(changes)) this.#ifAllowed("song", changes, () => this.make("song", newKey(madeFrom(this.chart)), "edit", changes, summary));
  }

  #ifAllowed(scope, changes, run) {
    const may = this.mayChange(scope, changes);
    if (may === true) run();
    else may.then((is) => is ? run() : this.emit("refused", scope));
  }

  /** Take back one's own last edit. */
  undo() {
    return this.undoing.undo();
  }

  /** Do again what was taken back last. */
  redo() {
    return this.undoing.redo();
  }

  /** Wait for beats to have the numbers that the server gives them; false where that does not come about. */
  async numbered() {
    if (this.saver.waiting.some(({ body }) => body.changes.shift) && !(await this.settled())) return false;
    await this.#catching?.catch(() => {});
    return true;
  }

  /**
   * Make an edit under a key.
   * @param {"chart"|"song"} scope
   * @param {string} key
   * @param {string} kind
   * @param {Changes} changes
   * @param {string} summary
   */
  make(scope, key, kind, changes, summary) {
    const body = { kind, changes, summary, base: this.document.version, songBase: this.songDocument.version };
    this.#show(scope, key, changes, summary);
    const id = scope === "chart" ? this.chart : this.song;
    this.saver.add({ key, scope, id, body, chart: this.chart, person: this.me.id, of: this.identity });
  }

  #show(scope, key, changes, summary) {
    this.#known.add(key);
    const { way } = readKey(key);
    if (way === "undo" && this.history.undos.length) this.history.undone(changes);
    else if (way === "redo" && this.history.redos.length) this.history.redone(changes);
    else this.history.add({ key, scope, summary, changes });
    this.documentOf(scope).perform({ key, changes });
  }

  /**
   * @param {"chart"|"song"} scope
   * @returns {import("./document.js").ChartDocument|import("./song_document.js").SongDocument}
   */
  documentOf(scope) {
    return scope === "chart" ? this.document : this.songDocument;
  }

  /**
   * Cells and fields.
   * @param {"chart"|"song"} scope
   * @param {"shown"|"confirmed"} which with own edits that wait, or as the server has them
   * @returns {[Map<number, import("./notes.js").Value>, Object<string, any>]}
   */
  standing(scope, which) {
    if (scope === "song") return [new Map(), which === "shown" ? this.songDocument.fields : this.songDocument.confirmed];
    const { document } = this;
    return which === "shown" ? [document.cells, document.fields] : [document.confirmed, document.confirmedFields];
  }

  #send({ key, scope, id, body }) {
    const { base, songBase, kind, changes, summary } = body;
    if (scope === "chart") return this.api.post(`/api/charts/${id}/edits`, { key, base, kind, changes, summary });
    const { fields, shift } = changes;
    const sent = { key, summary };
    if (shift) Object.assign(sent, { shift, base: songBase }); // so that two people do not move it twice
    else sent.fields = fields;
    return this.api.post(`/api/songs/${id}/edits`, sent);
  }

  #saved(item, answer) {
    this.refusals.forget(item.key);
    if (item.scope === "song") {
      this.songDocument.receive({ ...answer, key: item.key });
      if (item.body.changes.shift) this.catchUp();
      return;
    }
    const others = [...(answer.others ?? [])].sort((a, b) => a.version - b.version);
    if (others.some((edit) => edit.changes.shift)) {
      this.catchUp(); // the server moved this edit too: take it as it counted
      return;
    }
    for (const edit of others) this.#take(edit);
    const own = { version: answer.version, key: item.key, changes: item.body.changes };
    if (this.document.receive(own) === "gap") this.catchUp();
  }

  /**
   * An edit of the chart that the server tells of.
   * @param {any} edit
   */
  receive(edit) {
    if (this.#take(edit) === "gap") this.catchUp();
  }

  #take(edit) {
    const outcome = this.document.receive(edit);
    if (outcome !== "applied") return outcome;
    if (edit.changes.shift) {
      this.history.shift(edit.changes.shift);
      this.emit("shift", edit.changes.shift);
    } else if (!this.#known.has(edit.key)) {
      if (edit.author?.id === this.me.id) this.history.replay({ ...edit, scope: "chart" }); // made in another window
      else {
        this.refusals.touched.add(edit.author?.name, edit.changes);
        this.emit("foreign", edit);
      }
    }
    this.#known.add(edit.key);
    return outcome;
  }

  /**
   * An edit of the song that the server tells of.
   * @param {{edit: any, fields: Object<string, any>, shift: number, version: number}} event
   */
  receiveSong({ edit, fields, shift, version }) {
    this.songDocument.receive({ version, fields, shift, key: edit?.key });
    if (edit && !this.#known.has(edit.key) && edit.author?.id !== this.me.id) {
      this.refusals.touched.add(edit.author?.name, songChanges(edit));
      this.emit("foreign", { ...edit, changes: songChanges(edit), isSong: true });
    }
    if (edit) this.#known.add(edit.key);
  }

  /**
   * Wait until the server has all edits.
   * @returns {Promise<boolean>} false where that does not come about within a few seconds
   */
  settled() {
    if (this.saver.status.state === "saved") return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (is) => (off(), clearTimeout(timer), resolve(is));
      const off = this.saver.on("status", ({ state }) => (state === "saved" ? end(true) : state === "saving" || end(false)));
      const timer = setTimeout(() => end(false), 5000);
    });
  }

  /** Ask the server for what this page has missed. */
  catchUp() {
    this.#catching ??= this.#catchUp().finally(() => (this.#catching = null));
    return this.#catching;
  }

  async #catchUp() {
    const edits = await this.api.get(`/api/charts/${this.chart}/edits?after=${this.document.version}`);
    for (const edit of edits) this.#take(edit);
    const song = await this.api.get(`/api/songs/${this.song}`);
    this.songDocument.receive({ version: song.version, fields: song.fields, shift: song.shift });
  }
}
