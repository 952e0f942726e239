import assert from "node:assert/strict";
import test from "node:test";

import { clipOf, clipText, copied, mirroredPanel, pasted } from "../../../charter/review/pages/js/editor/clipboard.js";
import { apply, changesTo, inverted, misfits } from "../../../charter/review/pages/js/editor/edits.js";
import { cellOf, cellsOf, notesOf } from "../../../charter/review/pages/js/editor/notes.js";
import { notesIn, passageOf, snapped, stepped } from "../../../charter/review/pages/js/editor/selection.js";

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
