/** The pages of runs and of one run; the address says which. */

import { api } from "./api.js";
import { byId, el, fill } from "./dom.js";
import { makeHeader } from "./header.js";
import { showRun } from "./run.js";
import { showRuns } from "./runs.js";
import { messageOf } from "./words.js";

const header = makeHeader();
const page = byId("page");
window.addEventListener("popstate", () => location.reload()); // a run that was made is shown without one, see below

try {
  const me = await api.get("/api/me");
  header.me(me);
  const run = /^\/run\/(\d+)/.exec(location.pathname);
  if (run) await showRun(page, header, me, Number(run[1]));
  else await showRuns(page, header, me, openRun);
} catch (error) {
  fill(page, el("div", { class: "broken" }, el("h1", {}, "This page could not be shown"),
    el("p", { class: "error", role: "alert" }, messageOf(error)),
    el("p", {}, el("button", { onclick: () => location.reload() }, "Try again"), " ", el("a", { class: "button", href: "/" }, "All runs"))));
}

/**
 * Show a run that was just made, without loading the page anew: the files that are to be sent would be lost by that.
 * @param {number} id
 * @param {any} me
 * @param {File[]} files
 */
async function openRun(id, me, files) {
  history.pushState(null, "", `/run/${id}`);
  document.body.className = "run";
  await showRun(page, header, me, id, files);
}
