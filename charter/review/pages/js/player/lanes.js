// Four lanes of a chart: receptors, holds, notes.

import { countUpTo } from "./timing.js";

const FLASH_SECONDS = 0.16;

/** A chart's notes as drawing wants them; made anew when they change. */
export class Lanes {
  /** @param {import("./stage.js").Note[]} notes  by tick and panel */
  constructor(notes) {
    this.notes = notes;
    this._ticks = notes.map(([tick]) => tick);
    this._longest = notes.reduce((most, [tick, , , end]) => Math.max(most, (end ?? tick) - tick), 0);
    this._hits = [0, 1, 2, 3].map((panel) => notes.filter((note) => note[1] === panel && "124L".includes(note[2])));
    this._hitTicks = this._hits.map((hits) => hits.map(([tick]) => tick));
  }

  /** Notes that show between two ticks, holds that reach in among them. */
  between(first, last) {
    const from = countUpTo(this._ticks, first - this._longest - 1);
    const found = [];
    for (let index = from; index < this.notes.length && this._ticks[index] <= last; index += 1) {
      const note = this.notes[index];
      if ((note[3] ?? note[0]) >= first) found.push(note);
    }
    return found;
  }

  /** How brightly a panel's receptor glows: the last note was just hit (1, fading), or a hold is on. */
  glow(panel, { tick, seconds }, timing) {
    const index = countUpTo(this._hitTicks[panel], tick) - 1;
    const note = this._hits[panel][index];
    if (!note) return 0;
    if (note[3] !== null && note[3] >= tick) return 0.8;
    return Math.max(0, 1 - (seconds - timing.secondsAt(note[3] ?? note[0])) / FLASH_SECONDS);
  }
}

/**
 * Draws lanes; `place` says where: {x: middle of the field, pitch: between lanes, skin}.
 * `played`: whether rows above the receptors are over (and dim); `replaced`: {start, end} of rows that a candidate
 * would take the place of (dim too); `rings`: the colour of a ring around a note, or null; `feet`: by tick.
 */
export function drawNotes(context, lanes, scroll, place, { played = false, replaced = null, look = "", rings = null, feet = null } = {}) {
  const { skin } = place;
  const margin = skin.size;
  const xOf = (panel) => place.x + (panel - 1.5) * place.pitch;
  const seen = lanes.between(scroll.tickAt(-margin), scroll.last + margin);
  const strength = (tick) => {
    if (replaced && tick >= replaced.start && tick < replaced.end) return 0.2;
    return played && tick < scroll.now.tick ? 0.32 : 1;
  };
  for (const [tick, panel, kind, end] of seen) {
    if (end === null) continue;
    context.globalAlpha = Math.min(strength(end), strength(tick) < 0.3 ? 0.2 : 1);
    skin.body(context, xOf(panel), scroll.y(tick), scroll.y(end), kind, look);
  }
  for (let index = seen.length - 1; index >= 0; index -= 1) {
    const [tick, panel, kind] = seen[index];
    const [x, y] = [xOf(panel), scroll.y(tick)];
    if (y < -margin || y > scroll.y(scroll.last) + margin) continue;
    context.globalAlpha = strength(tick);
    skin.note(context, x, y, tick, panel, kind, look);
    const foot = feet?.get(tick)?.[panel];
    if (foot && foot !== ".") skin.foot(context, x, y, foot.toUpperCase() === "L");
    const ring = rings?.(seen[index]);
    if (ring) skin.ring(context, x, y, ring);
  }
  context.globalAlpha = 1;
}

/** Draws the receptors. */
export function drawReceptors(context, lanes, scroll, place, timing, isPlaying) {
  for (let panel = 0; panel < 4; panel += 1) {
    const glow = isPlaying ? lanes.glow(panel, scroll.now, timing) : 0;
    place.skin.receptor(context, place.x + (panel - 1.5) * place.pitch, scroll.origin, panel, glow);
  }
}
