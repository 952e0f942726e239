// Every version of the chart: looked at, compared with what is there now, had back; and files from other editors.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { tellError, toast } from "../toast.js";
import { ago, count as counted } from "../words.js";
import { newKey } from "./keys_of_edits.js";
import { bringIn } from "./bring_in.js";
import { toldWords } from "./import_words.js";
import { cellOf } from "./notes.js";

const LATER_MS = 400;

/**
 * Versions of a chart and edits of its song, newest first; the draft is last.
 * @param {any[]} versions newest first
 * @param {any[]} songEdits
 * @returns {any[]}
 */
export function history(versions, songEdits) {
  const when = ({ version, changes, at }) => (version === 0 && !changes ? -Infinity : Date.parse(at));
  return [...versions, ...songEdits].sort((a, b) => when(b) - when(a));
}

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
  const file = el("input", { type: "file", accept: ".sm,.ssc", hidden: true, onchange: chosen });
  fill(root, legend,
    el("div", { class: "group" }, el("h3", {}, "Another editor"),
      el("p", { class: "soft" }, "Edit the song in ArrowVortex or SMEditor, and bring the file back: it becomes a new version."),
      el("a", { class: "button", href: `/api/songs/${desk.song.id}/charts.zip`, download: "" }, "Download for another editor"),
      el("button", { onclick: () => file.click() }, "Bring back .sm or .ssc…"), file),
    list);

  async function load() {
    if (tabs.shown() !== "versions") return;
    listed = chart.version;
    try {
      const [versions, songEdits] = await Promise.all([api.get(`/api/charts/${desk.chart.id}/versions`), api.get(`/api/songs/${desk.song.id}/edits`)]);
      fill(list, history(versions, songEdits.filter(({ changes }) => !changes.shift)).map((each) => (each.changes ? songEntry(each) : entry(each, each === versions[0]))));
    } catch (error) {
      tellError(error, "The versions are not listed");
    }
  }

  /** An edit of the song, for all its charts: it has no version of this chart, and is taken back by editing it again. */
  const songEntry = ({ author, at, summary, changes }) =>
    el("li", { class: "entry song" }, el("div", { class: "line" }, el("strong", {}, "Song"), el("span", { class: "text" }, summary || Object.keys(changes).join(", "))),
      el("p", { class: "soft" }, [author?.name, ago(at)].filter(Boolean).join(" · ")));

  function entry({ version, kind, author, at, summary, edits, verdict }, isNow) {
    const title = version === 0 ? "The draft, as charter or its author wrote it" : summary || kind;
    const number = edits > 1 ? `Versions ${version - edits + 1} to ${version}` : `Version ${version}`;
    return el("li", { class: `entry ${version === compared ? "current" : ""}` },
      el("div", { class: "line" }, el("strong", {}, version === 0 ? "Draft" : number), isNow && el("span", { class: "tag" }, "now"), verdict && verdict !== "open" && el("span", { class: `tag ${verdict.replace(" ", "-")}` }, verdict)),
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
      const rewritten = new Set(found.rewritten);
      const there = new Set(found.notes_to.map(([tick, panel]) => cellOf(tick, panel)));
      const removed = found.notes_from.filter(([tick, panel]) => gone.has(tick) || from.has(tick) || (rewritten.has(tick) && !there.has(cellOf(tick, panel))));
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
      el("p", { class: "soft" }, "Faint notes are those of then."),
      el("button", { class: "small", onclick: leave }, "Stop comparing"));
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
    if (!(await session.mayChange("chart", {}))) return undefined;
    leave();
    const { meter } = chart.fields;
    try {
      await api.post(`/api/charts/${desk.chart.id}/restore`, { version, key: newKey(), base: chart.version });
      await session.catchUp();
      const level = chart.fields.meter === meter ? "" : `, and its meter ${chart.fields.meter}`;
      toast(`${version ? `Version ${version}` : "The draft"} is back${level}`, { kind: "good", action: { label: "Undo", run: () => session.undo() } });
    } catch (error) {
      tellError(error, "Not restored");
    }
    return load();
  }

  async function chosen() {
    const [one] = file.files;
    file.value = "";
    if (!one) return;
    try {
      const brought = await bringIn(desk, one);
      if (!brought) return;
      const changed = brought.told.imports.filter((each) => each.changed);
      const action = { label: "Undo", run: () => (leave(), brought.takeBack()) };
      if (changed.length || brought.fields?.length) toast(toldWords(one.name, changed, brought.fields), { kind: "good", seconds: 20, action });
      else toast("The file says what the charts say already");
      if (brought.own) await compare(brought.own.from);
    } catch (error) {
      tellError(error, "Not brought in");
    }
    load();
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      compareAgain();
      load();
    }, LATER_MS);
  }

  chart.on("change", () => {
    if (chart.version === listed && (compared === null || chart.version === comparedTo)) return;
    soon();
  });
  desk.songDocument.on("change", soon);
  tabs.onShow((id) => id === "versions" && load());
  return { leave };
}
