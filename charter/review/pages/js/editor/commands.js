// Every key of the chart page.

import { TICKS_PER_MEASURE } from "../player/timing.js";
import { SNAPS, snapTicks } from "./notes.js";
import { firstFrom, measureOf, rowsBetween, stepped } from "./selection.js";

/**
 * @typedef {object} Desk what the keys act on, as chart_page.js puts it together
 * @property {import("./view.js").View} view
 * @property {import("./editing.js").Editing} editing
 * @property {import("./session.js").Session} session
 * @property {any} stage
 * @property {import("./drawing.js").HeldPanels} held
 * @property {any} tools
 * @property {any} panels
 * @property {any} transport
 */

/**
 * Go to a row; the stage takes the song along.
 * @param {Desk} desk
 * @param {number} tick
 */
export function goTo({ view }, tick) {
  view.set({ cursor: Math.max(0, Math.round(tick)) });
}

/** A selection that grows and shrinks at one end while the other stays, as long as nobody else changes it. */
class Reach {
  #made = null;
  #anchor = 0;

  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.view = view;
  }

  /** @param {number} size ticks of a step @param {1|-1} way */
  step(size, way) {
    const { selection, cursor } = this.view;
    const goesOn = selection && selection === this.#made;
    if (!goesOn) this.#anchor = !selection ? cursor : way > 0 ? selection.start : selection.end;
    const isWide = !goesOn && selection && selection.end > selection.start;
    const from = !isWide ? cursor : way > 0 ? selection.end + 1 : selection.start;
    const to = stepped(from, size, way);
    this.#made = rowsBetween(this.#anchor, to);
    this.view.set({ cursor: to, selection: this.#made });
  }
}

function change(view, names, way) {
  const at = names.indexOf(view.snap);
  const near = at < 0 ? names.findIndex((ticks) => ticks <= view.snap) : at;
  view.set({ snap: names[Math.min(names.length - 1, Math.max(0, near + way))] });
}

function nextRow(desk, way) {
  const { notes } = desk.editing.document;
  const index = way > 0 ? firstFrom(notes, desk.view.cursor + 1) : firstFrom(notes, desk.view.cursor) - 1;
  if (notes[index]) goTo(desk, notes[index][0]);
}

/**
 * @param {Desk} desk
 * @returns {import("../keys.js").Binding[]}
 */
export function commands(desk) {
  const { view, editing, session, held, tools, panels, transport } = desk;
  const snaps = SNAPS.map(snapTicks);
  const end = () => desk.editing.document.notes.at(-1)?.[0] ?? 0;
  const reach = new Reach(view);
  const step = (way) => goTo(desk, stepped(view.cursor, view.snap, way));
  const page = (way) => goTo(desk, stepped(view.cursor, TICKS_PER_MEASURE, way));
  const key = (group, names, does, run, more = {}) => ({ keys: [names].flat(), does, group, run, ...more });
  const again = { repeat: true };
  return [
    ...[
      ["Play", "Space", "play, or stop where you are", () => transport.toggle()],
      ["Play", "Shift+Space", "play, and stop where you began", () => transport.toggle(true)],
      ["Play", "P", "play the selection round and round", () => transport.loopSelection()],
      ["Play", "Shift+ArrowLeft", "slower", () => transport.changeRate(-1), again],
      ["Play", "Shift+ArrowRight", "faster", () => transport.changeRate(1), again],
      ["Play", "I", "tick on every note", () => transport.flip("ticks")],
      ["Play", "M", "metronome", () => transport.flip("metronome")],
      ["Play", "U", "chiptune instead of the song", () => transport.flip("chip")],
      ["Go", "ArrowDown", "a row on", () => step(1), again],
      ["Go", "ArrowUp", "a row back", () => step(-1), again],
      ["Go", "PageDown", "a measure on", () => page(1), again],
      ["Go", "PageUp", "a measure back", () => page(-1), again],
      ["Go", "Ctrl+ArrowDown", "to the next note", () => nextRow(desk, 1), again],
      ["Go", "Ctrl+ArrowUp", "to the note before", () => nextRow(desk, -1), again],
      ["Go", "Home", "to the start", () => goTo(desk, 0)],
      ["Go", "End", "to the last note", () => goTo(desk, end())],
      ["Go", "ArrowLeft", "coarser steps: 4th, 8th, …", () => change(view, snaps, -1), again],
      ["Go", "ArrowRight", "finer steps: … 192nd", () => change(view, snaps, 1), again],
      ["Go", "N", "to the next finding", () => panels.findings.step(1), again],
      ["Go", "Shift+N", "to the finding before", () => panels.findings.step(-1), again],
      ["See", ["+", "=", "Ctrl+ArrowRight"], "more space between beats", () => tools.zoom(1), again],
      ["See", ["-", "Ctrl+ArrowLeft"], "less space between beats", () => tools.zoom(-1), again],
      ["See", "G", "waveform, spectrogram or nothing behind", () => tools.nextBackground()],
      ["See", "D", "all difficulties side by side", () => view.set({ sideBySide: !view.sideBySide })],
      ["Select", "Shift+ArrowDown", "a row more downwards", () => reach.step(view.snap, 1), again],
      ["Select", "Shift+ArrowUp", "a row more upwards", () => reach.step(view.snap, -1), again],
      ["Select", "Shift+PageDown", "a measure more downwards", () => reach.step(TICKS_PER_MEASURE, 1), again],
      ["Select", "Shift+PageUp", "a measure more upwards", () => reach.step(TICKS_PER_MEASURE, -1), again],
      ["Select", "S", "the measure at the cursor", () => view.set({ selection: measureOf(view.cursor) })],
      ["Select", "Ctrl+A", "everything", () => view.set({ selection: rowsBetween(0, end()) })],
      ["Select", "Escape", "nothing; leave a preview", () => panels.leave()],
      ["Notes", ["Delete", "Backspace"], "delete what is selected, or the row", () => editing.removeSelected()],
      ["Notes", "Alt+ArrowDown", "move what is selected a row on", () => editing.moveSelected(view.snap), again],
      ["Notes", "Alt+ArrowUp", "move what is selected a row back", () => editing.moveSelected(-view.snap), again],
      ["Notes", "H", "mirror left and right", () => editing.mirror("sideways")],
      ["Notes", "V", "mirror up and down", () => editing.mirror("upright")],
      ["Notes", "B", "mirror both ways", () => editing.mirror("both")],
      ["Notes", "Ctrl+Z", "undo", () => session.undo(), again],
      ["Notes", ["Ctrl+Y", "Ctrl+Shift+Z"], "redo", () => session.redo(), again],
      ["Passage", "X", "write the selected passage anew, three times", () => panels.passage.start()],
      ["Passage", "L", "lock or unlock the row, or what is selected", () => panels.passage.lock()],
      ["Passage", "A", "hear the next candidate", () => panels.passage.next()],
      ["Passage", "Enter", "take the candidate that is shown", () => panels.passage.take(), { when: () => panels.passage.isShowing }],
      ["Decide", "C", "comment on this beat", () => panels.comments.write()],
      ["Decide", "Ctrl+Enter", "accept the chart", () => panels.decision.accept()],
      ["Decide", "Ctrl+Backspace", "send it back", () => panels.decision.sendBack()],
      ["Decide", "Ctrl+Delete", "reject it", () => panels.decision.reject()],
      ["Decide", "Y", "to the next chart to review", () => desk.next.go()],
      ["Timing", "Ctrl+,", "notes 1 ms earlier", () => panels.timing.nudgeOffset(1), again],
      ["Timing", "Ctrl+.", "notes 1 ms later", () => panels.timing.nudgeOffset(-1), again],
    ].map(([group, names, does, run, more]) => key(group, names, does, run, more)),
    ...panelKeys(held),
    ...tools.commands().map(([names, does, run]) => key("Tools", names, does, run)),
    ...panels.commands().map(([names, does, run]) => key("Panels", names, does, run)),
    { keys: ["Ctrl+C"], does: "copy", group: "Notes", run: () => false },
    { keys: ["Ctrl+X"], does: "cut", group: "Notes", run: () => false },
    { keys: ["Ctrl+V"], does: "paste from the cursor on, in place of what stands there", group: "Notes", run: () => false },
    { keys: ["Ctrl+Shift+V"], does: "paste among what stands there", group: "Notes", run: () => false },
  ];
}

function panelKeys(held) {
  const panelOf = ({ code }) => Number(code.at(-1)) - 1;
  const up = (event) => held.release(panelOf(event));
  const press = (asMine) => (event) => held.press(panelOf(event), asMine);
  const digits = ["1", "2", "3", "4"];
  return [
    { keys: digits, does: "place or delete left, down, up, right; hold it and move on for a long note", group: "Notes", up, run: press(false) },
    { keys: digits.map((digit) => `Shift+${digit}`), does: "place or delete a mine there", group: "Notes", up, run: press(true) },
  ];
}
