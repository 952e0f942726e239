import assert from "node:assert/strict";
import test from "node:test";

import { clipOf, clipText, copied, mirroredPanel, pasted } from "../../../charter/review/pages/js/editor/clipboard.js";
import { troubles } from "../../../charter/review/pages/js/editor/conflicts.js";
import { HeldPanels, Pointing } from "../../../charter/review/pages/js/editor/drawing.js";
import { Editing, TOOLS } from "../../../charter/review/pages/js/editor/editing.js";
import { apply, changesTo, inverted, misfits, reduced } from "../../../charter/review/pages/js/editor/edits.js";
import { cellOf, cellsOf, notesOf } from "../../../charter/review/pages/js/editor/notes.js";
import { notesIn, notesThrough, passageOf, snapped, stepped } from "../../../charter/review/pages/js/editor/selection.js";
import { View } from "../../../charter/review/pages/js/editor/view.js";

const TAP = ["1", null];
const at = (tick, panel) => cellOf(tick, panel);

function after(notes, wanted) {
  const cells = cellsOf(notes);
  apply(cells, {}, changesTo(cells, new Map(wanted)));
  return notesOf(cells);
}

test("a note in a hold ends it before, a new hold takes out what it covers", () => {
  assert.deepEqual(after([[0, 1, "2", 96]], [[at(48, 1), TAP]]), [[0, 1, "2", 36], [48, 1, "1", null]]);
  assert.deepEqual(after([[0, 1, "2", 96]], [[at(96, 1), TAP]]), [[0, 1, "2", 84], [96, 1, "1", null]]);
  assert.deepEqual(after([[0, 1, "2", 96]], [[at(12, 1), TAP]]), [[0, 1, "1", null], [12, 1, "1", null]]);
  assert.deepEqual(after([[24, 1, "1", null], [24, 2, "1", null]], [[at(0, 1), ["2", 48]]]), [[0, 1, "2", 48], [24, 2, "1", null]]);
  assert.deepEqual(after([[0, 1, "2", 96]], [[at(97, 1), TAP]]).length, 2);
});

test("what does not change is no change", () => {
  const cells = cellsOf([[0, 0, "1", null]]);
  assert.deepEqual(changesTo(cells, new Map([[at(0, 0), TAP], [at(48, 0), null]])).notes, []);
});

function random(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function randomWanted(pick) {
  const wanted = new Map();
  for (let count = 1 + pick(4); count > 0; count -= 1) {
    const tick = 12 * pick(40);
    wanted.set(at(tick, pick(4)), [null, TAP, ["M", null], ["2", tick + 12 * (1 + pick(6))]][pick(4)]);
  }
  return wanted;
}

test("any edit leaves a playable chart, fits what it was made on, and its inverse takes it back", () => {
  const pick = random(1);
  const cells = new Map();
  for (let turn = 0; turn < 3000; turn += 1) {
    const before = notesOf(cells);
    const changes = changesTo(cells, randomWanted(pick));
    assert.equal(misfits(cells, {}, changes).cells.size, 0);
    apply(cells, {}, changes);
    const reach = [-1, -1, -1, -1];
    for (const [tick, panel, , end] of notesOf(cells)) {
      assert.ok(tick > reach[panel], `tick ${tick} panel ${panel}`);
      reach[panel] = end ?? tick;
    }
    const back = new Map(cells);
    apply(back, {}, inverted(changes));
    assert.deepEqual(notesOf(back), before);
  }
});

const wrongIn = (cells, changes) => [...troubles(cells, {}, changes).cells].sort((a, b) => a - b);

test("an edit that nobody touched since can be taken back, also where it makes a tap of a hold", () => {
  const tapsAndHold = cellsOf([[0, 0, "1", null], [0, 3, "2", 96], [48, 0, "1", null]]);
  const mirrored = changesTo(tapsAndHold, new Map([[at(0, 0), ["2", 96]], [at(0, 3), TAP], [at(48, 0), null], [at(48, 3), TAP]]));
  apply(tapsAndHold, {}, mirrored);
  assert.deepEqual(wrongIn(tapsAndHold, inverted(mirrored)), []);
  const pick = random(7);
  const cells = new Map();
  for (let turn = 0; turn < 3000; turn += 1) {
    const changes = changesTo(cells, randomWanted(pick));
    assert.deepEqual(wrongIn(cells, changes), []);
    apply(cells, {}, changes);
    assert.deepEqual(wrongIn(cells, inverted(changes)), []);
  }
});

test("what others did in the way of an edit is found, and the rest of the edit leaves a playable chart", () => {
  const tap = { notes: [[48, 1, null, TAP]] };
  assert.deepEqual(wrongIn(cellsOf([[0, 1, "2", 96]]), tap), [at(48, 1)]); // in another's hold
  assert.deepEqual(wrongIn(cellsOf([[48, 1, "1", null]]), { notes: [[0, 1, null, ["2", 96]]] }), [at(0, 1)]); // over another's tap
  assert.deepEqual(wrongIn(cellsOf([[0, 1, "2", 200]]), { notes: [[0, 1, ["2", 96], null], [150, 1, null, TAP]] }), [at(0, 1), at(150, 1)]);
  const pick = random(11);
  for (let turn = 0; turn < 2000; turn += 1) {
    const cells = new Map();
    apply(cells, {}, changesTo(cells, randomWanted(pick)));
    const mine = changesTo(cells, randomWanted(pick));
    apply(cells, {}, changesTo(cells, randomWanted(pick))); // someone else
    apply(cells, {}, { notes: reduced(mine, troubles(cells, {}, mine)).notes });
    const reach = [-1, -1, -1, -1];
    for (const [tick, panel, , end] of notesOf(cells)) {
      assert.ok(tick > reach[panel], `turn ${turn}: tick ${tick} panel ${panel}`);
      reach[panel] = end ?? tick;
    }
  }
});

/** The editor's hands, without a page: `made` gathers what would be sent. */
function hands(notes = []) {
  const [view, made, cells] = [new View(), [], cellsOf(notes)];
  const session = { edit: (changes) => (made.push(...changes.notes), apply(cells, {}, changes)) };
  const document = { cells, get notes() { return notesOf(cells); } };
  return { view, made, editing: new Editing({ document, view, session }) };
}

test("a short press while the song plays is a tap on the row of the press, a longer one a hold", () => {
  const { view, made, editing } = hands();
  const clock = { ms: 0, isPlaying: true };
  const held = new HeldPanels(editing, () => TOOLS[0], () => clock.isPlaying, () => clock.ms);
  const play = (ms) => {
    clock.ms += ms;
    view.set({ cursor: view.cursor + ms / 5 });
  };
  view.set({ cursor: 94 });
  held.press(1, false);
  play(90);
  assert.deepEqual(view.ghosts.notes, [[96, 1, "1", null]]);
  held.release(1);
  assert.deepEqual(made.splice(0), [[96, 1, null, TAP]]);
  view.set({ cursor: 192 });
  held.press(2, false);
  play(480);
  held.release(2);
  assert.deepEqual(made.splice(0), [[192, 2, null, ["2", 288]]]);
  view.set({ cursor: 480 });
  held.press(0, false);
  play(400);
  view.set({ cursor: 384 }); // the loop began again
  held.release(0);
  assert.deepEqual(made.splice(0), [[480, 0, null, TAP]]);
  clock.isPlaying = false;
  held.press(3, false);
  view.set({ cursor: 432 });
  held.release(3);
  assert.deepEqual(made, [[384, 3, null, ["2", 432]]]); // still, the cursor alone tells
});

test("a drag that is left leaves notes and selection as they were", () => {
  const { view, made, editing } = hands([[96, 0, "1", null]]);
  const pointing = new Pointing(editing, () => TOOLS[0]);
  const selection = { start: 0, end: 48 };
  const press = (type, tick, panel) => pointing.handle({ type, tick, panel, button: 0, shiftKey: false });
  view.set({ selection });
  assert.equal(pointing.cancel(), false);
  for (const [tick, panel] of [[0, 2], [96, 0], [0, null]]) { // drawing, moving, selecting
    press("down", tick, panel);
    press("move", tick + 192, panel);
    assert.equal(pointing.cancel(), true);
    press("move", tick + 240, panel);
    press("up", tick + 240, panel);
    press("down", tick, panel);
    press("move", tick + 192, panel);
    press("cancel", tick + 192, panel); // as a browser does to a touch
    press("up", tick + 192, panel);
    assert.deepEqual([made, view.selection, view.ghosts], [[], selection, null]);
  }
});

test("what a passage holds is also what reaches into it", () => {
  const notes = [[0, 0, "2", 96], [0, 1, "2", 90], [96, 2, "1", null], [192, 3, "1", null]];
  assert.deepEqual(notesThrough(notes, { start: 96, end: 192 }), [notes[0], notes[2]]);
});

test("copied notes are put in elsewhere, with or without what stood there", () => {
  const notes = [[48, 0, "1", null], [96, 3, "2", 144], [480, 1, "M", null], [500, 2, "1", null]];
  const clip = clipOf(clipText(copied(notes, { start: 48, end: 96 })));
  assert.deepEqual(clip, { length: 48, notes: [[0, 0, "1", null], [48, 3, "2", 96]] });
  const over = pasted(notes, clip, 480, false);
  assert.deepEqual([...over], [[at(480, 1), null], [at(500, 2), null], [at(480, 0), TAP], [at(528, 3), ["2", 576]]]);
  assert.equal(pasted(notes, clip, 480, true).size, 2);
});

test("what is no clip of ours is not pasted", () => {
  for (const text of ["", "hello", "charter notes 1\n{", 'charter notes 1\n{"length":1,"notes":[[0,9,"1",null]]}',
    'charter notes 1\n{"length":1,"notes":[[0,1,"2",null]]}', 'charter notes 1\n{"length":-1,"notes":[]}']) {
    assert.equal(clipOf(text), null, text);
  }
});

test("mirrors are their own inverse", () => {
  assert.deepEqual([0, 1, 2, 3].map((panel) => mirroredPanel(panel, "sideways")), [3, 1, 2, 0]);
  assert.deepEqual([0, 1, 2, 3].map((panel) => mirroredPanel(panel, "upright")), [0, 2, 1, 3]);
  for (const way of ["sideways", "upright", "both"]) {
    assert.deepEqual([0, 1, 2, 3].map((panel) => mirroredPanel(mirroredPanel(panel, way), way)), [0, 1, 2, 3]);
  }
});

test("the cursor steps along its grid from wherever it is", () => {
  assert.equal(stepped(48, 12, 1), 60);
  assert.equal(stepped(50, 12, 1), 60);
  assert.equal(stepped(50, 12, -1), 48);
  assert.equal(stepped(0, 12, -1), 0);
  assert.equal(snapped(43, 48), 48);
});

test("a selection holds both its rows; a redo goes up to a measure's line", () => {
  const notes = [[0, 0, "1", null], [192, 0, "1", null], [384, 0, "1", null]];
  assert.equal(notesIn(notes, { start: 0, end: 192 }).length, 2);
  assert.deepEqual(passageOf({ start: 0, end: 192 }), { start: 0, end: 192 });
  assert.deepEqual(passageOf({ start: 0, end: 180 }), { start: 0, end: 181 });
});
