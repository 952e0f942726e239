// Two people changed the same place: both choices, and what each would leave.

import { el, fill } from "../dom.js";
import { PANEL_NAMES, count as counted } from "../words.js";
import { beatText, valueText } from "./notes.js";

const MOST = 5;

/** @param {any} desk @param {HTMLElement} root */
export function makeConflictBar(desk, root) {
  const { session } = desk;

  function show(conflict) {
    root.hidden = !conflict;
    if (!conflict) return;
    const { cells, fields, by, summary } = conflict;
    const count = cells.length + fields.length;
    const row = (place, mine, theirs, run) => el("tr", {},
      el("th", { scope: "row" }, run ? el("button", { class: "quiet small", onclick: run, title: "Go there" }, place) : place), el("td", { class: "mine" }, mine), el("td", { class: "theirs" }, theirs));
    const rows = [
      ...cells.map(({ tick, panel, mine, theirs }) => row(`beat ${beatText(tick)} ${PANEL_NAMES[panel]}`, valueText(mine), valueText(theirs), () => desk.goTo(tick))),
      ...fields.map(({ name, mine, theirs }) => row(name, fieldText(mine), fieldText(theirs), null)),
    ];
    const who = by.length ? by.join(" and ") : "Someone";
    const mine = el("button", { class: "main", onclick: () => session.choose("mine") }, "Keep mine");
    fill(root,
      el("div", {}, el("h2", {}, `${who} changed ${count === 1 ? "the same place" : `the same ${count} places`} as you`),
        el("p", { class: "soft" }, `Your edit “${summary}” is kept here, and nothing is overwritten until you choose. All else is merged.`)),
      el("table", {}, el("thead", {}, el("tr", {}, el("th", {}, "Place"), el("th", {}, "Yours"), el("th", {}, "Theirs, there now"))), el("tbody", {}, rows.slice(0, MOST),
        rows.length > MOST && el("tr", {}, el("td", { colspan: 3, class: "soft" }, `and ${counted(rows.length - MOST, "more place")}`)))),
      el("div", { class: "line" }, mine, el("button", { onclick: () => session.choose("theirs") }, "Keep theirs")));
    if (cells.length) desk.goTo(cells[0].tick);
    mine.focus();
  }

  session.on("conflict", show);
  show(session.conflict);
}

function fieldText(value) {
  if (value?.tempos) return `${value.tempos[0][1]} BPM, offset ${value.offset} s`;
  return value === null ? "nothing" : Array.isArray(value) ? value.join(", ") : String(value);
}
