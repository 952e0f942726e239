/** The top of a run's page: what it is, how far it is, and what to do next. */

import { statusBar, statusLegend } from "./bars.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { requestLine } from "./new_run.js";
import { count, spent } from "./words.js";

/**
 * @typedef {object} HeadActs
 * @property {() => void} next  open the next chart to review
 * @property {() => void} add  choose songs
 * @property {() => void} out  export
 * @property {() => void} measure
 * @property {() => void} settings  rename or delete
 */

/**
 * What someone who is new here may do next; empty for those who are on their way.
 * @param {ReturnType<typeof import("./filters.js").totals>} totals
 * @returns {[string, string] | null}  in a word, and how
 */
export function nextStep({ charts, statuses, states }) {
  const working = (states.waiting ?? 0) + (states.working ?? 0);
  if (!charts) return working ? ["At work.", "Charts appear here one song after the other, and can be opened at once."] : null;
  if (statuses.open === charts) return ["Next:", "open a chart by a press on it or by the key O, play it, put right what you hear, and accept it."];
  if (!statuses.open && !statuses["sent back"] && !working && statuses.accepted) return ["All decided.", "Export writes the accepted charts as a pack for the game."];
  return null;
}

/**
 * @param {HeadActs} acts
 * @returns {{root: HTMLElement, draw: (run: any, totals: ReturnType<typeof import("./filters.js").totals>) => void}}
 */
export function makeHead(acts) {
  const title = el("h1");
  const line = el("p", { class: "soft" });
  const settings = el("button", { class: "quiet small", title: "Rename or delete the run", onclick: acts.settings }, "Rename or delete…", el("kbd", { "aria-hidden": "true" }, "S"));
  const progress = el("div", { class: "how-far" });
  const button = (/** @type {any} */ sign, /** @type {string} */ text, /** @type {string} */ key, /** @type {() => void} */ run) =>
    el("button", { onclick: run }, sign, text, el("kbd", { "aria-hidden": "true" }, key));
  const next = button(icon("accepted"), "Review next chart", "O", acts.next);
  const out = button(icon("export"), "Export", "E", acts.out);
  const add = button(icon("add"), "Add songs", "U", acts.add);
  const measure = button(icon("measure"), "Measure", "M", acts.measure);
  const root = el("div", { class: "run-head" }, el("div", {}, el("div", { class: "name-line" }, title, settings), line), progress, el("div", { class: "acts" }, measure, out, add, next));
  return {
    root,
    draw(run, totals) {
      const open = totals.statuses.open ?? 0;
      const working = (totals.states.waiting ?? 0) + (totals.states.working ?? 0);
      fill(title, run.name);
      title.title = run.name;
      fill(line, [
        count(totals.songs, "song"), count(totals.charts, "chart"),
        totals.seconds >= 60 && `${spent(totals.seconds)} of work`,
        working > 0 && `${working} in work`,
      ].filter(Boolean).join(" · "));
      line.title = `New songs: ${requestLine(run.request)}${run.source ? `\nMade from ${run.source}` : ""}`;
      progress.hidden = totals.charts === 0;
      fill(progress, statusBar(totals.statuses), statusLegend(totals.statuses));
      for (const each of [next, out, measure]) each.hidden = totals.charts === 0;
      next.disabled = open === 0;
      next.classList.toggle("main", open > 0);
      out.classList.toggle("main", totals.charts > 0 && open === 0);
      add.classList.toggle("main", totals.songs === 0);
    },
  };
}
