/** The keys of a run's page. */

import { TABS } from "./filters.js";
import { keys } from "./keys.js";

/**
 * @param {import("./song_list.js").SongList} list
 * @param {Record<"open" | "next" | "seek" | "assign" | "assignMe" | "retry" | "cancel" | "remove" | "add" | "out" | "measure" | "settings" | "search" | "reset", () => void>} acts
 * @param {(change: Partial<import("./filters.js").Filter>) => void} filter
 */
export function addRunKeys(list, acts, filter) {
  const [go, pick, work, show] = ["Go", "Select", "Work", "Show"];
  const move = (/** @type {string[]} */ names, /** @type {string} */ does, /** @type {() => void} */ run) =>
    keys.add({ keys: names, does, group: go, run, repeat: true });
  move(["j", "ArrowDown"], "next song", () => list.move(1));
  move(["k", "ArrowUp"], "song before", () => list.move(-1));
  move(["l", "ArrowRight"], "harder chart", () => list.move(0, 1));
  move(["h", "ArrowLeft"], "easier chart, or the song", () => list.move(0, -1));
  move(["PageDown"], "a page on", () => list.move(list.page));
  move(["PageUp"], "a page back", () => list.move(-list.page));
  move(["g", "Home"], "first song", () => list.move(-Infinity));
  move(["Shift+G", "End"], "last song", () => list.move(Infinity));
  keys.add(
    { keys: ["Enter"], does: "open the chart", group: go, run: acts.open },
    { keys: ["n"], does: "to the next chart that is open", group: go, run: acts.seek, repeat: true },
    { keys: ["o"], does: "open the next chart to review", group: go, run: acts.next },
    { keys: ["x", "Space"], does: "select the song, or not", group: pick, run: () => list.toggle() },
    { keys: ["Shift+J", "Shift+ArrowDown"], does: "select on to the next", group: pick, run: () => list.extend(1), repeat: true },
    { keys: ["Shift+K", "Shift+ArrowUp"], does: "select on to the one before", group: pick, run: () => list.extend(-1), repeat: true },
    { keys: ["Ctrl+A"], does: "select all that are shown", group: pick, run: () => list.selectAll() },
    { keys: ["Escape"], does: "select none; show all songs", group: pick, run: () => (list.selection().length ? list.clear() : acts.reset()) },
    { keys: ["a"], does: "assign: the chart, the song or all selected", group: work, run: acts.assign },
    { keys: ["i"], does: "assign to me", group: work, run: acts.assignMe },
    { keys: ["r"], does: "try again what failed", group: work, run: acts.retry },
    { keys: ["c"], does: "cancel charting", group: work, run: acts.cancel },
    { keys: ["Delete"], does: "remove songs that failed or were cancelled", group: work, run: acts.remove },
    { keys: ["u"], does: "add songs", group: work, run: acts.add },
    { keys: ["e"], does: "export the accepted charts", group: work, run: acts.out },
    { keys: ["m"], does: "what the artists kept", group: work, run: acts.measure },
    { keys: ["s"], does: "rename or delete the run", group: work, run: acts.settings },
    { keys: ["/"], does: "search", group: show, run: acts.search },
  );
  Object.entries(TABS).forEach(([tab, { label }], index) =>
    keys.add({ keys: [String(index + 1)], does: label.toLowerCase(), group: show, run: () => filter({ tab }) }));
}
