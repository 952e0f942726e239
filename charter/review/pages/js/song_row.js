/** One song of the list: its name, and a cell for each of its charts. */

import { el } from "./dom.js";
import { chartIn, chartPasses, openFindings } from "./filters.js";
import { avatar } from "./header.js";
import { icon } from "./icons.js";
import { brief, capital, clock, count, spent } from "./words.js";

/**
 * @typedef {import("./filters.js").SongRow} SongRow @typedef {import("./filters.js").ChartRow} ChartRow
 * @typedef {object} Look  what a row shows besides its song
 * @property {{slot: string, nth: number}[]} columns
 * @property {import("./filters.js").Filter} filter
 * @property {number} me
 * @property {Map<number, {id: number, name: string}[]>} people  who is on which chart
 * @typedef {object} Acts  what is done from a row's own buttons
 * @property {(song: SongRow, event: MouseEvent) => void} pick
 * @property {(song: SongRow) => void} cancel
 * @property {(song: SongRow) => void} retry
 * @property {(song: SongRow) => void} remove
 */

/**
 * Draw a row. Its cells have ids of their own, `song-7` and `chart-31`, for `aria-activedescendant`.
 * @param {SongRow} song
 * @param {Look} look
 * @param {Acts} acts
 * @returns {HTMLElement}
 */
export function songRow(song, look, acts) {
  const title = song.title || song.source;
  const findings = openFindings(song);
  const pick = el("input", { type: "checkbox", tabindex: "-1", "aria-label": `Select ${title}` });
  pick.addEventListener("click", (/** @type {MouseEvent} */ event) => acts.pick(song, event));
  const seconds = song.charts.reduce((total, chart) => total + chart.seconds, 0);
  return el("div", { class: `row ${song.state}`, role: "row", dataset: { song: song.id } },
    el("div", { class: "cell pick", role: "gridcell" }, pick),
    el("div", { class: "cell song", role: "gridcell", id: `song-${song.id}` },
      el("p", { class: "title" }, el("b", { title }, title),
        findings > 0 && el("span", { class: "mark-findings", title: song.findings.filter((each) => !each.dismissed).map((each) => each.message).join("\n") },
          icon("finding"), String(findings), el("span", { class: "sr-only" }, " findings of the song"))),
      el("p", { class: "by", title: song.source }, song.artist || (song.title ? song.source : ""))),
    el("div", { class: "cell length", role: "gridcell" }, song.duration ? clock(song.duration) : ""),
    song.state === "ready" ? chartCells(song, look) : workCell(song, look, acts),
    el("div", { class: "cell time", role: "gridcell" }, seconds >= 1 ? spent(seconds) : ""));
}

/** @param {SongRow} song @param {Look} look */
function chartCells(song, look) {
  return look.columns.map((column) => {
    const chart = chartIn(song, column);
    return el("div", { class: "cell of-chart", role: "gridcell" }, chart && chartCell(chart, look));
  });
}

/** @param {ChartRow} chart @param {Look} look */
function chartCell(chart, look) {
  const dim = !chartPasses(chart, look.filter, look.me);
  const here = look.people.get(chart.id) ?? [];
  const classes = ["chart", chart.status.replace(" ", "-"), chart.slot, dim && "dim", here.length && "here"];
  const told = spoken(chart, here.map((who) => who.name));
  return el("a", { class: classes.filter(Boolean).join(" "), id: `chart-${chart.id}`, href: `/chart/${chart.id}`,
    tabindex: "-1", draggable: "false", title: told, "aria-label": told },
    el("span", { class: "upper" },
      el("span", { class: "meter" }, String(chart.meter)),
      icon(/** @type {any} */ (chart.status), "verdict"),
      here.map((who) => avatar(who, `${who.name} is on it now`)),
      chart.assignee && !here.some((who) => who.id === chart.assignee?.id) && avatar(chart.assignee, `Reviewer: ${chart.assignee.name}`)),
    el("span", { class: "lower" },
      chart.findings > 0 && el("span", { class: chart.faults > 0 ? "faults" : "findings" }, icon("finding"), String(chart.findings)),
      chart.comments > 0 && el("span", {}, icon("comment"), String(chart.comments)),
      chart.seconds >= 30 && el("span", {}, brief(chart.seconds)),
      !chart.findings && !chart.comments && chart.seconds < 30 && el("span", { class: "nothing" }, count(chart.rows, "row"))));
}

/** @param {ChartRow} chart @param {string[]} here */
function spoken(chart, here) {
  const { decided } = chart;
  const by = decided && decided.verdict !== "open" && decided.author ? ` by ${decided.author.name}` : "";
  return [
    `${capital(chart.slot)} ${chart.meter}`,
    `${chart.status}${by}`,
    count(chart.rows, "row"),
    chart.findings > 0 && `${count(chart.findings, "finding")}${chart.faults ? `, ${chart.faults} of them faults` : ""}`,
    chart.comments > 0 && count(chart.comments, "open comment"),
    chart.assignee && `reviewer ${chart.assignee.name}`,
    chart.seconds >= 30 && `${spent(chart.seconds)} spent`,
    here.length > 0 && `${here.join(", ")} here now`,
  ].filter(Boolean).join(" · ");
}

/** What happens to a song that has no charts yet. @param {SongRow} song @param {Look} look @param {Acts} acts */
function workCell(song, look, acts) {
  const { job } = song;
  const button = (/** @type {string} */ label, /** @type {() => void} */ run, kind = "") =>
    el("button", { class: `small ${kind}`.trim(), tabindex: "-1", onclick: run }, label);
  const busy = song.state === "waiting" || song.state === "working";
  const stage = song.state === "working" ? job?.stage || "Starting" : "Waiting for a worker";
  const share = song.state === "working" ? (job?.progress ?? 0) : 0;
  return el("div", { class: "cell work", role: "gridcell", style: { "grid-column": `span ${Math.max(1, look.columns.length)}` } },
    busy
      ? [el("div", { class: "doing" },
          el("p", {}, el("span", {}, capital(stage)),
            song.state === "working" && el("span", { class: "soft" }, `${Math.round(share * 100)} %`)),
          el("progress", { max: "1", value: String(share), "aria-label": `${stage}: ${song.title || song.source}` })),
        button("Cancel", () => acts.cancel(song))]
      : [el("p", { class: song.state === "failed" ? "error" : "soft", title: song.error },
          song.state === "failed" ? song.error || job?.error || "It failed" : "Cancelled"),
        button("Try again", () => acts.retry(song)), button("Remove", () => acts.remove(song), "quiet")]);
}
