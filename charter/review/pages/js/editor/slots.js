// The song's charts in the bar at the top, one click from each other, and whether all is saved.

import { el, fill } from "../dom.js";

const SIGNS = { accepted: "✓", "sent back": "↩", rejected: "✕", open: "" };

/**
 * @param {any} desk
 * @param {import("../header.js").Header} header
 * @param {HTMLElement} save
 */
export function makeSlots(desk, header, save) {
  const nav = el("nav", { class: "slots", "aria-label": "Charts of this song" });
  fill(header.tools, nav, save);

  desk.showSlots = () => {
    const { charts } = desk.song;
    fill(nav, charts.map(({ id, slot, meter, status }) => {
      const isHere = id === desk.chart.id;
      const level = isHere ? desk.document.fields.meter : meter;
      return el("a", { class: `slot ${slot}`, href: `/chart/${id}`, title: `${slot} ${level}: ${status}`, "aria-current": isHere && "page" },
        el("span", {}, slot), el("b", {}, level), SIGNS[status] && el("span", { class: `sign ${status.replace(" ", "-")}`, "aria-label": status }, SIGNS[status]));
    }));
  };
  desk.document.on("change", () => desk.chart.meter !== desk.document.fields.meter && ((desk.chart.meter = desk.document.fields.meter), desk.showSlots()));
  desk.showSlots();
}
