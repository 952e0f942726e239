// A passage written anew: rows locked, three candidates to see and hear, one to take.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { chord } from "../help.js";
import { followJob, isOver } from "../jobs.js";
import { tellError, toast } from "../toast.js";
import { capital, count as counted } from "../words.js";
import { ask } from "./dialogs.js";
import { measureText, notesOf } from "./notes.js";
import { rowsText, passageOf, notesIn, notesThrough } from "./selection.js";

const sameNotes = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** @param {any} desk @param {import("../live.js").Live} live @param {HTMLElement} root */
export function makePassage(desk, live, root) {
  const { view, editing, tabs } = desk;
  const chart = desk.document;
  let job = null;
  let following = null;
  let asked = null; // the passage of the candidates
  let candidates = [];
  let shown = -1;
  let isTaking = false;
  let seed = Math.floor(Math.random() * 1e6);
  const what = el("p", {});
  const keep = el("input", { type: "checkbox" });
  const locks = el("p", { class: "soft" });
  const startButton = el("button", { class: "main", onclick: () => start() }, "Write three candidates", chord(["X"]));
  const lockButton = el("button", { onclick: () => lock() }, "Lock", chord(["L"]));
  const clearButton = el("button", { class: "quiet", onclick: () => view.set({ locks: [] }) }, "Unlock all");
  const progress = el("div", { class: "progress", hidden: true });
  const list = el("ol", { class: "candidates" });
  fill(root, what,
    el("label", { class: "check" }, keep, "keep the rows where they are, only new steps"),
    el("div", { class: "line" }, lockButton, clearButton), locks, startButton, progress, list);

  const passage = () => view.selection && view.selection.end > view.selection.start && passageOf(view.selection);

  function show() {
    const now = passage();
    const count = now ? notesIn(chart.notes, { start: now.start, end: now.end - 1 }).length : 0;
    fill(what, now
      ? [el("strong", {}, capital(rowsText({ start: now.start, end: now.end - 1 }))), ` (from ${measureText(now.start)}, ${counted(count, "note")})`]
      : ["Select rows that are to be written anew: ", chord(["S"]), " for a measure, ", chord(["Shift", "PgDn"]), " for more, or drag beside the notes."]);
    startButton.disabled = !now || isWorking();
    lockButton.firstChild.textContent = isLocked() ? "Unlock " : "Lock ";
    lockButton.title = "Locked rows stay when the passage is written anew";
    locks.textContent = view.locks.length ? `Locked: ${view.locks.map(([start, end]) => rowsText({ start, end: end - 1 })).join(", ")}` : "";
    clearButton.hidden = !view.locks.length;
    list.hidden = !candidates.length;
  }

  const isWorking = () => job !== null && !isOver(job);
  const isLocked = () => {
    const { start, end } = editing.rows();
    return view.locks.some((each) => each[0] <= start && each[1] > end);
  };

  function lock() {
    const { start, end } = editing.rows();
    const isOff = isLocked();
    const rest = view.locks.flatMap(([from, to]) => (to <= start || from > end ? [[from, to]] : [[from, Math.min(to, start)], [Math.max(from, end + 1), to]])).filter(([from, to]) => to > from);
    view.set({ locks: (isOff ? rest : [...rest, [start, end + 1]]).sort((a, b) => a[0] - b[0]) });
  }

  async function start() {
    const now = passage();
    tabs.show("passage");
    if (!now) return toast("Select the rows that are to be written anew first");
    if (isWorking()) return undefined;
    drop();
    await desk.session.settled();
    const inside = view.locks.map(([from, to]) => [Math.max(from, now.start), Math.min(to, now.end)]).filter(([from, to]) => to > from);
    seed += 3;
    asked = now;
    try {
      const first = await api.post(`/api/charts/${desk.chart.id}/redo`, { ...now, locks: inside, keep_rows: keep.checked, seed, candidates: 3 });
      if (asked === now) follow(first);
      else await api.post(`/api/jobs/${first.id}/cancel`);
    } catch (error) {
      tellError(error, "No candidates");
    }
    return undefined;
  }

  function follow(first) {
    job = first;
    following = followJob(first, live, (now) => {
      job = now;
      showJob();
    });
    showJob();
  }

  function showJob() {
    progress.hidden = !isWorking() && job?.state !== "failed";
    if (job?.state === "failed") fill(progress, el("p", { class: "error" }, job.error));
    else if (job) {
      fill(progress, el("progress", { max: 1, value: job.progress || null, "aria-label": "Progress" }), el("p", { class: "soft" }, capital(job.stage || job.state)),
        el("button", { class: "quiet small", onclick: () => api.post(`/api/jobs/${job.id}/cancel`).then(following.hear, tellError) }, "Cancel"));
    }
    if (job?.state === "done" && !candidates.length && asked) {
      candidates = job.result.candidates;
      showCandidates();
      if (job.result.version !== chart.version) toast("The chart was changed meanwhile; the candidates are for how it was before", { kind: "info" });
    }
    show();
  }

  function showCandidates() {
    const card = (label, index, text) => el("li", { class: index === shown ? "current" : "", onpointerenter: () => peek(index), onpointerleave: () => peek(-1) },
      el("strong", {}, label), el("span", { class: "soft" }, text),
      el("button", { class: "small", "aria-pressed": String(index === shown), onclick: () => hear(index) }, "▶ Hear"),
      index >= 0 && el("button", { class: "small main", onclick: () => take(index) }, "Take"));
    fill(list, el("li", { class: "head" }, el("span", { class: "soft" }, "Next ", chord(["A"]), " · take ", chord(["Enter"]), " · leave ", chord(["Esc"]))),
      card("As it is", -1, ""), candidates.map(({ rows }, index) => card(`Candidate ${index + 1}`, index, counted(rows, "row"))));
    show();
  }

  /** Show a candidate over the notes while the mouse is on it. */
  function peek(index) {
    if (chart.trial) return;
    view.set({ ghosts: index < 0 ? null : { ...asked, notes: candidates[index].notes } });
  }

  function hear(index) {
    if (!candidates.length) return;
    shown = index;
    view.set({ ghosts: null });
    chart.setTrial(index < 0 ? null : { ...asked, notes: candidates[index].notes });
    desk.transport.setLoop({ start: asked.start, end: asked.end });
    if (!desk.stage.player.playing || view.cursor < asked.start || view.cursor > asked.end) {
      view.set({ cursor: asked.start });
      desk.transport.follow();
      if (!desk.stage.player.playing) desk.transport.toggle();
    }
    showCandidates();
  }

  async function take(index = shown) {
    const candidate = candidates[index];
    if (!candidate || isTaking) return;
    isTaking = true;
    try {
      if (!(await desk.session.mayChange("chart", {})) || !(await mayReplace(candidate))) return;
      const at = asked;
      drop();
      editing.takePassage(at, candidate.notes, "redo passage");
      toast(`Candidate ${index + 1} is taken`, { kind: "good", action: { label: "Undo", run: () => desk.session.undo() } });
    } catch (error) {
      tellError(error, "Not taken");
    } finally {
      isTaking = false;
    }
  }

  /** Whether a candidate may take the passage's place: what was done there since it was asked for is not lost unseen. */
  async function mayReplace(candidate) {
    const { version } = job.result;
    const isNow = version === chart.version && !chart.pending.length;
    let known = isNow ? notesOf(chart.cells) : (await api.get(`/api/charts/${desk.chart.id}/notes?version=${version}`)).notes;
    for (;;) {
      if (!candidates.includes(candidate)) return false; // left meanwhile
      const now = notesOf(chart.cells);
      if (sameNotes(notesThrough(known, asked), notesThrough(now, asked))) return true;
      known = now;
      const choices = [{ id: "take", label: "Take it all the same" }, { id: "leave", label: "Look at it first" }];
      if ((await ask({ title: "The passage was changed since", text: "Its notes are others than when the candidates were written. The candidate would replace them.", choices })) !== "take") {
        chart.setTrial(null); // the passage as it is
        return false;
      }
    }
  }

  /** Leave the candidates; the chart is as it was. */
  function drop() {
    if (candidates.length && desk.stage.player.loop) desk.transport.setLoop(null);
    candidates = [];
    asked = null;
    shown = -1;
    following?.stop();
    job = null;
    if (chart.trial) chart.setTrial(null);
    if (view.ghosts) view.set({ ghosts: null });
    progress.hidden = true;
    showCandidates();
  }

  view.on("change", (changed) => (!desk.stage.player.playing || changed.length > 1 || changed[0] !== "cursor") && show());
  chart.on("change", () => {
    if (!chart.trial && shown >= 0) {
      shown = -1; // an edit ended it
      showCandidates();
    } else show();
  });
  desk.session.on("shift", () => {
    if (!candidates.length && !isWorking() && !(asked && !job)) return;
    if (isWorking()) api.post(`/api/jobs/${job.id}/cancel`).catch(() => {}); // what comes of it would be for other beats
    drop();
    toast("Beat 0 was moved; the candidates are gone. Write them again where the passage is now");
  });
  show();
  return {
    start, lock, take, drop,
    get isShowing() {
      return shown >= 0;
    },
    get isOpen() {
      return candidates.length > 0;
    },
    next: () => candidates.length && hear(shown + 1 >= candidates.length ? -1 : shown + 1),
  };
}
