/** Edits that this browser keeps and has not sent, of whichever charts: shown where one looks for charts. */

import { el, fill } from "./dom.js";
import { keptEdits } from "./editor/saver.js";
import { capital, count } from "./words.js";

/**
 * What is kept, by the chart on whose page it was made.
 * @param {{chart: number}[]} items
 * @param {(chart: number) => {song: string, slot: string, meter: number} | null} find  null for one that is not here
 * @returns {{chart: number, edits: number, text: string}[]}
 */
function keptByChart(items, find) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const { chart } of items) counts.set(chart, (counts.get(chart) ?? 0) + 1);
  return [...counts].flatMap(([chart, edits]) => {
    const found = find(chart);
    return found ? [{ chart, edits, text: `${found.song}, ${capital(found.slot)} ${found.meter}` }] : [];
  });
}

/**
 * A line with links to the charts of a run that have such edits; opening one sends them.
 * @param {import("./songs.js").Songs} songs
 * @param {number} me
 * @returns {{root: HTMLElement, draw: () => void}}
 */
export function makeKeptEdits(songs, me) {
  const root = el("p", { class: "kept-edits", role: "status", hidden: true });
  let shown = "";
  const find = (/** @type {number} */ id) => {
    const chart = songs.chart(id);
    const song = chart && songs.get(chart.song);
    return song ? { song: song.title || song.source, slot: chart.slot, meter: chart.meter } : null;
  };
  const draw = () => {
    const kept = keptByChart(keptEdits(localStorage, me), find);
    const now = JSON.stringify(kept);
    if (now === shown) return;
    shown = now;
    root.hidden = kept.length === 0;
    fill(root, el("b", {}, "Not sent yet:"), " edits of yours are kept in this browser, and are sent when their chart is opened: ",
      kept.map(({ chart, edits, text }, index) => [index > 0 && ", ", el("a", { href: `/chart/${chart}` }, `${text} (${count(edits, "edit")})`)]));
  };
  window.addEventListener("storage", draw); // another page of this browser has sent some
  window.addEventListener("pageshow", draw); // come back to without being loaded anew
  return { root, draw };
}
