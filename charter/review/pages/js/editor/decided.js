// Charts that someone accepted or rejected: which an edit would open again, and what is said of it.

export const DECIDED = new Set(["accepted", "rejected"]);
const DEEDS = { import: "brought a file in", restore: "put an older version back", timing: "changed the song's timing", open: "opened it again" };

/** @typedef {{id: number, slot: string, meter: number, status: string, decided: any}} Row */

/**
 * The charts whose decision an edit would undo.
 * @param {Row[]} charts of the song
 * @param {number} here the chart that is edited
 * @param {"chart"|"song"} scope
 * @param {import("./edits.js").Changes} changes
 * @returns {Row[]}
 */
export function opened(charts, here, scope, changes) {
  if (scope === "song" && !changes.fields?.timing) return [];
  return charts.filter(({ id, status }) => DECIDED.has(status) && (scope === "song" || id === here));
}

/**
 * @param {Row[]} rows that were decided on
 * @param {number} here
 * @param {number} me whose page it is
 * @returns {{title: string, text: string, choices: {id: string, label: string}[]}}
 */
export function questionOf(rows, here, me) {
  const by = ({ decided }) => (decided?.author?.id === me ? "You" : (decided?.author?.name ?? "Someone"));
  const name = ({ id, slot, meter }) => (id === here ? "this chart" : `${slot} ${meter}`);
  const said = rows.map((row) => `${by(row)} ${row.status} ${name(row)}`).join(", ");
  const text = rows.length === 1 ? "Change it, and it is open again?" : "Change them, and they are open again?";
  return { title: said, text, choices: [{ id: "change", label: "Change it" }, { id: "leave", label: "Leave it as it is" }] };
}

/**
 * @param {{verdict: string, decided_by: any, by: any, how: string}} reopened
 * @param {number} me whose page it is
 * @returns {string}
 */
export function lineOf({ verdict, decided_by: judge, by, how }, me) {
  const who = by?.id === me ? "You" : (by?.name ?? "Someone");
  const had = judge?.id === me ? "You" : (judge?.name ?? "Someone");
  return `${who} ${DEEDS[how] ?? "changed this chart"}. ${had} had ${verdict} it: it is open again`;
}
