// The song's other charts as narrow fields on the same clock.

import { capital } from "../words.js";
import { Lanes, drawNotes, drawReceptors } from "./lanes.js";
import { Skin } from "./skin.js";

const WIDEST = 34; // pixels between lanes
const NARROWEST = 22;
const GAP = 26;
const HEAD = 30; // pixels for the names

/** The other difficulties, each in lanes of its own. */
export class SideBySide {
  constructor(palette) {
    this._palette = palette;
    this._charts = [];
    this._skins = new Map();
  }

  /** Pixels that it needs to be read. */
  get narrowest() {
    return this._charts.length * (4 * NARROWEST + GAP);
  }

  get count() {
    return this._charts.length;
  }

  /** @param {{slot: string, meter: number, notes: import("./stage.js").Note[]}[]} others */
  read(others) {
    this._charts = others.map(({ slot, meter, notes }) => ({ slot, meter, lanes: new Lanes(notes) }));
  }

  /** Draws them from `left` to the right edge. */
  draw(context, scroll, { left, width, height, timing, isPlaying, density }) {
    const room = (width - left - 12) / this._charts.length;
    const pitch = Math.max(10, Math.min(WIDEST, Math.floor((room - GAP) / 4)));
    const skin = this._skin(Math.round(pitch * 0.92), density);
    this._charts.forEach(({ slot, meter, lanes }, index) => {
      const place = { x: left + index * (4 * pitch + GAP) + 2 * pitch, pitch, skin };
      context.fillStyle = "#0a0d13";
      context.fillRect(place.x - 2 * pitch, 0, 4 * pitch, height);
      drawReceptors(context, lanes, scroll, place, timing, isPlaying);
      drawNotes(context, lanes, scroll, place, { played: isPlaying });
      this._name(context, place, slot, meter, this._palette[slot] ?? this._palette.soft);
    });
  }

  _name(context, place, slot, meter, colour) {
    context.fillStyle = "rgb(14 17 23 / .9)";
    context.fillRect(place.x - 2 * place.pitch - GAP / 2, 0, 4 * place.pitch + GAP, HEAD);
    context.fillStyle = colour;
    context.fillRect(place.x - 2 * place.pitch, HEAD - 2, 4 * place.pitch, 2);
    context.font = "600 13px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    const room = 4 * place.pitch + GAP - 6;
    const name = `${capital(slot)} ${meter}`;
    const fits = context.measureText(name).width <= room;
    context.fillText(fits ? name : `${capital(slot.slice(0, 3))} ${meter}`, place.x, HEAD / 2, room);
  }

  _skin(size, density) {
    const name = `${size} ${density}`;
    if (!this._skins.has(name)) this._skins.set(name, new Skin(this._palette, size, density));
    return this._skins.get(name);
  }
}
