/** The page of a run: its songs, what is shown of them, and what is done with them. */

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { chooseFiles, takeDrops } from "./drop.js";
import { showExport } from "./export_dialog.js";
import { NO_FILTER, SLOTS, aboutCharts, chartPasses, choose, columnsOf, fromQuery, tabCounts, toQuery, totals } from "./filters.js";
import { makeKeptEdits } from "./kept_edits.js";
import { connect } from "./live.js";
import { showMeasure } from "./measure_panel.js";
import { follow } from "./run_events.js";
import { makeHead, nextStep } from "./run_head.js";
import { addRunKeys } from "./run_keys.js";
import { showRunSettings } from "./run_settings.js";
import { dropBox, steps } from "./runs.js";
import { askWho, assign, cancel, remove, retry } from "./song_acts.js";
import { SongList } from "./song_list.js";
import { Songs } from "./songs.js";
import { tellError, toast } from "./toast.js";
import { makeSelectionBar, makeToolbar } from "./toolbar.js";
import { UploadQueue, sortFiles } from "./upload_queue.js";
import { showUploads } from "./upload_tray.js";
import { count } from "./words.js";

const MEGABYTE = 1e6;

/**
 * Show a run.
 * @param {HTMLElement} page
 * @param {import("./header.js").Header} header
 * @param {any} me
 * @param {number} id
 * @param {File[]} [files]  songs to send at once
 */
export async function showRun(page, header, me, id, files = []) {
  header.path([{ text: "Runs", href: "/" }, { text: "…" }]);
  const songs = new Songs();
  const live = connect(id);
  /** @type {import("./filters.js").Filter} */
  let filter = fromQuery(location.search);
  const list = new SongList(
    { columns: [], filter, me: me.id, people: new Map() },
    { cancel: (song) => void cancel(songs, [song]), retry: (song) => void retry(songs, [song]), remove: (song) => void remove(songs, [song]) },
  );
  const run = await follow(id, live, songs, (people) => {
    header.people(people, me);
    const was = list.look.people;
    list.look.people = byChart(people.filter((who) => who.id !== me.id));
    const changed = new Set([...was.keys(), ...list.look.people.keys()]);
    list.refresh(songs.all().filter((song) => song.charts.some((chart) => changed.has(chart.id))).map((song) => song.id));
  });
  document.title = `${run.name} · charter`;
  header.path([{ text: "Runs", href: "/" }, { text: run.name }]);
  header.lost(!live.connected());
  live.on("run", ({ run: now }) => {
    Object.assign(run, now);
    document.title = `${run.name} · charter`;
    header.path([{ text: "Runs", href: "/" }, { text: run.name }]);
    draw();
  });
  live.on("run gone", () => location.assign("/"));
  live.on("lost", () => header.lost(true));
  live.on("connected", () => header.lost(false));
  live.send({ type: "here", chart: null, tick: 0 });

  let writing = 0;
  const change = (/** @type {Partial<import("./filters.js").Filter>} */ some) => {
    filter = { ...filter, ...some };
    clearTimeout(writing); // browsers refuse an address that changes with every letter typed
    writing = setTimeout(() => history.replaceState(null, "", location.pathname + toQuery(filter)), 250);
    draw();
  };

  const queue = new UploadQueue((file, options) => sendSong(id, file, options, me.most_upload), { onDone: (song) => songs.put(song), atOnce: 1 }); // one by one, so that songs are listed as they were dropped
  showUploads(queue);
  queue.onChange(() => drawEmpty());
  const take = (/** @type {File[]} */ some) => {
    const { music, other } = sortFiles(some);
    if (other.length) toast(`${count(other.length, "file")} left out: charts are made of music files`);
    queue.add(music);
  };
  takeDrops(take, `Drop songs to add them to ${run.name}`);

  const asked = () => {
    const { song, chart } = list.cursor();
    const chosen = list.selection();
    if (chosen.length) return { songs: chosen, charts: chosen.flatMap((each) => each.charts.filter((one) => chartPasses(one, filter, me.id))) };
    return { songs: song ? [song] : [], charts: chart ? [chart] : (song?.charts ?? []) };
  };
  const acts = {
    open: () => {
      const { song, chart } = list.cursor();
      const first = chart ?? song?.charts.find((each) => each.status === "open") ?? song?.charts[0];
      if (first) location.assign(`/chart/${first.id}`);
    },
    seek: () => void (list.seek((chart) => chart.status === "open" && chartPasses(chart, { ...filter, tab: "open" }, me.id)) || toast("No open chart is shown here.")),
    next: () => {
      acts.seek();
      if (list.cursor().chart?.status === "open") acts.open();
    },
    assign: async () => {
      const { songs: some, charts } = asked();
      if (!charts.length) return;
      const people = await api.get("/api/people").catch(() => [me]);
      toolbar.people(people);
      askWho(`${count(charts.length, "chart")} of ${some.length === 1 ? some[0].title || some[0].source : count(some.length, "song")}`, people, me, (who) => void assign(songs, charts, who));
    },
    assignMe: () => void assign(songs, asked().charts, me),
    retry: () => void retry(songs, asked().songs),
    cancel: () => void cancel(songs, asked().songs),
    remove: () => void remove(songs, asked().songs),
    add: () => chooseFiles(take),
    out: () => showExport(id, totals(songs.all()), live),
    measure: () => void showMeasure(id),
    search: () => toolbar.search(),
    settings: () => showRunSettings(run, songs.all().length),
    reset: () => change({ ...NO_FILTER, sort: filter.sort, down: filter.down }),
  };
  const head = makeHead(acts);
  const toolbar = makeToolbar(change);
  const stuck = (/** @type {string[]} */ states) => (/** @type {any[]} */ some) => some.some((song) => states.includes(song.state));
  const bar = makeSelectionBar([
    { label: "Assign", key: "A", run: acts.assign },
    { label: "Assign to me", key: "I", run: acts.assignMe },
    { label: "Try again", key: "R", run: acts.retry, when: stuck(["failed", "cancelled"]) },
    { label: "Remove", key: "Del", run: acts.remove, when: stuck(["failed", "cancelled"]) },
    { label: "Cancel", key: "C", run: acts.cancel, when: stuck(["waiting", "working"]) },
  ], () => list.clear());
  const empty = el("div", { class: "empty" });
  const tip = el("p", { class: "tip", role: "status" });
  const kept = makeKeptEdits(songs, me.id);
  fill(page, head.root, kept.root, toolbar.root, bar.root, list.root, empty, tip);
  list.onChange(() => bar.draw(list.selection()));

  let looks = "";
  let shown = 0;
  const draw = () => {
    const all = songs.all();
    const chosen = choose(all, filter, me.id);
    const needed = columnsOf(all, run.request?.difficulties ?? SLOTS.slice(0, 5));
    const now = JSON.stringify([needed, aboutCharts(filter)]);
    list.show(chosen, now === looks ? undefined : { columns: needed, filter }); // otherwise rows that are drawn stay
    looks = now;
    shown = chosen.length;
    toolbar.draw(filter, tabCounts(all), shown);
    const counted = totals(all);
    head.draw(run, counted);
    const step = nextStep(counted);
    tip.hidden = !step;
    if (tip.textContent !== (step ?? []).join(" ")) fill(tip, step && [el("b", {}, step[0]), ` ${step[1]}`]);
    kept.draw();
    drawEmpty();
  };
  const drawEmpty = () => {
    const none = songs.all().length === 0;
    toolbar.root.hidden = none;
    list.root.hidden = shown === 0;
    empty.hidden = shown > 0;
    const state = shown > 0 ? "" : none ? (queue.busy ? "sending" : "drop") : "filtered";
    if (empty.dataset.state === state) return;
    empty.dataset.state = state;
    if (state === "drop") fill(empty, dropBox("Drop songs here", acts.add, "Each becomes a set of charts that you can play, put right and accept."), steps());
    if (state === "sending") fill(empty, el("p", { class: "soft" }, "The songs are on their way…"));
    if (state === "filtered") fill(empty, el("p", {}, "No song is like that."), el("button", { onclick: acts.reset }, "Show all songs", el("kbd", { "aria-hidden": "true" }, "Esc")));
  };

  let frame = 0;
  const soon = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
  songs.onChange(soon);
  draw();
  addRunKeys(list, acts, change);
  keepPlace(list, id);
  list.root.focus({ preventScroll: true });
  queue.add(files);
  api.get("/api/people").then((people) => {
    toolbar.people(people);
    soon();
  }, (error) => tellError(error));
}

/** @param {{id: number, name: string, chart: number | null}[]} people */
function byChart(people) {
  /** @type {Map<number, {id: number, name: string}[]>} */
  const all = new Map();
  for (const who of people) {
    if (who.chart === null) continue;
    const others = all.get(who.chart) ?? [];
    if (!others.some((each) => each.id === who.id)) all.set(who.chart, [...others, who]);
  }
  return all;
}

/** @param {number} run @param {File} file @param {any} options @param {number | undefined} most  bytes */
async function sendSong(run, file, options, most) {
  if (most && file.size > most) {
    throw new Error(`it has ${Math.round(file.size / MEGABYTE)} MB; this server takes up to ${Math.floor(most / MEGABYTE)}`);
  }
  return api.upload(`/api/runs/${run}/songs?name=${encodeURIComponent(file.name)}`, file, options);
}

/** Come back to the song that one left from. @param {SongList} list @param {number} run */
function keepPlace(list, run) {
  const name = `charter place ${run}`;
  try {
    const kept = JSON.parse(sessionStorage.getItem(name) ?? "null");
    if (kept) list.goTo(kept);
  } catch {
    sessionStorage.removeItem(name);
  }
  window.addEventListener("pagehide", () => sessionStorage.setItem(name, JSON.stringify(list.mark())));
}
