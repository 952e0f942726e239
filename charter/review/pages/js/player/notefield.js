// The field: the chart over the song and the beats' lines, and the pointer on it.

import { Surface } from "./canvas.js";
import { Emitter } from "./emitter.js";
import { drawCursor, drawGrid, drawRange, drawTempos } from "./grid.js";
import { Lanes, drawNotes, drawReceptors } from "./lanes.js";
import { drawMargin, marksInOrder } from "./margin.js";
import { Scroll } from "./scroll.js";
import { SideBySide } from "./side_by_side.js";
import { Skin, colours } from "./skin.js";
import { Spectrogram, Wave } from "./wave.js";

const PITCH = 68; // pixels between lanes
const NOTE = 60;
const RECEPTORS = 0.16; // of the height, from the top
const LEFT_ROOM = 150; // for measure numbers and tempos
const LEAST_LEFT_ROOM = 110; // where the field is narrow
const MARGIN = 60; // right of the lanes, for the signs of marks at least

/** Draws the field at a moment; reads the model, changes nothing of it. */
export class Notefield extends Emitter {
  /**
   * @param {HTMLElement} box
   * @param {import("./stage.js").Model} model
   */
  constructor(box, model) {
    super();
    this._model = model;
    this._surface = new Surface(box, { class: "notefield", tabindex: "-1", role: "img", "aria-label": "The chart, scrolling" });
    this.canvas = this._surface.canvas;
    this._palette = colours(box);
    this._others = new SideBySide(this._palette);
    this._pictures = {};
    this._kept = 0;
    this._skins();
    this.readChart();
    this.readMarks();
    this.readFooting();
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"]) {
      this.canvas.addEventListener(type, (event) => this._point(event));
    }
    this.canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  _skins() {
    this._place = { x: 0, pitch: PITCH, skin: new Skin(this._palette, NOTE, this._surface.density) };
  }

  /** The document has changed. */
  readChart() {
    this._lanes = new Lanes(this._model.document.notes);
    const { ghosts, diff } = this._model.view;
    this._ghosts = ghosts && new Lanes(ghosts.notes);
    this._removed = diff && new Lanes(diff.removed);
  }

  readMarks() {
    this._marks = marksInOrder(this._model.marks, this._palette);
  }

  readFooting() {
    this._feet = new Map(this._model.footing.map(([tick, feet]) => [tick, feet]));
  }

  /** The siblings' notes are there. */
  readOthers() {
    this._others.read(this._model.others);
  }

  get _isBeside() {
    return this._model.view.sideBySide && this._others.count > 0;
  }

  get _leftRoom() {
    return Math.max(LEAST_LEFT_ROOM, Math.min(LEFT_ROOM, this._surface.width - 4 * PITCH - MARGIN));
  }

  /** Where the middle of the lanes is. */
  get _middle() {
    const first = this._leftRoom + 2 * PITCH;
    return Math.round(this._isBeside ? first : Math.max(first, this._surface.width / 2 - PITCH / 2));
  }

  get _besideFrom() {
    return this._leftRoom + 4 * PITCH + 40;
  }

  /**
   * Leaves room at the right edge, where the lanes and the charts beside them have enough without it.
   * @param {number} room  pixels
   * @returns {boolean}  whether it is free
   */
  keepRoom(room) {
    const end = this._isBeside ? this._besideFrom + this._others.narrowest : this._middle + 2 * PITCH;
    const fits = this._surface.width - end >= room;
    this._kept = this._isBeside && fits ? room : 0;
    return fits;
  }

  /** Takes the size of its box. */
  fit() {
    const density = this._surface.density;
    if (!this._surface.fit()) return;
    if (density !== this._surface.density) this._skins();
  }

  /** Draws what is at the receptors now: {tick, seconds}. */
  draw(now, isPlaying) {
    const { context, width, height } = this._surface;
    const { view, timing } = this._model;
    const place = this._place;
    place.x = this._middle;
    const scroll = new Scroll(timing, now, view, Math.round(height * RECEPTORS), height);
    this._scroll = scroll;
    this._surface.clear();
    this._drawGround(context, scroll, place, height);
    drawGrid(context, scroll, place, this._palette, view.snap);
    drawTempos(context, scroll, place, this._palette, timing.value);
    this._drawRanges(context, scroll, place);
    drawReceptors(context, this._lanes, scroll, place, timing, isPlaying);
    this._drawChart(context, scroll, place, isPlaying);
    if (!isPlaying) drawCursor(context, scroll, place, this._palette, view.cursor);
    if (this._isBeside) this._others.draw(context, scroll, { left: this._besideFrom, width: width - this._kept, height, timing, isPlaying, density: this._surface.density });
    else drawMargin(context, scroll, place, this._marks, width);
  }

  _drawGround(context, scroll, place, height) {
    const { background } = this._model.view;
    const half = 2 * place.pitch;
    const picture = background === "none" ? null : this._picture(background);
    context.fillStyle = "#0a0d13";
    context.fillRect(place.x - half, 0, 2 * half, height);
    if (picture && background === "wave") {
      picture.draw(context, scroll.spans(), place.x, half * 1.15, "rgb(96 134 204 / .42)");
    } else if (picture) {
      context.globalAlpha = 0.5;
      picture.draw(context, scroll.spans(), place.x - half, place.x + half);
      context.globalAlpha = 1;
    }
    context.fillStyle = "rgb(255 255 255 / .1)";
    for (let lane = 0; lane <= 4; lane += 1) context.fillRect(Math.round(place.x + (lane - 2) * place.pitch), 0, 1, height);
  }

  /** The background's picture, fetched when it is first wanted. */
  _picture(background) {
    const { sound } = this._model.song;
    const source = background === "wave" ? sound?.peaks : sound?.bands;
    if (!source) return null;
    if (this._pictures[background] === undefined) {
      this._pictures[background] = null;
      (background === "wave" ? Wave : Spectrogram).fetch(source).then((picture) => {
        this._pictures[background] = picture;
        this.emit("stale", null);
      }, (error) => this.emit("error", error));
    }
    return this._pictures[background];
  }

  _drawRanges(context, scroll, place) {
    const { view, timing } = this._model;
    const { selection, locks, ghosts } = view;
    if (this.loop) {
      const [start, end] = [this.loop.start, this.loop.end].map((at) => timing.tickAt(at));
      drawRange(context, scroll, place, start, end, "rgb(88 214 141 / .07)", "rgb(88 214 141 / .8)");
    }
    for (const [start, end] of locks ?? []) drawRange(context, scroll, place, start, end, "rgb(245 184 74 / .16)", "rgb(245 184 74 / .5)");
    if (timing.secondsAt(0) < 0) drawRange(context, scroll, place, 0, timing.tickAt(0), "rgb(163 175 194 / .14)", "rgb(163 175 194 / .5)");
    if (ghosts) drawRange(context, scroll, place, ghosts.start, ghosts.end, "rgb(196 136 255 / .1)", "rgb(196 136 255 / .8)");
    if (selection) drawRange(context, scroll, place, selection.start, selection.end, "rgb(110 160 255 / .2)", "rgb(110 160 255 / .9)");
  }

  _drawChart(context, scroll, place, isPlaying) {
    const { view } = this._model;
    const { selection, diff, ghosts } = view;
    const rings = (selection || diff) && (([tick]) => {
      if (diff?.added.has(tick)) return this._palette.good;
      if (diff?.moved.has(tick)) return this._palette.warn;
      return selection && tick >= selection.start && tick <= selection.end ? "#ffffff" : null;
    });
    const feet = view.feet ? this._feet : null;
    drawNotes(context, this._lanes, scroll, place, { played: isPlaying, replaced: ghosts, rings, feet });
    if (this._removed) drawNotes(context, this._removed, scroll, place, { look: "removed" });
    if (this._ghosts) drawNotes(context, this._ghosts, scroll, place, { played: isPlaying, look: "ghost" });
  }

  /** The ticks at the top and at the bottom. */
  get seen() {
    return { first: this._scroll.first, last: this._scroll.last };
  }

  /** Where the pointer is: the tick of the row there, and the panel of the lane, null beside the lanes. */
  at(x, y) {
    const panel = Math.floor((x - this._place.x) / PITCH + 2);
    return { tick: this._scroll.tickAt(y), panel: panel >= 0 && panel < 4 ? panel : null };
  }

  _point(event) {
    if (!this._scroll) return;
    const type = { pointerdown: "down", pointermove: "move", pointercancel: "cancel" }[event.type] ?? "up";
    if (type === "down") this.canvas.setPointerCapture(event.pointerId);
    const { left, top } = this.canvas.getBoundingClientRect();
    const { button, shiftKey, altKey, ctrlKey } = event;
    this.emit("pointer", { type, ...this.at(event.clientX - left, event.clientY - top), button, shiftKey, altKey, ctrlKey });
  }
}
