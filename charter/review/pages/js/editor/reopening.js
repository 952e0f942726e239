// A chart that someone accepted or rejected is not opened again by a stray key: it is asked for once, and told to all.

import { toast } from "../toast.js";
import { DECIDED, lineOf, opened, questionOf } from "./decided.js";

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
    /** Ask before edits that are not made here, such as those of a file. @param {import("./decided.js").Row[]} rows */
    agreeTo: (rows) => rows.filter(({ status }) => DECIDED.has(status)).forEach((row) => agreed.add(nameOf(row))),

    /**
     * The chart's row is another.
     * @param {import("./decided.js").Row} before
     * @param {import("./decided.js").Row} row
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
