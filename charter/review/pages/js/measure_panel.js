/** How much of what the model wrote the artists kept, and how long that took them. */

import { api } from "./api.js";
import { openDialog } from "./dialog.js";
import { el, fill } from "./dom.js";
import { ago, capital, count, percent } from "./words.js";

const PARTS = ["kept", "moved", "rewritten", "removed", "added"]; // what became of rows, as it is written too

/**
 * Show the measure of a run.
 * @param {number} run
 */
export async function showMeasure(run) {
  const body = el("div", { class: "measure" }, el("p", { class: "soft" }, "Counting…"));
  const link = (/** @type {string} */ file, /** @type {string} */ text) => el("a", { class: "button", href: `/api/runs/${run}/${file}`, download: "" }, text);
  const box = openDialog({
    title: "What the artists kept",
    kind: "drawer",
    body: [body],
    footer: [link("measure.csv", "CSV"), link("measure.jsonl", "JSON lines"), link("history.jsonl", "Whole history")],
  });
  await box.attempt(async () => {
    const measure = await api.get(`/api/runs/${run}/measure`).finally(() => fill(body));
    draw(body, measure);
  });
}

/** @param {HTMLElement} body @param {any} measure */
function draw(body, measure) {
  const { slots, weights } = measure;
  // Of a pack that people wrote, there is only the group of charts by no network.
  const isOurs = measure.total.charts > 0;
  const total = isOurs ? measure.total : (weights.find((/** @type {any} */ group) => group.key === "") ?? measure.total);
  const whose = isOurs ? "model's" : "charts' first";
  if (!weights.some((/** @type {any} */ group) => group.accepted)) {
    fill(body, el("p", {}, "Nothing is accepted yet. Once charts are, this shows how many of the first rows stayed as they were, which were moved, rewritten or removed, what was added, and the minutes that each chart took."));
    return;
  }
  fill(body,
    el("div", { class: "figures" },
      figure(total.shares.kept === null ? "–" : percent(total.shares.kept), `of the ${whose} rows kept`),
      figure(minutes(total.median_minutes), "minutes a chart, median"),
      figure(minutes(total.minutes_per_chart), "minutes a chart, mean"),
      figure(total.accepted.toLocaleString("en"), `accepted of ${count(total.charts, "chart")}`)),
    shareBar(total),
    el("ul", { class: "legend" }, PARTS.map((part) => el("li", { class: part }, el("b", {}, share(total, part)), ` ${part}`))),
    el("p", { class: "soft" }, "A row is all that is to be hit at one moment, as everywhere here; mines are no rows. Accepted charts count."),
    slots.length > 0 && el("h3", {}, "By difficulty"),
    slots.length > 0 && table(slots, (group) => el("span", { class: `slot ${group.key}` }, capital(group.label || group.key))),
    el("h3", {}, "By model"),
    el("p", { class: "soft" }, "One line for each set of weights that wrote drafts, oldest first: what a new model changed."),
    table(weights, (group) => [el("span", { title: group.key }, group.key ? group.label || group.key : "By no network"),
      group.since && el("small", { class: "soft" }, `since ${ago(group.since)}`)]));
}

/** @param {string} value @param {string} what */
const figure = (value, what) => el("div", {}, el("b", {}, value), el("span", { class: "soft" }, what));

/** @param {number | null} value */
const minutes = (value) => (value === null || value === undefined ? "–" : value.toFixed(value < 10 ? 1 : 0));

/** @param {any} group @param {string} part */
const share = (group, part) => (group.shares[part] === null || group.shares[part] === undefined ? "–" : percent(group.shares[part]));

/** @param {any[]} groups @param {(group: any) => any} name */
function table(groups, name) {
  return el("table", {},
    el("thead", {}, el("tr", {}, ["", "Accepted", "Rows", "Kept", "Changed", "Added", "Min./chart"].map((word, index) => el("th", { class: index ? "number" : "", scope: "col" }, word)))),
    el("tbody", {}, groups.map((group) => el("tr", {},
      el("th", { scope: "row" }, name(group)),
      el("td", { class: "number" }, `${group.accepted} / ${group.charts}`),
      el("td", {}, shareBar(group)),
      el("td", { class: "number" }, share(group, "kept")),
      el("td", { class: "number" }, changed(group)),
      el("td", { class: "number" }, share(group, "added")),
      el("td", { class: "number" }, minutes(group.minutes_per_chart))))));
}

/** @param {any} group */
function changed(group) {
  const { moved, rewritten, removed } = group.shares;
  return moved === null || moved === undefined ? "–" : percent(moved + rewritten + removed);
}

/** @param {any} group */
function shareBar(group) {
  const parts = PARTS.filter((part) => group.rows[part] > 0);
  const told = parts.map((part) => `${group.rows[part].toLocaleString("en")} rows ${part}`).join(", ") || "no accepted rows";
  return el("div", { class: "status-bar", role: "img", "aria-label": told, title: told },
    parts.map((part) => el("i", { class: part, style: { "flex-grow": String(group.rows[part]) } })));
}
