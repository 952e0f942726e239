// Every version of the chart: looked at, compared with what is there now, had back; and files from other editors.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { tellError, toast } from "../toast.js";
import { ago } from "../words.js";
import { newKey } from "./keys_of_edits.js";
import { counted } from "./notes.js";

const LATER_MS = 400;
const PARTS = ["kept", "moved", "added", "removed", "rewritten"];

/** @param {any} desk @param {HTMLElement} root */
export function makeVersions(desk, root) {
  const { view, tabs, session } = desk;
  const chart = desk.document;
  let compared = null; // version that is compared with now
  let comparedTo = -1; // what was now then
  let timer = 0;
  let listed = -1;
  const list = el("ol", { class: "entries versions" });
  const legend = el("div", { class: "legend", hidden: true });
  const file = el("input", { type: "file", accept: ".sm,.ssc", hidden: true, onchange: bringIn });
  fill(root, legend, list,
    el("div", { class: "group" }, el("h3", {}, "Another editor"),
      el("p", { class: "soft" }, "Take the song with you, edit it in ArrowVortex or SMEditor, and bring the file back: it becomes a new version."),
      el("div", { class: "line" }, el("a", { class: "button", href: `/api/songs/${desk.song.id}/charts.zip`, download: "" }, "Take with me"),
        el("button", { onclick: () => file.click() }, "Bring back .sm or .ssc…"), file)));

  async function load() {
    if (tabs.shown() !== "versions") return;
    listed = chart.version;
    try {
      const versions = await api.get(`/api/charts/${desk.chart.id}/versions`);
      fill(list, versions.map(entry));
    } catch (error) {
      tellError(error, "The versions are not listed");
    }
  }

  function entry({ version, kind, author, at, summary, edits, verdict }, index) {
    const title = version === 0 ? "The draft, as charter or its author wrote it" : summary || kind;
    const isNow = index === 0;
    return el("li", { class: `entry ${version === compared ? "current" : ""}` },
      el("div", { class: "line" }, el("strong", {}, version === 0 ? "Draft" : `Version ${version}`), isNow && el("span", { class: "tag" }, "now"), verdict && verdict !== "open" && el("span", { class: `tag ${verdict.replace(" ", "-")}` }, verdict)),
      el("p", { class: "text" }, title),
      el("p", { class: "soft" }, [author?.name, at && ago(at), edits > 1 && counted(edits, "edit")].filter(Boolean).join(" · ")),
      !isNow && el("div", { class: "line" },
        el("button", { class: "small", "aria-pressed": String(version === compared), onclick: () => (version === compared ? leave() : compare(version)) }, "What changed since"),
        el("button", { class: "small quiet", onclick: () => restore(version) }, "Restore")));
  }

  async function compare(version) {
    if (!(await session.settled())) return toast("Some edits are not saved yet; compare when they are", { kind: "bad" });
    try {
      const found = await difference(version);
      const first = Math.min(...found.added, ...found.removed, ...found.moved.map(([, to]) => to), ...found.rewritten);
      if (Number.isFinite(first)) desk.goTo(first);
    } catch (error) {
      tellError(error, "Not compared");
    }
    return load();
  }

  /** The chart is another: what is shown of the difference too, where one looks at it. */
  async function compareAgain() {
    if (compared === null || comparedTo === chart.version || chart.pending.length) return;
    const version = compared;
    try {
      await difference(version, () => version === compared);
    } catch (error) {
      leave(); // better none than one of another chart
      tellError(error, "Not compared");
    }
  }

  /** Show what changed since a version, if that is still wanted when it is known. */
  async function difference(version, isWanted = () => true) {
    const now = chart.version;
    const found = await api.get(`/api/charts/${desk.chart.id}/compare?from=${version}&to=${now}`);
    if (isWanted()) {
      const gone = new Set(found.removed);
      const moved = new Set([...found.moved.map(([, to]) => to), ...found.rewritten]);
      const from = new Set(found.moved.map(([tick]) => tick));
      const removed = found.notes_from.filter(([tick]) => gone.has(tick) || from.has(tick));
      view.set({ diff: { added: new Set(found.added), removed, moved } });
      [compared, comparedTo] = [version, now];
      showLegend(found, version);
    }
    return found;
  }

  function showLegend(found, version) {
    const say = (name, text) => el("span", { class: `change ${name}` }, text);
    legend.hidden = false;
    fill(legend, el("strong", {}, version ? `Since version ${version}` : "Since the draft"),
      el("p", {}, `${found.kept} rows kept`, say("added", `${found.added.length} added`), say("removed", `${found.removed.length} removed`), say("moved", `${found.moved.length} moved`), say("moved", `${found.rewritten.length} with other steps`)),
      el("button", { class: "small", onclick: leave }, "Leave"));
  }

  function leave() {
    if (compared === null) return;
    compared = null;
    legend.hidden = true;
    view.set({ diff: null });
    load();
  }

  async function restore(version) {
    if (!(await session.settled())) return toast("Some edits are not saved yet; restore when they are", { kind: "bad" });
    leave();
    try {
      await api.post(`/api/charts/${desk.chart.id}/restore`, { version, key: newKey(), base: chart.version });
      await session.catchUp();
      toast(version ? `Version ${version} is back` : "The draft is back", { kind: "good", action: { label: "Undo", run: () => session.undo() } });
    } catch (error) {
      tellError(error, "Not restored");
    }
    return load();
  }

  async function bringIn() {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    try {
      await session.settled();
      const told = await api.post(`/api/songs/${desk.song.id}/charts?name=${encodeURIComponent(chosen.name)}`, new Blob([chosen]));
      await session.catchUp();
      const changed = told.imports.filter((each) => each.changed);
      const lines = changed.map((each) => `${each.slot}: ${PARTS.filter((part) => each[part]).map((part) => `${each[part]} ${part}`).join(", ")}`);
      toast(lines.length ? `Brought in. Rows by chart: ${lines.join("; ")}` : "The file says what the charts say already", { kind: "good", seconds: 12 });
      if (told.timing && told.offered?.timing) offerTiming(told.offered.timing);
      const own = changed.find((each) => each.chart === desk.chart.id);
      if (own) await compare(own.from);
    } catch (error) {
      tellError(error, "Not brought in");
    }
    load();
  }

  function offerTiming(timing) {
    const run = () => session.editSong({ fields: { timing: [desk.songDocument.fields.timing, timing] } }, "timing of the file");
    toast("The file has another timing than the song here", { seconds: Infinity, action: { label: "Take its timing", run } });
  }

  chart.on("change", () => {
    if (chart.version === listed && (compared === null || chart.version === comparedTo)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      compareAgain();
      load();
    }, LATER_MS);
  });
  tabs.onShow((id) => id === "versions" && load());
  return { leave, load };
}
