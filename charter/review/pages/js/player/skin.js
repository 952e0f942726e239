// What notes look like: drawn once into small pictures, then only copied.

import { PANEL_NAMES } from "../words.js";

/** Colours of the page's style sheet, by name without the dashes. */
export function colours(element) {
  const style = getComputedStyle(element);
  const names = ["ground", "card", "raised", "line", "edge", "ink", "soft", "faint", "accent", "good", "warn", "bad",
    ...PANEL_NAMES, "foot-left", "foot-right", "beginner", "easy", "medium", "hard", "challenge", "edit",
    ...QUANTISATIONS.map(([, name]) => `note-${name}`)];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || "#8b97aa"]));
}

// Ticks to a note of each kind, the coarsest first.
const QUANTISATIONS = [[48, 4], [24, 8], [16, 12], [12, 16], [8, 24], [6, 32], [4, 48], [3, 64], [1, 192]];

/** The note value of a tick's row: 4, 8, 12, 16, 24, 32, 48, 64 or 192. */
export function quantisation(tick) {
  return QUANTISATIONS.find(([ticks]) => tick % ticks === 0)[1];
}

const TURNS = [-0.25, 0.5, 0, 0.25]; // of an arrow that points up, by panel
const ARROW = [[0, -0.9], [0.88, -0.04], [0.52, 0.33], [0.27, 0.1], [0.27, 0.86]];

/** An arrow in the unit circle, for a canvas whose origin is its middle. */
function arrowPath() {
  const path = new Path2D();
  const mirrored = ARROW.slice(1).reverse().map(([x, y]) => [-x, y]);
  for (const [x, y] of [...ARROW, ...mirrored]) path.lineTo(x, y);
  path.closePath();
  return path;
}

/** Pictures of notes at one size. */
export class Skin {
  /**
   * @param {Record<string, string>} palette  as `colours` gives it
   * @param {number} size  of a note, in pixels of the page
   * @param {number} density  of the screen
   */
  constructor(palette, size, density) {
    this.palette = palette;
    this.size = size;
    this.density = density;
    this._pictures = new Map();
    this._arrow = arrowPath();
  }

  /** Copies a note's picture so that its middle is at (x, y). `look`: "", "ghost", "removed". */
  note(context, x, y, tick, panel, kind, look = "") {
    const value = kind === "M" ? "" : quantisation(tick);
    this._copy(context, x, y, `${kind}${value}:${panel}:${look}`, (paint) => this._note(paint, value, panel, kind, look));
  }

  /** A receptor; `glow` from 0 to 1, in tenths. */
  receptor(context, x, y, panel, glow) {
    const step = Math.round(glow * 10);
    this._copy(context, x, y, `receptor:${panel}:${step}`, (paint) => this._receptor(paint, panel, step / 10));
  }

  /** A ring around a note. */
  ring(context, x, y, colour) {
    this._copy(context, x, y, `ring:${colour}`, (paint) => {
      paint.lineWidth = 0.13;
      paint.strokeStyle = colour;
      paint.beginPath();
      paint.arc(0, 0, 1.02, 0, 2 * Math.PI);
      paint.stroke();
    });
  }

  /** The letter of the foot that takes a note, on its middle. */
  foot(context, x, y, isLeft) {
    this._copy(context, x, y, `foot:${isLeft}`, (paint) => {
      paint.fillStyle = "rgb(8 10 15 / .82)";
      paint.beginPath();
      paint.arc(0, 0, 0.4, 0, 2 * Math.PI);
      paint.fill();
      paint.fillStyle = this.palette[isLeft ? "foot-left" : "foot-right"];
      paint.textAlign = "center";
      paint.textBaseline = "middle";
      paint.scale(0.01, 0.01); // some browsers draw no letters of half a pixel
      paint.font = "bold 58px sans-serif";
      paint.fillText(isLeft ? "L" : "R", 0, 4);
    });
  }

  /** A hold's or roll's body from its head to its tail. */
  body(context, x, top, bottom, kind, look = "") {
    const half = this.size * 0.3;
    const isRoll = kind === "4";
    context.globalAlpha *= look ? 0.6 : 1;
    context.beginPath();
    context.roundRect(x - half, top, 2 * half, Math.max(bottom - top, 1), [0, 0, half, half]);
    context.fillStyle = isRoll ? "#7a4f14" : "#1c6b52";
    context.fill();
    context.lineWidth = 2;
    context.strokeStyle = isRoll ? "#ffb43d" : "#53dfb0";
    if (look === "removed") context.setLineDash([5, 4]);
    context.stroke();
    context.setLineDash([]);
    if (isRoll) this._teeth(context, x, half * 0.6, top, bottom - half);
    context.globalAlpha /= look ? 0.6 : 1;
  }

  _teeth(context, x, half, top, bottom) {
    const step = this.size * 0.3;
    context.beginPath();
    for (let y = top + step; y + step / 2 < bottom; y += step) {
      context.moveTo(x - half, y - step / 3);
      context.lineTo(x, y + step / 3);
      context.lineTo(x + half, y - step / 3);
    }
    context.stroke();
  }

  _copy(context, x, y, name, draw) {
    const side = this.size * 1.3;
    let picture = this._pictures.get(name);
    if (!picture) {
      picture = document.createElement("canvas");
      picture.width = picture.height = Math.ceil(side * this.density);
      const paint = picture.getContext("2d");
      paint.translate(picture.width / 2, picture.height / 2);
      paint.scale((this.size / 2) * this.density, (this.size / 2) * this.density);
      paint.lineJoin = "round";
      draw(paint);
      this._pictures.set(name, picture);
    }
    // On whole pixels, the copy needs no smoothing.
    const left = Math.round((x - side / 2) * this.density) / this.density;
    const top = Math.round((y - side / 2) * this.density) / this.density;
    context.drawImage(picture, left, top, picture.width / this.density, picture.height / this.density);
  }

  _note(paint, value, panel, kind, look) {
    if (look === "ghost") paint.globalAlpha = 0.88;
    if (kind === "M") return this._mine(paint, look);
    const colour = kind === "F" ? "#6c7686" : this.palette[`note-${value}`];
    paint.rotate(TURNS[panel] * 2 * Math.PI);
    if (look === "removed" || kind === "L") {
      this._outline(paint, look === "removed" ? this.palette.bad : colour, look === "removed");
      return undefined;
    }
    paint.lineWidth = 0.26;
    paint.strokeStyle = "#06080c";
    paint.stroke(this._arrow);
    const shade = paint.createLinearGradient(0, -0.9, 0, 0.9);
    shade.addColorStop(0, `color-mix(in srgb, ${colour} 72%, white)`);
    shade.addColorStop(0.45, colour);
    shade.addColorStop(1, `color-mix(in srgb, ${colour} 68%, black)`);
    paint.fillStyle = shade;
    paint.fill(this._arrow);
    paint.lineWidth = look === "ghost" ? 0.13 : 0.07;
    paint.strokeStyle = look === "ghost" ? "#c488ff" : "rgb(255 255 255 / .85)";
    if (kind === "F") paint.setLineDash([0.2, 0.14]);
    paint.stroke(this._arrow);
    if (kind === "K") paint.fillRect(-0.1, -0.1, 0.2, 0.2);
    return undefined;
  }

  _outline(paint, colour, isDashed) {
    paint.fillStyle = "rgb(6 8 12 / .55)";
    paint.fill(this._arrow);
    paint.lineWidth = 0.16;
    paint.strokeStyle = colour;
    if (isDashed) paint.setLineDash([0.24, 0.16]);
    paint.stroke(this._arrow);
  }

  _mine(paint, look) {
    const ring = (radius, fill) => {
      paint.beginPath();
      paint.arc(0, 0, radius, 0, 2 * Math.PI);
      paint.fillStyle = fill;
      paint.fill();
    };
    ring(0.78, "#06080c");
    ring(0.68, look === "removed" ? this.palette.bad : "#8d99ab");
    ring(0.5, "#20262f");
    ring(0.28, look === "removed" ? "#3c1a1f" : "#ff3b45");
    paint.strokeStyle = "#06080c";
    paint.lineWidth = 0.12;
    for (const [x, y] of [[0.7, 0], [0, 0.7], [-0.7, 0], [0, -0.7]]) {
      paint.beginPath();
      paint.moveTo(x, y);
      paint.lineTo(x * 0.7, y * 0.7);
      paint.stroke();
    }
  }

  _receptor(paint, panel, glow) {
    paint.rotate(TURNS[panel] * 2 * Math.PI);
    const colour = this.palette[PANEL_NAMES[panel]];
    paint.fillStyle = `color-mix(in srgb, ${colour} ${Math.round(18 + 60 * glow)}%, #10141c)`;
    paint.fill(this._arrow);
    paint.lineWidth = 0.12 + 0.08 * glow;
    paint.strokeStyle = `color-mix(in srgb, ${colour} ${Math.round(70 - 50 * glow)}%, white)`;
    paint.stroke(this._arrow);
  }
}
