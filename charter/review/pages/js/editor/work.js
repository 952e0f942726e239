// All that a chart's page begins with: what the server has, and what this browser has kept.

import { api } from "../api.js";
import { Emitter } from "../player/emitter.js";
import { Timing } from "../player/timing.js";
import { tellError, toast } from "../toast.js";
import { count as counted } from "../words.js";
import { ask } from "./dialogs.js";
import { ChartDocument } from "./document.js";
import { historyOf } from "./history.js";
import { Marks } from "./marks.js";
import { keptEdits } from "./saver.js";
import { Session } from "./session.js";
import { SongDocument } from "./song_document.js";

const LEFT_MS = 14 * 24 * 3600 * 1000;

/** What the stage reads, beside the view. */
class Model extends Emitter {}

/**
 * @param {number} id of the chart
 * @returns {Promise<any>}
 */
export async function loadWork(id) {
  const [me, chart, chartEdits, comments] = await Promise.all([
    api.get("/api/me"), api.get(`/api/charts/${id}`), api.get(`/api/charts/${id}/edits?after=0`), api.get(`/api/charts/${id}/comments`),
  ]);
  const number = chart.song.id;
  const [song, songEdits, runs] = await Promise.all([api.get(`/api/songs/${number}`), api.get(`/api/songs/${number}/edits`), api.get("/api/runs")]);
  const run = runs.find((each) => each.id === song.run);
  const document = new ChartDocument(chart);
  const songDocument = new SongDocument(song);
  const session = new Session({
    api, storage: localStorage, me, chart: id, song: number, identity: identityOf(song, chart), document, songDocument, ask,
    history: historyOf(chartEdits, songEdits, me.id, id),
  });
  const marks = new Marks(chart.findings_list, chart.checked);
  marks.setComments(comments);
  const timingNow = () => new Timing(chart.own_timing ? chart.timing : songDocument.fields.timing);
  const model = Object.assign(new Model(), { song, document, marks, others: [], footing: chart.footing, timing: timingNow() });
  model.loadOthers = () => loadOthers(model, song.charts.filter((row) => row.id !== id));
  model.loadOther = (other) => loadOthers(model, song.charts.filter((row) => row.id === other));
  const work = { me, chart, song, run, document, songDocument, session, history: session.history, marks, model };
  work.siblings = () => song.charts.filter((row) => row.id !== id);
  work.begin = (desk) => begin(desk, chartEdits, songEdits, timingNow);
  return work;
}

/** The same for as long as the chart is of the same review, whatever is edited. */
function identityOf(song, chart) {
  const text = JSON.stringify([song.source, chart.slot, song.draft_fields]);
  let hash = 0xcbf29ce484222325n;
  for (const code of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(code)) * 0x100000001b3n);
  return hash.toString(16);
}

function begin(desk, chartEdits, songEdits, timingNow) {
  const { session, songDocument, model, stage, view } = desk;
  songDocument.on("change", (names) => {
    if (!names.includes("timing") || desk.chart.own_timing) return;
    model.timing = timingNow();
    stage.refresh();
    desk.transport.retime();
  });
  session.on("shift", (ticks) => {
    const moved = (tick) => Math.max(0, tick + ticks);
    view.set({
      cursor: moved(view.cursor),
      selection: view.selection && { start: moved(view.selection.start), end: moved(view.selection.end) },
      locks: view.locks.map(([start, end]) => [moved(start), moved(end)]),
    });
    desk.transport.retime(ticks);
    model.footing = model.footing.map(([tick, ...rest]) => [tick + ticks, ...rest]);
    model.emit("footing");
    api.get(`/api/charts/${desk.chart.id}/comments`).then((comments) => desk.marks.setComments(comments), tellError);
  });
  const found = session.recover(chartEdits, songEdits);
  tellLeft(desk);
  if (found) toast(`${counted(found, "edit")} of yours had not reached the server: recovered, and sent now`, { kind: "good", seconds: 10 });
}

/** Edits of other charts that this browser could not send: they are sent once their chart is open. */
function tellLeft({ me, chart }) {
  const recent = (item) => item.chart !== chart.id && Date.now() - item.made < LEFT_MS;
  const left = keptEdits(localStorage, me.id).filter(recent);
  if (!left.length) return;
  const run = () => location.assign(`/chart/${left[0].chart}`);
  toast(`${counted(left.length, "edit")} of another chart had not reached the server, and ${left.length === 1 ? "is" : "are"} kept here`, { kind: "bad", action: { label: "Open it, to send", run } });
}

/** Notes of these others of the song's charts, for side by side. */
async function loadOthers(model, rows) {
  const loaded = await Promise.all(rows.map(({ id }) => api.get(`/api/charts/${id}`)));
  const others = new Map(model.others.map((other) => [other.id, other]));
  for (const { id, slot, meter, notes, version } of loaded) {
    if (version >= (others.get(id)?.version ?? 0)) others.set(id, { id, slot, meter, notes, version }); // answers may cross
  }
  const places = new Map(model.song.charts.map(({ id }, place) => [id, place]));
  model.others = [...others.values()].sort((a, b) => places.get(a.id) - places.get(b.id));
}
