// The pad and the feet that dance the chart on it.

import { Surface } from "./canvas.js";
import { colours } from "./skin.js";
import { countUpTo } from "./timing.js";
import { PANEL_NAMES } from "../words.js";

const AT = [[0, 1], [1, 2], [1, 0], [2, 1]]; // column and row of left, down, up, right
const REST = { left: [0, 1], right: [2, 1] };
const STEP_SECONDS = 0.16; // a foot is on its way no longer

/**
 * Where both feet stand behind each row, and which of them hit it. On a bracket a foot stands between the two panels.
 * @param {[number, string, string[]][]} footing  what is under each foot
 * @param {import("./stage.js").Note[]} notes  by tick and panel
 * @returns {{tick: number, left: number[], right: number[], moves: string, techs: string[]}[]}
 */
export function stances(footing, notes) {
  const hit = new Set(notes.filter(([, , kind]) => "124".includes(kind)).map(([tick, panel]) => 4 * tick + panel));
  let { left, right } = REST;
  return footing.map(([tick, feet, techs]) => {
    const panels = { l: [], r: [] };
    [...feet].forEach((foot, panel) => panels[foot.toLowerCase()]?.push(panel));
    const middle = (under) => [0, 1].map((axis) => under.reduce((sum, panel) => sum + AT[panel][axis], 0) / under.length);
    if (panels.l.length) left = middle(panels.l);
    if (panels.r.length) right = middle(panels.r);
    const moves = ["l", "r"].filter((foot) => panels[foot].some((panel) => hit.has(4 * tick + panel))).join("");
    return { tick, left, right, moves, techs };
  });
}

/** Draws the pad. */
export class Feet {
  constructor(box) {
    this._box = box;
    this._palette = colours(box);
    this._surface = new Surface(box, { role: "img", "aria-label": "Feet on the pad" });
    this._rows = [];
    this._isWanted = true;
  }

  /** What is danced: see `stances`. @param {import("./timing.js").Timing} timing */
  read(footing, notes, timing) {
    this._rows = stances(footing, notes);
    this._seconds = this._rows.map(({ tick }) => timing.secondsAt(tick));
    this._show();
  }

  /** @param {boolean} is  whether there is room for it */
  set isWanted(is) {
    this._isWanted = is;
    this._show();
  }

  _show() {
    this._box.hidden = !this._isWanted || this._rows.length === 0;
  }

  fit() {
    this._surface.fit();
  }

  draw(seconds) {
    if (this._box.hidden) return;
    const { context, width, height } = this._surface;
    const cell = Math.min(width, height - 20) / 3;
    const origin = [(width - 3 * cell) / 2, 0];
    const index = countUpTo(this._seconds, seconds) - 1;
    const here = this._rows[index] ?? { ...REST, moves: "", techs: [] };
    const next = this._rows[index + 1];
    const start = next && Math.max(this._seconds[index + 1] - STEP_SECONDS, this._seconds[index] ?? -Infinity);
    const part = next ? Math.max(0, (seconds - start) / (this._seconds[index + 1] - start)) : 0;
    const eased = part * part * (3 - 2 * part);
    const fresh = index >= 0 ? Math.max(0, 1 - (seconds - this._seconds[index]) / 0.25) : 0;
    this._surface.clear();
    this._pad(context, origin, cell, here, fresh);
    for (const foot of ["left", "right"]) {
      const moves = next?.moves.includes(foot[0]);
      const spot = [0, 1].map((axis) => here[foot][axis] + (moves ? eased * (next[foot][axis] - here[foot][axis]) : 0));
      this._foot(context, origin, cell, foot, spot, moves ? Math.sin(Math.PI * Math.min(part, 1)) : 0);
    }
    context.fillStyle = this._palette.soft;
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    if (here.techs.length) context.fillText(here.techs.join(", "), width / 2, height - 5, width);
  }

  _pad(context, [x, y], cell, here, fresh) {
    AT.forEach(([column, row], panel) => {
      const hit = ["left", "right"].some((foot) => here.moves.includes(foot[0]) &&
        Math.abs(here[foot][0] - column) <= 0.5 && Math.abs(here[foot][1] - row) <= 0.5);
      const colour = this._palette[PANEL_NAMES[panel]];
      context.fillStyle = `color-mix(in srgb, ${colour} ${Math.round(12 + (hit ? 60 * fresh : 0))}%, #10141c)`;
      context.strokeStyle = `color-mix(in srgb, ${colour} 60%, #10141c)`;
      context.lineWidth = 1.5;
      context.beginPath();
      context.roundRect(x + column * cell + 2, y + row * cell + 2, cell - 4, cell - 4, 6);
      context.fill();
      context.stroke();
    });
  }

  _foot(context, [x, y], cell, foot, [column, row], lift) {
    const side = foot === "left" ? -1 : 1;
    const size = cell * (1 + 0.12 * lift);
    context.save();
    context.translate(x + (column + 0.5) * cell + side * cell * 0.1, y + (row + 0.5) * cell - lift * cell * 0.1);
    context.rotate(side * 0.14);
    context.fillStyle = this._palette[`foot-${foot}`];
    context.strokeStyle = "#06080c";
    context.lineWidth = 2;
    context.beginPath();
    context.ellipse(0, -size * 0.12, size * 0.17, size * 0.26, 0, 0, 2 * Math.PI);
    context.ellipse(0, size * 0.24, size * 0.13, size * 0.14, 0, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    context.fillStyle = "#06080c";
    context.font = `bold ${Math.round(cell * 0.26)}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(foot === "left" ? "L" : "R", 0, -size * 0.1);
    context.restore();
    context.textBaseline = "alphabetic";
  }
}
