// Lines of the beats, numbers of the measures, and the rows that are marked out.

import { TICKS_PER_BEAT, TICKS_PER_MEASURE } from "./timing.js";

const LEAST_PIXELS = 26; // between lines of the snap
const NUMBERS = 22; // pixels from the lanes to the measures' numbers: the ends of the cursor lie between

/** Draws the lines of measures, of beats and, where there is room, of the snap. */
export function drawGrid(context, scroll, place, palette, snap) {
  const [left, right] = [place.x - 2 * place.pitch, place.x + 2 * place.pitch];
  const pixels = (scroll.y(scroll.now.tick + TICKS_PER_BEAT) - scroll.y(scroll.now.tick)) || 1;
  const isWide = (pixels * snap) / TICKS_PER_BEAT >= LEAST_PIXELS && snap < TICKS_PER_BEAT;
  const step = isWide ? snap : pixels >= 8 ? TICKS_PER_BEAT : TICKS_PER_MEASURE;
  const rows = { fine: [], beat: [], measure: [] };
  for (let tick = Math.max(0, Math.ceil(scroll.first / step) * step); tick <= scroll.last; tick += step) {
    const kind = tick % TICKS_PER_MEASURE === 0 ? "measure" : tick % TICKS_PER_BEAT === 0 ? "beat" : "fine";
    rows[kind].push(tick);
  }
  for (const [kind, colour, width] of [["fine", "rgb(255 255 255 / .1)", 1], ["beat", "rgb(255 255 255 / .3)", 1],
    ["measure", "rgb(255 255 255 / .7)", 2]]) {
    context.fillStyle = colour;
    for (const tick of rows[kind]) context.fillRect(left, Math.round(scroll.y(tick)) - width / 2, right - left, width);
  }
  context.fillStyle = palette.soft;
  context.font = "600 13px system-ui, sans-serif";
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of rows.measure) context.fillText(String(tick / TICKS_PER_MEASURE + 1), left - NUMBERS, scroll.y(tick));
}

/** Tints the rows from one tick to another. */
export function drawRange(context, scroll, place, start, end, fill, stroke) {
  const [top, bottom] = [scroll.y(start), scroll.y(end)];
  if (bottom < 0 || top > scroll.y(scroll.last)) return;
  const left = place.x - 2 * place.pitch;
  context.fillStyle = fill;
  context.fillRect(left, top, 4 * place.pitch, Math.max(bottom - top, 2));
  context.fillStyle = stroke;
  for (const y of [top, bottom]) context.fillRect(left, Math.round(y) - 1, 4 * place.pitch, 2);
}

/** The line of the row that keys act on. */
export function drawCursor(context, scroll, place, palette, tick) {
  const y = scroll.y(tick);
  const [left, right] = [place.x - 2 * place.pitch, place.x + 2 * place.pitch];
  context.fillStyle = palette.accent;
  context.fillRect(left - 8, y - 1, right - left + 16, 2);
  for (const [x, way] of [[left - 8, -1], [right + 8, 1]]) {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + 9 * way, y - 6);
    context.lineTo(x + 9 * way, y + 6);
    context.fill();
  }
}

/** A change of tempo or a pause, told beside its row. */
export function drawTempos(context, scroll, place, palette, { tempos, stops, delays, warps }) {
  const x = place.x - 2 * place.pitch - 58;
  const isSeen = ([tick]) => tick >= scroll.first && tick <= scroll.last;
  context.font = "11px system-ui, sans-serif";
  context.textAlign = "right";
  context.textBaseline = "middle";
  const tell = (events, colour, words) => {
    context.fillStyle = colour;
    for (const event of events.filter(isSeen)) context.fillText(words(event[1]), x, scroll.y(event[0]));
  };
  tell(tempos, palette.good, (bpm) => `${Number(bpm.toFixed(3))} BPM`);
  tell([...stops, ...delays], palette.warn, (seconds) => `stop ${Number(seconds.toFixed(3))} s`);
  tell(warps, palette.bad, (ticks) => `warp ${Number((ticks / TICKS_PER_BEAT).toFixed(2))} beats`);
}
