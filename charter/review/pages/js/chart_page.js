/** The page of a chart: listen, look, fix, sign off. Puts its parts together. */

import { api } from "./api.js";
import { byId, el, fill } from "./dom.js";
import { chipOf } from "./editor/chiptune.js";
import { makeClipboard } from "./editor/clipboard_events.js";
import { commands, goTo } from "./editor/commands.js";
import { makeComments } from "./editor/comments_panel.js";
import { makeConflictBar } from "./editor/conflict_bar.js";
import { makeDecision } from "./editor/decision_panel.js";
import { HeldPanels, Pointing } from "./editor/drawing.js";
import { Editing } from "./editor/editing.js";
import { makeFindings } from "./editor/findings_panel.js";
import { hear, nameThePage } from "./editor/hearing.js";
import { makePassage } from "./editor/passage_panel.js";
import { makeNext } from "./editor/next_chart.js";
import { makePresence } from "./editor/presence.js";
import { releaseFocus } from "./editor/release_focus.js";
import { makeReopening } from "./editor/reopening.js";
import { makeSaveStatus } from "./editor/save_status.js";
import { makeSlots } from "./editor/slots.js";
import { makeSong } from "./editor/song_panel.js";
import { makeTabs } from "./editor/tabs.js";
import { makeTiming } from "./editor/timing_panel.js";
import { giveToastsRoom } from "./editor/toast_room.js";
import { makeTools } from "./editor/tools.js";
import { makeTransport } from "./editor/transport.js";
import { makeVersions } from "./editor/versions_panel.js";
import { View } from "./editor/view.js";
import { loadWork } from "./editor/work.js";
import { makeHeader } from "./header.js";
import { keys } from "./keys.js";
import { connect } from "./live.js";
import { openCalibration } from "./player/calibrate.js";
import { addPlayerKeys } from "./player/player_keys.js";
import { createStage } from "./player/stage.js";
import { tellError, toast } from "./toast.js";

const TABS = [
  { id: "findings", label: "Findings", key: "5" },
  { id: "comments", label: "Comments", key: "6" },
  { id: "passage", label: "Rewrite", key: "7" },
  { id: "timing", label: "Timing", key: "8" },
  { id: "song", label: "Song", key: "9" },
  { id: "versions", label: "Versions", key: "O" },
];

async function open() {
  const header = makeHeader();
  const id = Number(location.pathname.split("/").pop());
  const work = await loadWork(id);
  const { me, song, session } = work;
  header.me(me);
  nameThePage(work, header);

  const view = new View(localStorage);
  const { document: notes, marks, model } = work;
  model.view = view;
  const stage = createStage(byId("stage"), model);
  const editing = new Editing({ document: notes, view, session, isSilent: (tick) => model.timing.secondsAt(tick) < 0 });
  const desk = { ...work, view, stage, editing, timing: () => model.timing };
  desk.goTo = (tick) => goTo(desk, tick);
  desk.tools = makeTools(byId("tools"), {
    view, editing, session, clipboard: makeClipboard(editing), calibrate: () => openCalibration(stage.player),
  });
  desk.held = new HeldPanels(editing, desk.tools.tool, () => stage.player.playing);
  const live = connect(song.run);
  desk.transport = makeTransport(byId("transport"), {
    stage, view, timing: desk.timing, chip: () => chipOf(song, live),
  });
  desk.tabs = makeTabs(byId("tabs"), TABS);
  desk.reopening = makeReopening(desk);
  desk.next = makeNext(desk, live);
  desk.panels = makePanels(desk, live);
  makeConflictBar(desk, byId("conflict"));
  makeSlots(desk, header, makeSaveStatus(session));
  keys.add(...commands(desk));
  addPlayerKeys(stage, view);
  point(desk);

  releaseFocus();
  giveToastsRoom(byId("side"), byId("decision"));
  hear(desk, live, header);
  makePresence(desk, live, header);
  let close = () => {};
  session.on("told", (line) => {
    close(); // only the last matters, however fast one undoes
    close = toast(line, { seconds: 4 });
  });
  stage.player.on("error", (error) => tellError(error, "The player"));
  work.begin(desk);
  if (song.sound) stage.player.load().catch(() => {}); // told by its "error"
  else toast("The song is being prepared to be heard. Its chart can be looked at meanwhile.");
}

function makePanels(desk, live) {
  const { tabs, view } = desk;
  const made = {
    findings: makeFindings(desk, tabs.panel("findings")),
    comments: makeComments(desk, tabs.panel("comments")),
    passage: makePassage(desk, live, tabs.panel("passage")),
    timing: makeTiming(desk, tabs.panel("timing")),
    song: makeSong(desk, tabs.panel("song")),
    versions: makeVersions(desk, tabs.panel("versions")),
    commands: () => TABS.map(({ id, label, key }) => [key, `the panel ${label}`, () => tabs.show(id)]),
    leave() {
      if (desk.pointing.cancel()) return;
      if (made.passage.isOpen) made.passage.drop();
      else if (view.diff) made.versions.leave();
      else view.set({ selection: null });
    },
  };
  made.decision = makeDecision(Object.assign(desk, { panels: made }), byId("decision"));
  return made;
}

/** The mouse on the field. */
function point(desk) {
  const { stage, view } = desk;
  desk.pointing = new Pointing(desk.editing, desk.tools.tool);
  stage.onPointer((event) => {
    if (event.type === "down") document.activeElement?.blur?.();
    desk.pointing.handle(event);
  });
  let rest = 0;
  byId("stage").addEventListener("wheel", (event) => {
    event.preventDefault();
    rest += event.deltaMode ? event.deltaY * 33 : event.deltaY;
    const steps = Math.trunc(rest / 50);
    if (!steps) return;
    rest -= steps * 50;
    if (event.ctrlKey || event.metaKey) desk.tools.zoom(-Math.sign(steps));
    else desk.goTo((Math.round(view.cursor / view.snap) + steps) * view.snap);
  }, { passive: false });
}

open().catch((error) => {
  fill(document.querySelector("main"), el("div", { class: "nothing" }, el("h1", {}, "This chart cannot be shown"), el("p", { class: "error" }, error.message), el("p", {}, el("a", { href: "/" }, "All runs"))));
  console.error(error);
});
