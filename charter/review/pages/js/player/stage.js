// The stage of the chart page: the song is heard, its chart scrolls by.

import { el, fill } from "../dom.js";
import { Emitter } from "./emitter.js";
import { Feet } from "./feet.js";
import { keptLatency } from "./latency.js";
import { Notefield } from "./notefield.js";
import { Overview } from "./overview.js";
import { Player } from "./player.js";

/**
 * A note: tick, panel 0 to 3 (left, down, up, right), StepMania's character of its kind, tick of its tail or null.
 * @typedef {[number, number, string, number|null]} Note
 */

/**
 * What is shown; the stage reads it and listens. `on` may return a function that ends it.
 * @typedef {object} Model
 * @property {any} song  as GET /api/songs/{song}; `song.sound` says where the sound files are
 * @property {import("./timing.js").Timing} timing  may be replaced: call `stage.refresh()` then
 * @property {{notes: Note[], on: Function}} document  notes by tick and panel; tells "change"
 * @property {{slot: string, meter: number, notes: Note[]}[]} others  filled by `loadOthers`, and shown by `stage.showOthers`
 * @property {() => Promise<void>} loadOthers
 * @property {{findings: any[], comments: any[], people: any[], on: Function}} marks  tells "change"
 * @property {[number, string, string[]][]} footing  [tick, feet, techs]
 * @property {Function} on  tells "footing"
 * @property {any} view  {cursor, selection, snap, spacing, background, sideBySide, locks, ghosts, diff, set, on}; also
 *   `scroll` ("beat" or "time") and `feet` (letters on the notes), both optional
 */

const PAD_ROOM = 192; // pixels at the right edge

/** The stage; `createStage` makes it. */
export class Stage {
  /**
   * @param {HTMLElement} root
   * @param {Model} model
   */
  constructor(root, model) {
    this.model = model;
    this._events = new Emitter();
    this.player = new Player(model.song.sound);
    this.player.latency = keptLatency();
    const field = el("div", { class: "stage-field" });
    const strip = el("div", { class: "stage-overview" });
    const pad = el("div", { class: "stage-pad", hidden: true });
    field.append(pad);
    root.classList.add("stage");
    fill(root, field, strip);
    this._root = root;
    this.notefield = new Notefield(field, model);
    this.overview = new Overview(strip, model);
    this.feet = new Feet(pad);
    this._frame = 0;
    this._isOwn = false; // the change of the cursor that is told comes from here
    this._listen();
    this.player.seek(model.timing.secondsAt(model.view.cursor));
    this.refresh();
    void this.showOthers();
  }

  _listen() {
    const { model, player } = this;
    const fresh = (read) => () => {
      read();
      this._request();
    };
    model.document.on("change", fresh(() => this._readChart()));
    model.marks.on("change", fresh(() => (this.notefield.readMarks(), this.overview.read(this._duration))));
    model.on("footing", fresh(() => this._readFooting()));
    model.view.on("change", (changed) => this._look(changed));
    player.on("state", fresh(() => this._settle()));
    player.on("loaded", fresh(() => this.overview.read(this._duration)));
    this.overview.on("seek", (seconds) => this._seek(model.timing.tickAt(seconds)));
    this.overview.on("select", ({ start, end }) => this._select(start, end));
    this.notefield.on("pointer", (event) => this._events.emit("pointer", event));
    this.notefield.on("stale", () => this._request());
    this.notefield.on("error", (error) => player.emit("error", error));
    new ResizeObserver(() => this.resize()).observe(this._root);
  }

  /** The model's timing or song is another. */
  refresh() {
    this._readChart();
    this._readFooting();
    this.notefield.readMarks();
    this._request();
  }

  _readChart() {
    const { document, timing } = this.model;
    this.notefield.readChart();
    this.overview.read(this._duration);
    this.player.setChart(document.notes, timing);
  }

  _readFooting() {
    this.notefield.readFooting();
    this.feet.read(this.model.footing, this.model.document.notes, this.model.timing);
    this.feet.fit();
    this.overview.read(this._duration);
  }

  get _duration() {
    const last = this.model.timing.secondsAt(this.lastTick);
    return Math.max(this.player.duration, last);
  }

  /** The tick of the last note or tail; 0 in an empty chart. */
  get lastTick() {
    return this.model.document.notes.reduce((most, [tick, , , end]) => Math.max(most, end ?? tick), 0);
  }

  /** The view has changed: another moment, or another look. */
  _look(changed) {
    const names = changed ?? [];
    if (names.includes("cursor") && !this._isOwn) {
      this._isSettling = false;
      this.player.seek(this.model.timing.secondsAt(this.model.view.cursor));
    }
    if (names.includes("ghosts") || names.includes("diff")) this.notefield.readChart();
    if (names.includes("sideBySide")) {
      this._placePad();
      void this.showOthers();
    }
    this._request();
  }

  /**
   * Shows the song's other charts anew, where they are shown.
   * @param {() => Promise<any>} load  what brings them
   */
  async showOthers(load = () => this.model.loadOthers()) {
    if (!this.model.view.sideBySide) return;
    try {
      await load();
    } catch (error) {
      this.player.emit("error", error);
      return;
    }
    this.notefield.readOthers();
    this._placePad();
    this._request();
  }

  /** Moves the cursor, and the song with it. */
  goTo(tick) {
    const cursor = Math.max(0, Math.round(tick));
    this._isSettling = false;
    this._setCursor(cursor);
    this.player.seek(this.model.timing.secondsAt(cursor));
  }

  /** Where one points in the song: on the grid, unless the song plays on from there. */
  _seek(tick) {
    const { snap } = this.model.view;
    this.goTo(this.player.playing ? tick : Math.round(tick / snap) * snap);
  }

  _setCursor(cursor) {
    this._isOwn = true;
    try {
      this.model.view.set({ cursor });
    } finally {
      this._isOwn = false;
    }
  }

  _select(start, end) {
    const { view, timing } = this.model;
    const snapped = (seconds) => Math.max(0, Math.round(timing.tickAt(seconds) / view.snap) * view.snap);
    view.set({ selection: { start: snapped(start), end: snapped(end) } });
  }

  /** Calls the listener with {type, tick, panel, button, shiftKey, altKey, ctrlKey} for the pointer on the field. */
  onPointer(listener) {
    return this._events.on("pointer", listener);
  }

  /** The player has begun or ended: at its end the cursor stands on the nearest row of the snap. */
  _settle() {
    this.notefield.loop = this.player.loop;
    if (this._wasPlaying && !this.player.playing) this._isSettling = true;
    this._wasPlaying = this.player.playing;
  }

  _request() {
    this._frame ||= requestAnimationFrame(() => this._draw());
  }

  _draw() {
    this._frame = 0;
    const { player, model } = this;
    const { view, timing } = model;
    const isMoving = player.playing || this._isSettling;
    const now = performance.now();
    const seconds = isMoving ? player.positionAt(now) : timing.secondsAt(view.cursor);
    const tick = isMoving ? timing.tickAt(seconds) : view.cursor;
    if (isMoving) this._follow(tick);
    this.notefield.draw({ tick, seconds }, player.playing);
    /** What the field shows: the song's seconds at a time of the page's clock. */
    this.drawn = { at: now, seconds };
    const { first, last } = this.notefield.seen;
    this.overview.draw(seconds, { first: timing.secondsAt(first), last: timing.secondsAt(last) }, player.loop);
    this.feet.draw(seconds);
    if (isMoving) {
      player.emit("time", seconds);
      this._request();
    }
  }

  /** The cursor goes with the song; once all is still, it stands on a row, and the song with it. */
  _follow(tick) {
    const { snap } = this.model.view;
    if (!this._isSettling || this.player.playing) {
      this._isSettling = false;
      this._setCursor(Math.max(0, Math.round(tick)));
    } else if (this.player.isStill) {
      this.goTo(Math.round(tick / snap) * snap);
    }
  }

  /** Takes the size of its box. */
  resize() {
    for (const part of [this.notefield, this.overview, this.feet]) part.fit();
    this._placePad();
    this._request();
  }

  /** The pad beside the charts, and away where they need the room. */
  _placePad() {
    this.feet.isWanted = this.notefield.keepRoom(PAD_ROOM);
    this.feet.fit();
  }

}

/**
 * Builds the stage inside `root`.
 * @param {HTMLElement} root
 * @param {Model} model
 * @returns {Stage}
 */
export function createStage(root, model) {
  return new Stage(root, model);
}
