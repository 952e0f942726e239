/** The accepted charts of a run as a pack to download. */

import { api } from "./api.js";
import { openDialog } from "./dialog.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { count } from "./words.js";

const ASK_AGAIN_MS = 1500; // in case the connection that tells of jobs is down
const OVER = ["done", "failed", "cancelled"];

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
  let begun = false;
  /** @type {any} */
  let job = null;
  let timer = 0;

  const hear = (/** @type {any} */ event) => {
    if (!job || event.job.id !== job.id || OVER.includes(job.state)) return;
    job = event.job;
    draw();
  };
  const ask = async () => {
    const now = await api.get(`/api/jobs/${job.id}`).catch(() => null);
    if (now) hear({ job: now });
    if (box.root.open && !OVER.includes(job.state)) timer = setTimeout(ask, ASK_AGAIN_MS);
  };
  const draw = () => {
    if (job.state === "failed" || job.state === "cancelled") {
      fill(body, el("p", { class: "error", role: "alert" }, job.error || "The export was cancelled."));
      begun = false;
      go.disabled = false;
      return;
    }
    if (job.state !== "done") {
      fill(body, el("p", {}, job.stage || "Waiting…"), el("progress", { max: "1", value: String(job.progress ?? 0), "aria-label": "Export" }));
      return;
    }
    const { name, url, songs, charts, left_out: leftOut = [], told = [] } = job.result;
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
      if (begun || !accepted) return;
      begun = true;
      go.disabled = true;
      fill(body, el("p", { role: "status" }, "Asking…"));
      try {
        job = await api.post(`/api/runs/${run}/exports`, { only: "accepted" });
        draw();
        timer = setTimeout(ask, ASK_AGAIN_MS);
      } catch (error) {
        begun = false;
        go.disabled = false;
        fill(body, el("p", { class: "error", role: "alert" }, error instanceof Error ? error.message : String(error)));
      }
    },
    closed: () => {
      stop();
      clearTimeout(timer);
    },
  });
  const stop = live.on("job", hear);
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
