/** The first page: all runs, and where a first song is dropped. */

import { api } from "./api.js";
import { statusBar, statusLegend } from "./bars.js";
import { el, fill } from "./dom.js";
import { chooseFiles, takeDrops } from "./drop.js";
import { icon } from "./icons.js";
import { keys } from "./keys.js";
import { askForRun } from "./new_run.js";
import { toast } from "./toast.js";
import { sortFiles } from "./upload_queue.js";
import { PANEL_NAMES, ago, count } from "./words.js";

/**
 * Show the runs.
 * @param {HTMLElement} page
 * @param {import("./header.js").Header} header
 * @param {any} me
 * @param {(id: number, me: any, files: File[]) => Promise<void>} openRun
 */
export async function showRuns(page, header, me, openRun) {
  document.title = "Runs · charter";
  header.path([{ text: "Runs" }]);
  /** @type {any[]} */
  const runs = await api.get("/api/runs");
  const begin = (/** @type {File[]} */ files) => {
    if (document.querySelector("dialog:modal")) return;
    const { music, other } = sortFiles(files);
    if (music.length || !files.length) askForRun(music, (run) => leave(() => openRun(run.id, me, music)));
    if (other.length) toast(`${count(other.length, "file")} left out: charts are made of music files`);
  };
  /** @type {(() => void)[]} */
  const undo = [takeDrops(begin, "Drop songs to begin a run with them")];
  const leave = (/** @type {() => void} */ then) => {
    for (const each of undo) each();
    then();
  };

  const choose = () => chooseFiles(begin);
  const list = el("ol", { class: "runs" }, runs.map(runCard));
  fill(page, el("div", { class: "wide" },
    runs.length > 0
      ? [el("div", { class: "title-line" }, el("h1", {}, "Runs"), el("p", { class: "soft" }, "Songs that are reviewed together"),
          el("button", { onclick: choose }, icon("add"), "New run with songs…", el("kbd", { "aria-hidden": "true" }, "U")),
          el("button", { class: "main", onclick: () => begin([]) }, icon("add"), "New empty run", el("kbd", { "aria-hidden": "true" }, "N"))),
        list,
        el("p", { class: "hint soft" }, "Drop songs anywhere on this page to begin a run with them.")]
      : welcome(choose)));

  const cards = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("a.run-card")]);
  const step = (/** @type {number} */ by) => {
    const all = cards();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
  };
  undo.push(keys.add(
    { keys: ["n"], does: "new run, still without songs", group: "Runs", run: () => begin([]) },
    { keys: ["u"], does: "choose songs for a new run", group: "Runs", run: choose },
    { keys: ["j", "ArrowDown"], does: "next run", group: "Runs", run: () => step(1), repeat: true, when: () => runs.length > 0 },
    { keys: ["k", "ArrowUp"], does: "run before", group: "Runs", run: () => step(-1), repeat: true, when: () => runs.length > 0 },
    { keys: ["Enter"], does: "open the run", group: "Runs", run: () => cards()[0]?.click(), when: () => runs.length > 0 },
  ));
}

/** @param {any} run */
function runCard(run) {
  const states = run.states ?? {};
  const working = (states.waiting ?? 0) + (states.working ?? 0);
  const failed = states.failed ?? 0;
  return el("li", {}, el("a", { class: "run-card card", href: `/run/${run.id}` },
    el("div", {},
      el("h2", {}, run.name),
      el("p", { class: "soft" }, [count(run.songs, "song"), count(run.charts, "chart"), ago(run.created)].join(" · "),
        run.source && [" · from ", el("span", { title: run.source }, run.source.split(/[\\/]/).filter(Boolean).pop() ?? run.source)])),
    el("div", { class: "notes" },
      working > 0 && el("span", { class: "pill work" }, `${count(working, "song")} in work`),
      failed > 0 && el("span", { class: "pill failed" }, `${failed} failed`)),
    el("div", { class: "how-far" }, statusBar(run.statuses ?? {}), statusLegend(run.statuses ?? {}))));
}

/** What a person sees who has never been here. @param {() => void} choose */
function welcome(choose) {
  return el("section", {},
    dropBox("Drop songs here", choose, "Each song becomes a set of charts, from Beginner to Challenge."),
    steps());
}

/**
 * The large field that says where songs go.
 * @param {string} title @param {() => void} choose @param {string} line
 * @returns {HTMLElement}
 */
export function dropBox(title, choose, line) {
  return el("div", { class: "drop-box" },
    el("p", { class: "falling", "aria-hidden": "true" }, PANEL_NAMES.map((panel) => el("i", { class: panel }, icon("note")))),
    el("h1", {}, title),
    el("p", { class: "soft" }, line),
    el("p", { class: "choose" }, el("button", { class: "main", onclick: choose }, icon("add"), "Choose files", el("kbd", { "aria-hidden": "true" }, "U"))),
    el("p", { class: "soft small" }, "MP3, Ogg, Opus, FLAC, WAV, M4A and others; one song, many, or whole folders."));
}

/** What happens then. @returns {HTMLElement} */
export function steps() {
  const step = (/** @type {string} */ title, /** @type {string} */ text) => el("li", { class: "card" }, el("h3", {}, title), el("p", { class: "soft" }, text));
  return el("ol", { class: "steps" },
    step("Drop", "charter listens to each song and writes its charts. That takes a minute or so a song; you can go on meanwhile."),
    step("Listen and fix", "Open a chart, play it, jump through what charter itself finds doubtful, put right what you hear."),
    step("Accept and export", "Accept what is good, send back what is not. The accepted charts come out as a pack for the game."));
}
