/** How far a run is, as a bar of its charts' statuses. */

import { el } from "./dom.js";
import { STATUSES } from "./filters.js";

const WORDS = { open: "to review", "sent back": "sent back", accepted: "accepted", rejected: "rejected" };
const ORDER = ["accepted", "sent back", "rejected", "open"];

/**
 * The bar, with its numbers for those who do not see it.
 * @param {Record<string, number>} statuses  charts by status
 * @returns {HTMLElement}
 */
export function statusBar(statuses) {
  const parts = ORDER.filter((status) => statuses[status] > 0);
  const told = parts.map((status) => `${statuses[status]} ${WORDS[/** @type {keyof typeof WORDS} */ (status)]}`).join(", ");
  return el("div", { class: "status-bar", role: "img", "aria-label": told ? `Charts: ${told}` : "no charts", title: told && `Charts: ${told}` },
    parts.map((status) => el("i", { class: status.replace(" ", "-"), style: { "flex-grow": String(statuses[status]) } })));
}

/**
 * The numbers beside the bar.
 * @param {Record<string, number>} statuses
 * @returns {HTMLElement}
 */
export function statusLegend(statuses) {
  const shown = [...STATUSES].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .filter((status) => statuses[status] > 0 || status === "accepted" || status === "open");
  return el("ul", { class: "legend" }, el("li", { class: "of" }, "Charts:"), shown.map((status) =>
    el("li", { class: status.replace(" ", "-") }, el("b", {}, (statuses[status] ?? 0).toLocaleString("en")), ` ${WORDS[/** @type {keyof typeof WORDS} */ (status)]}`)));
}
