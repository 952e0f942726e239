/** The accepted charts of a run as a pack to download. */

import { api } from "./api.js";
import { openDialog } from "./dialog.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { followJob } from "./jobs.js";
import { count } from "./words.js";

/**
 * Ask, export, and offer the pack.
 * @param {number} run
 * @param {{charts: number, statuses: Record<string, number>}} totals
 * @param {import("./live.js").Live} live
 */
export function showExport(run, totals, live) {
  const accepted = totals.statuses.accepted ?? 0;
  const others = totals.charts - accepted;
  const body = el("div", { class: "export" });
  const go = el("button", { type: "submit", class: "main", disabled: !accepted }, icon("export"), "Export");
  const later = el("button", { type: "button", onclick: () => box.close() }, "Cancel");
  /** @type {import("./jobs.js").Following | null} */
  let following = null;
  const draw = (/** @type {any} */ job) =>
    fill(body, el("p", { role: "status" }, job.stage || "Waiting…"), el("progress", { max: "1", value: String(job.progress ?? 0), "aria-label": "Export" }));
  const offer = (/** @type {any} */ { name, url, songs, charts, left_out: leftOut = [], told = [] }) => {
    const link = el("a", { class: "button main", href: url, download: name }, icon("export"), `Download ${name}`);
    fill(body, el("p", {}, `The pack holds ${count(charts, "chart")} of ${count(songs, "song")}. Unpack it into the game's Songs folder.`),
      el("p", {}, link), lines("Not in the pack, and why", leftOut), lines("To know", told));
    go.hidden = true;
    fill(later, "Close");
    link.focus();
    link.click();
  };
  const box = openDialog({
    title: "Export accepted charts",
    body: [body],
    footer: [later, go],
    submit: async () => {
      if (!accepted || go.hidden) return;
      go.disabled = true;
      fill(body, el("p", { role: "status" }, "Asking…"));
      try {
        const first = await api.post(`/api/runs/${run}/exports`, { only: "accepted" });
        following = followJob(first, live, draw);
        draw(first);
        if (!box.root.open) following.stop();
        const job = await following.over;
        if (job.state !== "done") throw new Error(job.error || "The export was cancelled.");
        offer(job.result);
      } catch (error) {
        fill(body);
        throw error;
      } finally {
        go.disabled = false;
      }
    },
    closed: () => following?.stop(),
  });
  fill(body, accepted
    ? [el("p", {}, `${count(accepted, "accepted chart")} will be written as a pack: a folder for each song with its charts, music and pictures, as StepMania and its relatives read them.`),
      others > 0 && el("p", { class: "soft" }, `${count(others, "chart")} that ${others === 1 ? "is" : "are"} not accepted stay${others === 1 ? "s" : ""} here.`)]
    : el("p", {}, "No chart is accepted yet. Open one, listen to it, and accept it; then it can be exported."));
  (accepted ? go : later).focus();
}

/** @param {string} title @param {unknown[]} all */
function lines(title, all) {
  if (!all.length) return null;
  const text = (/** @type {any} */ each) => (typeof each === "string" ? each : [each.title ?? each.song, each.reason ?? each.slot].filter(Boolean).join(": "));
  return el("details", {}, el("summary", {}, title), el("ul", { class: "lines" }, all.map((each) => el("li", {}, text(each)))));
}
