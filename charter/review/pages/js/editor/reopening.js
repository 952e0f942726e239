// A chart that someone accepted or rejected is not opened again by a stray key: it is asked for once, and told to all.

import { toast } from "../toast.js";

const DECIDED = new Set(["accepted", "rejected"]);
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

/** @param {any} desk */
export function makeReopening(desk) {
  const { session, song, me } = desk;
  const agreed = new Set(); // decisions that one knows will not hold
  const nameOf = ({ id, status, decided }) => `${id} ${status} ${decided?.at}`;
  let close = () => {};
  let last = null; // what someone else changed last, for a server that does not tell who opened the chart
  session.on("foreign", (edit) => (last = edit));

  session.mayChange = (scope, changes) => {
    const rows = opened(song.charts, desk.chart.id, scope, changes).filter((row) => !agreed.has(nameOf(row)));
    return rows.length === 0 || agree(rows);
  };

  async function agree(rows) {
    if ((await session.ask(questionOf(rows, desk.chart.id, me.id))) !== "change") return false;
    for (const row of rows) agreed.add(nameOf(row));
    return true;
  }

  return {
    /** Ask before edits that are not made here, such as those of a file. @param {Row[]} rows */
    agreeTo: (rows) => rows.filter(({ status }) => DECIDED.has(status)).forEach((row) => agreed.add(nameOf(row))),

    /**
     * The chart's row is another.
     * @param {Row} before
     * @param {Row} row
     * @param {any} reopened who did it, as the server tells; nothing where it does not
     */
    heard(before, row, reopened) {
      if (DECIDED.has(row.status)) close();
      if (!DECIDED.has(before.status) || row.status !== "open" || agreed.has(nameOf(before))) return;
      const what = reopened ?? { verdict: before.status, decided_by: before.decided?.author, by: last?.author, how: last?.isSong ? "timing" : last?.kind };
      const { decision } = desk.panels;
      const action = what.verdict === "accepted"
        ? { label: "Accept again", run: () => decision.accept() }
        : { label: "Reject again…", run: () => decision.reject() };
      close();
      close = toast(lineOf(what, me.id), { seconds: Infinity, action });
    },
  };
}
