// What the server tells while the page is open.

import { api } from "../api.js";
import { tellError, toast } from "../toast.js";

const TOLD_MS = 4000;
const OTHERS_MS = 300;

/**
 * @param {any} desk
 * @param {import("../live.js").Live} live
 * @param {import("../header.js").Header} header
 */
export function hear(desk, live, header) {
  const { session, marks, model, songDocument, stage, view } = desk;
  const { id } = desk.chart;
  const isOurs = ({ chart }) => chart === id;
  const others = new Set();
  let timer = 0;
  let openedBy = null; // by a decision, which is told before the chart's row

  desk.row = (row, reopened = null) => {
    const before = { ...desk.chart };
    Object.assign(desk.chart, { status: row.status, assignee: row.assignee, decided: row.decided, version: row.version });
    putRow(desk, row);
    desk.panels.decision.show();
    desk.showSlots();
    desk.reopening.heard(before, { ...desk.chart }, reopened);
  };

  async function again() {
    try {
      await session.catchUp();
      const [chart, comments] = await Promise.all([api.get(`/api/charts/${id}`), api.get(`/api/charts/${id}/comments`)]);
      marks.setFindings(chart.findings_list, chart.checked);
      marks.setComments(comments);
      feet(chart.footing);
      desk.row(chart);
    } catch (error) {
      tellError(error);
    }
  }

  function feet(footing) {
    model.footing = footing;
    model.emit("footing");
  }

  /** Another chart of the song is loaded anew, once for a run of edits; hidden, it is loaded when it is shown. */
  function other(chart) {
    others.add(chart);
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const changed = [...others];
      others.clear();
      await stage.showOthers(() => Promise.all(changed.map((each) => model.loadOther(each))));
    }, OTHERS_MS);
  }

  live.on("lost", () => header.lost(true));
  live.on("connected", () => header.lost(false));
  live.on("reconnected", () => {
    session.saver.retry();
    again();
    stage.showOthers();
  });
  live.on("connected", () => session.catchUp().catch(() => {})); // what happened between the page's load and now
  live.on("edit", (event) => {
    if (isOurs(event)) session.receive(event.edit);
    else if (view.sideBySide && desk.siblings().some((row) => row.id === event.chart)) other(event.chart);
  });
  live.on("song edit", (event) => event.song === desk.song.id && session.receiveSong(event));
  live.on("checked", (event) => {
    if (!isOurs(event)) return;
    marks.setFindings(event.findings, event.version);
    feet(event.footing);
  });
  live.on("chart", ({ chart, reopened }) => {
    if (chart.id === id) desk.row(chart, reopened ?? openedBy);
    else if (chart.song === desk.song.id) {
      putRow(desk, chart);
      desk.showSlots();
    }
  });
  live.on("assigned", ({ charts, assignee }) => charts.includes(id) && desk.row({ ...desk.chart, assignee }));
  live.on("comment", (event) => isOurs(event) && marks.comment(event.comment));
  live.on("dismissal", (event) => isOurs(event) && marks.dismiss(event.finding.id, event.finding.dismissed));
  live.on("decision", (event) => {
    if (!isOurs(event)) return;
    const { verdict, author } = event.decision;
    openedBy = verdict === "open" ? { verdict: desk.chart.status, decided_by: desk.chart.decided?.author, by: author, how: "open" } : null;
    desk.panels.decision.heard();
  });
  live.on("job", ({ job }) => {
    if (job.kind === "hear" && job.song === desk.song.id && job.state === "done" && !desk.song.sound) location.reload();
  });
  session.on("foreign", tellOf());
  songDocument.on("change", () => nameThePage(desk, header));
}

/**
 * Say in the window's title and the bar which chart this is.
 * @param {any} desk
 * @param {import("../header.js").Header} header
 */
export function nameThePage({ songDocument, song, run, chart, document: notes }, header) {
  const { title, artist } = songDocument.fields;
  document.title = `${title} · ${chart.slot} ${notes.fields.meter} · charter`;
  const crumbs = [{ text: "Runs", href: "/" }, { text: run?.name ?? "Songs", href: `/run/${song.run}` }];
  header.path([...crumbs, { text: artist ? `${title} – ${artist}` : title }]);
}

/** Of what others do: one message a person, however fast they work. */
function tellOf() {
  const told = new Map();
  return ({ author, summary, isSong }) => {
    const who = author?.name ?? "charter";
    const last = told.get(who);
    const count = last && Date.now() - last.at < TOLD_MS ? last.count + 1 : 1;
    last?.close();
    const what = `${isSong ? "the song: " : ""}${summary || "an edit"}`;
    const close = toast(count > 1 ? `${who}: ${count} edits, now ${what}` : `${who}: ${what}`, { seconds: TOLD_MS / 1000 });
    told.set(who, { at: Date.now(), count, close });
  };
}

function putRow(desk, row) {
  desk.song.charts = desk.song.charts.map((each) => (each.id === row.id ? { ...each, ...row } : each));
}
