// The whole song in one strip: how dense it is, what it asks of the feet, what was found and said; a click goes there.

import { Surface } from "./canvas.js";
import { densityCurve } from "./density.js";
import { Emitter } from "./emitter.js";
import { marksInOrder } from "./margin.js";
import { colours } from "./skin.js";
import { strikes } from "./ticks.js";

const LABELS = 74; // pixels at the left
const LANE = 13; // pixels of a row of marks
const TECHS = [
  ["crossovers", "#c488ff", (tech) => tech.includes("crossover") || tech === "spin" || tech === "candle"],
  ["switches", "#4fd2f5", (tech) => tech.includes("switch")],
  ["jacks", "#f4d94a", (tech) => tech === "jack"],
  ["brackets", "#ff9d45", (tech) => tech === "bracket" || tech === "hand"],
  ["doubles", "#ff676e", (tech) => ["double-step", "unreachable row", "twisted foot"].includes(tech)],
];

/** Draws the strip; tells "seek" with seconds, "select" with {start, end} seconds where Shift is held. */
export class Overview extends Emitter {
  /**
   * @param {HTMLElement} box
   * @param {import("./stage.js").Model} model
   */
  constructor(box, model) {
    super();
    this._model = model;
    this._palette = colours(box);
    this._still = new Surface(box, { "aria-hidden": "true" });
    this._moving = new Surface(box, { role: "img", "aria-label": "The whole song: density, feet, findings; click to go there" });
    this._duration = 0;
    this._isStale = true;
    const canvas = this._moving.canvas;
    canvas.addEventListener("pointerdown", (event) => this._press(event));
    canvas.addEventListener("pointermove", (event) => this._drag(event));
    canvas.addEventListener("pointerup", () => (this._pressed = null));
  }

  /** Something of the model has changed. */
  read(duration) {
    this._duration = Math.max(duration, 1);
    this._isStale = true;
  }

  fit() {
    const still = this._still.fit();
    this._isStale = this._moving.fit() || still || this._isStale;
  }

  /** @param {number} seconds  what is heard @param {{first: number, last: number}} seen  seconds on the field */
  draw(seconds, seen, loop) {
    if (this._isStale) this._drawStill();
    const { context, height } = this._moving;
    this._moving.clear();
    const bar = (from, to, colour) => {
      context.fillStyle = colour;
      context.fillRect(this._x(from), 0, Math.max(this._x(to) - this._x(from), 1), height);
    };
    bar(Math.max(0, seen.first), Math.min(this._duration, seen.last), "rgb(255 255 255 / .08)");
    if (loop) bar(loop.start, loop.end, "rgb(88 214 141 / .22)");
    const { selection, cursor } = this._model.view;
    const { timing } = this._model;
    if (selection) bar(timing.secondsAt(selection.start), timing.secondsAt(selection.end), "rgb(110 160 255 / .3)");
    if (Number.isFinite(cursor)) {
      context.fillStyle = "#ffffff";
      context.fillRect(this._x(seconds) - 1, 0, 2, height);
    }
  }

  /** What lies before the recording stands at its start. */
  _x(seconds) {
    return LABELS + ((this._still.width - LABELS - 8) * Math.max(0, seconds)) / this._duration;
  }

  _drawStill() {
    this._isStale = false;
    const { context, width, height } = this._still;
    this._still.clear();
    const bottom = height - (TECHS.length + 1) * LANE - 10;
    this._drawMusic(context, height);
    this._drawDensity(context, width, bottom);
    const techs = this._model.footing.map(([tick, , names]) => [this._x(this._model.timing.secondsAt(tick)), names]);
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.font = "11px system-ui, sans-serif";
    TECHS.forEach(([name, colour, isOne], lane) => {
      const y = bottom + 4 + lane * LANE;
      context.fillStyle = this._palette.faint;
      context.fillText(name, LABELS - 8, y + LANE / 2);
      context.fillStyle = "rgb(255 255 255 / .035)";
      context.fillRect(LABELS, y + 1, width - LABELS - 8, LANE - 3);
      context.fillStyle = colour;
      for (const [x, names] of techs) if (names.some(isOne)) context.fillRect(x - 1, y + 1, 2, LANE - 3);
    });
    this._drawMarks(context, bottom + 4 + TECHS.length * LANE);
  }

  _drawMusic(context, height) {
    const music = this._model.song.sound?.music;
    context.fillStyle = "rgb(255 255 255 / .03)";
    context.fillRect(this._x(0), 0, this._x(this._duration) - this._x(0), height);
    if (!music) return;
    context.fillStyle = "rgb(110 160 255 / .06)";
    context.fillRect(this._x(music.start), 0, this._x(music.end) - this._x(music.start), height);
  }

  _drawDensity(context, width, bottom) {
    const { notes } = this._model.document;
    const rows = strikes(notes, this._model.timing).seconds;
    const count = Math.max(1, Math.floor(width - LABELS - 8));
    const curve = densityCurve(rows, this._duration, count);
    const most = curve.reduce((a, b) => Math.max(a, b), 0);
    context.textAlign = "right";
    context.textBaseline = "middle";
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = this._palette.soft;
    context.fillText(`${most.toFixed(1)} rows/s`, LABELS - 8, 9);
    if (!most) return;
    const shade = context.createLinearGradient(0, bottom, 0, 0);
    shade.addColorStop(0, "#2c5fa8");
    shade.addColorStop(0.55, "#58b6e8");
    shade.addColorStop(1, "#ff9d6e");
    context.fillStyle = shade;
    context.beginPath();
    context.moveTo(LABELS, bottom);
    curve.forEach((value, part) => context.lineTo(LABELS + part + 0.5, bottom - (value / most) * (bottom - 5)));
    context.lineTo(LABELS + count, bottom);
    context.fill();
  }

  _drawMarks(context, y) {
    context.fillStyle = this._palette.faint;
    context.textAlign = "right";
    context.fillText("marks", LABELS - 8, y + LANE / 2);
    for (const { tick, colour, icon } of marksInOrder(this._model.marks, this._palette)) {
      const x = this._x(this._model.timing.secondsAt(tick));
      context.fillStyle = colour;
      context.textAlign = "center";
      context.fillText(icon, x, y + LANE / 2);
    }
  }

  _secondsAt(event) {
    const { left } = this._moving.canvas.getBoundingClientRect();
    const part = (event.clientX - left - LABELS) / (this._still.width - LABELS - 8);
    return Math.max(0, Math.min(1, part)) * this._duration;
  }

  _press(event) {
    this._moving.canvas.setPointerCapture(event.pointerId);
    this._pressed = { seconds: this._secondsAt(event), range: event.shiftKey };
    if (!event.shiftKey) this.emit("seek", this._pressed.seconds);
  }

  _drag(event) {
    if (!this._pressed) return;
    const seconds = this._secondsAt(event);
    if (!this._pressed.range) this.emit("seek", seconds);
    else this.emit("select", { start: Math.min(seconds, this._pressed.seconds), end: Math.max(seconds, this._pressed.seconds) });
  }
}
