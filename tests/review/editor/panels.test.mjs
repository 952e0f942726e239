// What the panels say and ask, without a page.

import assert from "node:assert/strict";
import test from "node:test";

import { nextToReview } from "../../../charter/review/pages/js/editor/run_order.js";
import { lineOf, opened, questionOf } from "../../../charter/review/pages/js/editor/decided.js";
import { rowsText } from "../../../charter/review/pages/js/editor/selection.js";
import { moment } from "../../../charter/review/pages/js/words.js";

const MIKA = { id: 1, name: "Mika" };
const row = (id, status, more = {}) => ({ id, song: 1, slot: "hard", meter: 9, status, decided: { author: MIKA, at: "now" }, ...more });

test("the next chart is of the same song first, then on through the list, and what others review is last", () => {
  const charts = [
    row(1, "open"), row(2, "accepted"), row(3, "open"), row(4, "open", { song: 2 }), row(5, "open", { song: 3, assignee: MIKA }),
  ];
  const next = (here, me = 7) => nextToReview(charts, here, me)?.id;
  assert.deepEqual([next(2), next(1), next(4)], [3, 3, 1]);
  assert.equal(nextToReview([row(1, "open"), ...charts.slice(3)], 4, 7).id, 1);
  assert.equal(nextToReview([row(1, "accepted"), charts[4]], 1, 7).id, 5);
  assert.equal(nextToReview([row(1, "open")], 1, 7), null);
});

test("an edit undoes the decision on its chart, one of the timing those of all charts, one of the title none", () => {
  const charts = [row(1, "accepted"), row(2, "rejected"), row(3, "sent back"), row(4, "open")];
  const ids = (scope, changes, here = 1) => opened(charts, here, scope, changes).map(({ id }) => id);
  assert.deepEqual(ids("chart", { notes: [] }), [1]);
  assert.deepEqual(ids("chart", { notes: [] }, 3), []);
  assert.deepEqual(ids("song", { fields: { timing: [{}, {}] } }), [1, 2]);
  assert.deepEqual(ids("song", { fields: { title: ["a", "b"] } }), []);
});

test("it is said who decided and who changed it", () => {
  assert.equal(questionOf([row(1, "accepted")], 1, 7).title, "Mika accepted this chart");
  assert.equal(questionOf([row(1, "accepted"), row(2, "rejected")], 1, 1).title, "You accepted this chart, You rejected hard 9");
  const told = { verdict: "accepted", decided_by: MIKA, by: { id: 2, name: "Ren" }, how: "import" };
  assert.equal(lineOf(told, 1), "Ren brought a file in. You had accepted it: it is open again");
  assert.equal(lineOf({ ...told, how: "edit" }, 2), "You changed this chart. Mika had accepted it: it is open again");
});

test("a place has one name: the second under way, and rows up to the beat that is left out", () => {
  assert.deepEqual([20.9, 0, 61, -1.37].map(moment), ["0:20", "0:00", "1:01", "−0:02"]);
  const texts = [[0, 0], [24, 48], [2688, 2879]].map(([start, end]) => rowsText({ start, end }));
  assert.deepEqual(texts, ["beat 0", "beats 0.5 to 1", "beats 56 up to 60"]);
});
