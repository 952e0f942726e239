// What `check` says of the chart, to jump between and to let stand.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { chord } from "../help.js";
import { tellError } from "../toast.js";
import { ago, moment } from "../words.js";
import { isGrave } from "../player/margin.js";
import { askText } from "./dialogs.js";
import { beatText } from "./notes.js";

const ORDER = ["violation", "fault", "advice"];

/** @param {any} desk @param {HTMLElement} root */
export function makeFindings(desk, root) {
  const { marks, view, tabs } = desk;
  let current = null;
  const about = el("p", { class: "soft", role: "status" });
  const list = el("ul", { class: "entries" });
  const rest = el("details", {}, el("summary", {}), el("ul", { class: "entries" }));
  const steps = el("div", { class: "line steps" },
    el("button", { class: "small", onclick: () => step(-1), title: "The finding before" }, "↑ Back", chord(["Shift", "N"])),
    el("button", { class: "small", onclick: () => step(1), title: "The next finding" }, "↓ Next", chord(["N"])));
  fill(root, el("div", { class: "head" }, about, steps), list, rest);

  const open = () => marks.findings.filter((finding) => !finding.dismissed);

  function step(way) {
    const placed = open().filter(({ tick }) => tick !== null).sort((a, b) => a.tick - b.tick);
    if (!placed.length) return;
    tabs.show("findings");
    const at = placed.findIndex(({ id }) => id === current);
    const near = way > 0 ? placed.findIndex(({ tick }) => tick > view.cursor) : placed.findLastIndex(({ tick }) => tick < view.cursor);
    const isAt = at >= 0 && placed[at].tick === view.cursor;
    const next = isAt ? (at + way + placed.length) % placed.length : near >= 0 ? near : way > 0 ? 0 : placed.length - 1;
    go(placed[next]);
  }

  function go(finding) {
    current = finding.id;
    if (finding.tick !== null) desk.goTo(finding.tick);
    show();
    root.querySelector(".entry.current")?.scrollIntoView({ block: "nearest" });
  }

  async function dismiss(finding) {
    const reason = await askText({ title: "Let this stand?", text: finding.message, label: "Why it is fine as it is", action: "Dismiss" });
    if (reason === null) return;
    try {
      await api.post(`/api/charts/${desk.chart.id}/dismissals`, { finding: finding.id, reason });
      marks.dismiss(finding.id, { reason, author: desk.me, at: new Date().toISOString() });
    } catch (error) {
      tellError(error, "Not dismissed");
    }
  }

  async function bringBack(finding) {
    try {
      await api.del(`/api/charts/${desk.chart.id}/dismissals/${finding.id}`);
      marks.dismiss(finding.id, null);
    } catch (error) {
      tellError(error);
    }
  }

  function entry(finding) {
    const { message, severity, tick, second, dismissed } = finding;
    const where = tick === null ? "the whole chart" : `beat ${beatText(tick)}${second === null ? "" : ` · ${moment(second)}`}`;
    return el("li", { class: `entry ${severity} ${finding.id === current ? "current" : ""}` },
      el("button", { class: "quiet go", onclick: () => go(finding), title: "Go there" },
        el("span", { class: "tag" }, severity), el("span", { class: "soft" }, where), el("span", { class: "text" }, message)),
      dismissed
        ? el("p", { class: "soft" }, `${dismissed.author?.name ?? "Someone"}, ${ago(dismissed.at)}: ${dismissed.reason} `, el("button", { class: "quiet small", onclick: () => bringBack(finding) }, "Bring back"))
        : el("button", { class: "quiet small", onclick: () => dismiss(finding) }, "Dismiss…"));
  }

  function show() {
    const rank = ({ severity, tick }) => [ORDER.indexOf(severity), tick ?? -1];
    const byRank = (a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1];
    const standing = open().sort(byRank);
    const gone = marks.findings.filter((finding) => finding.dismissed).sort(byRank);
    const isOld = marks.checked !== desk.document.version;
    about.textContent = isOld ? "Being checked again…" : standing.length ? "" : "No findings: by the rules this chart is fine. Play it, and decide below.";
    steps.hidden = !standing.some(({ tick }) => tick !== null);
    fill(list, standing.map(entry));
    rest.hidden = !gone.length;
    rest.firstElementChild.textContent = `${gone.length} dismissed`;
    fill(rest.lastElementChild, gone.map(entry));
    tabs.badge("findings", standing.length, standing.some(isGrave) ? "bad" : "warn");
  }

  marks.on("change", show);
  desk.document.on("change", () => marks.checked !== desk.document.version && show());
  show();
  return { step, show };
}
