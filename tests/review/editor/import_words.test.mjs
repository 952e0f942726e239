import assert from "node:assert/strict";
import { test } from "node:test";

import { chartWords, fieldWords, metersWords, missingWords, toldWords } from "../../../charter/review/pages/js/editor/import_words.js";

const made = { slot: "hard", kept: 3, moved: 0, added: 2, removed: 1, rewritten: 0, fields: { meter: [9, 10] } };
const timing = { tempos: [[0, 120]], offset: -0.25, stops: [] };

test("what a file changes of a chart is counted in rows, with its meter", () => {
  assert.equal(chartWords(made), "Hard: rows 3 kept, 2 added, 1 removed, meter 9 → 10");
  assert.equal(chartWords({ ...made, added: 0, removed: 0, fields: {} }), "Hard: rows as they are");
  assert.equal(metersWords([made, { slot: "easy", fields: {} }]), "its levels: Hard meter 9 → 10");
  assert.equal(metersWords([]), "");
});

test("what a file says of the song stands beside what is here", () => {
  assert.equal(fieldWords("title", "A song", "Another"), "its title: Another (here: A song)");
  assert.equal(fieldWords("timing", timing, { ...timing, offset: -0.24 }), "its timing: 120 BPM → 120 BPM, offset +10 ms. All charts of the song get it");
  assert.equal(fieldWords("preview", null, [1, 12.5]), "its preview: none → 1 s for 12.5 s");
});

test("what a file lacks, and what came of it", () => {
  assert.deepEqual(missingWords([{ slot: "easy", meter: 3 }]), ["Easy 3: not in the file, and stays as it is"]);
  assert.equal(toldWords("x.sm", [], ["timing"]), "x.sm is brought in. taken: timing");
});
