import assert from "node:assert/strict";
import test from "node:test";

import { apply, changesTo } from "../../../charter/review/pages/js/editor/edits.js";
import { cellOf, notesOf } from "../../../charter/review/pages/js/editor/notes.js";
import { FakeServer, FakeStorage } from "./fake_server.mjs";
import { open, settle } from "./pages.mjs";

const ANN = { id: 1, name: "Ann" };
const BEN = { id: 2, name: "Ben" };
const TAP = ["1", null];
const gone = () => {
  throw Object.assign(new Error("no answer"), { status: 0 });
};

function put(page, tick, panel, value = TAP) {
  const { document } = page;
  page.session.edit(changesTo(document.cells, new Map([[cellOf(tick, panel), value]])), `note at ${tick}`);
}

const same = (page, server) => assert.deepEqual(page.document.notes, notesOf(server.cells));

test("an edit is seen at once, then saved", async () => {
  const server = new FakeServer();
  const page = open(server, ANN);
  put(page, 48, 0);
  assert.deepEqual(page.document.notes, [[48, 0, "1", null]]);
  assert.equal(page.session.saver.status.state, "saving");
  assert.equal(page.storage.length, 1);
  await settle();
  same(page, server);
  assert.deepEqual([page.document.version, page.document.pending.length, page.storage.length], [1, 0, 0]);
  assert.equal(page.session.saver.status.state, "saved");
});

test("edits made offline are kept, and sent in order when the server is back", async () => {
  const server = new FakeServer();
  server.fault = gone;
  const page = open(server, ANN);
  put(page, 48, 0);
  put(page, 48, 0, ["2", 96]);
  put(page, 48, 0, null);
  put(page, 96, 1);
  await settle();
  assert.deepEqual([page.session.saver.status.state, page.session.saver.status.waiting], ["offline", 4]);
  assert.equal(server.edits.length, 0);
  server.fault = () => {};
  await page.wake();
  assert.deepEqual(server.edits.map(({ summary }) => summary), ["note at 48", "note at 48", "note at 48", "note at 96"]);
  same(page, server);
});

test("a crash loses no edit: the next page sends what was left, and can undo it", async () => {
  const server = new FakeServer();
  const storage = new FakeStorage();
  server.fault = gone;
  const crashed = open(server, ANN, { storage });
  put(crashed, 48, 0);
  put(crashed, 96, 1);
  await settle();
  server.fault = () => {};
  const page = open(server, ANN, { storage });
  assert.equal(page.session.recovered, 2);
  await settle();
  assert.deepEqual(notesOf(server.cells), [[48, 0, "1", null], [96, 1, "1", null]]);
  assert.equal(storage.length, 0);
  await page.session.undo();
  await settle();
  assert.deepEqual(notesOf(server.cells), [[48, 0, "1", null]]);
});

test("an edit whose answer was lost counts once, in this page and in the one after a crash", async () => {
  for (const crash of [false, true]) {
    const server = new FakeServer();
    const storage = new FakeStorage();
    server.fault = () => "lose answer";
    const page = open(server, ANN, { storage });
    put(page, 48, 0);
    await settle();
    assert.equal(server.edits.length, 1);
    server.fault = () => {};
    const next = crash ? open(server, ANN, { storage }) : page;
    await next.wake();
    assert.equal(server.edits.length, 1);
    same(next, server);
    assert.equal(storage.length, 0);
    assert.equal(next.session.history.undos.length, 1);
  }
});

test("edits left by someone else, or for another review, are not sent", async () => {
  const server = new FakeServer();
  const storage = new FakeStorage();
  server.fault = gone;
  put(open(server, ANN, { storage }), 48, 0);
  await settle();
  server.fault = () => {};
  assert.equal(open(server, BEN, { storage }).session.recovered, 0);
  storage.setItem("charter.unsaved.chart.1.k", JSON.stringify({ ...JSON.parse(storage.getItem(storage.key(0))), of: "y", key: "k" }));
  assert.equal(open(server, ANN, { storage }).session.recovered, 1);
});

test("two people who edit different places are merged, whether they hear of each other or not", async () => {
  for (const isLive of [true, false]) {
    const server = new FakeServer();
    const ann = open(server, ANN, { isLive });
    const ben = open(server, BEN, { isLive });
    put(ann, 48, 0);
    await settle();
    put(ben, 96, 0);
    await settle();
    put(ann, 144, 0);
    await settle();
    same(ann, server);
    assert.equal(server.edits.length, 3);
  }
});

async function clash() {
  const server = new FakeServer();
  const ann = open(server, ANN);
  const ben = open(server, BEN);
  put(ben, 48, 0, ["M", null]);
  await settle();
  put(ann, 48, 0);
  put(ann, 96, 1);
  put(ann, 48, 0, ["2", 96]);
  await settle();
  return { server, ann };
}

test("on the same place the second is told what is there, and nothing is overwritten", async () => {
  const { server, ann } = await clash();
  assert.deepEqual(ann.session.conflict.cells, [{ tick: 48, panel: 0, mine: TAP, theirs: ["M", null] }]);
  assert.deepEqual(notesOf(server.cells), [[48, 0, "M", null]]);
  assert.equal(ann.session.saver.status.state, "stopped");
  assert.equal(ann.storage.length, 3);
});

test("mine: all that was done since counts, on what is there now", async () => {
  const { server, ann } = await clash();
  ann.session.choose("mine");
  await settle();
  assert.equal(ann.session.conflict, null);
  assert.deepEqual(notesOf(server.cells), [[48, 0, "2", 96], [96, 1, "1", null]]);
  same(ann, server);
  await ann.session.undo();
  await ann.session.undo();
  await ann.session.undo();
  await settle();
  assert.deepEqual(notesOf(server.cells), [[48, 0, "M", null]]);
});

test("theirs: only the places in question are left to them", async () => {
  const { server, ann } = await clash();
  ann.session.choose("theirs");
  await settle();
  assert.deepEqual(notesOf(server.cells), [[48, 0, "M", null], [96, 1, "1", null]]);
  same(ann, server);
  assert.equal(ann.storage.length, 0);
  await ann.session.undo();
  await settle();
  assert.deepEqual(notesOf(server.cells), [[48, 0, "M", null]]);
  assert.equal(ann.session.history.undos.length, 0);
});

test("a note in a hold that someone made meanwhile is a conflict too", async () => {
  for (const [choice, notes] of [["mine", [[0, 0, "2", 36], [48, 0, "1", null]]], ["theirs", [[0, 0, "2", 96]]]]) {
    const server = new FakeServer();
    const ann = open(server, ANN);
    put(open(server, BEN), 0, 0, ["2", 96]);
    await settle();
    put(ann, 48, 0);
    await settle();
    assert.equal(ann.session.conflict.cells.length, 1);
    ann.session.choose(choice);
    await settle();
    assert.deepEqual(notesOf(server.cells), notes);
    same(ann, server);
  }
});

test("what the server refuses for good is taken back and told, the rest goes on", async () => {
  const server = new FakeServer();
  const page = open(server, ANN);
  server.fault = (_, { summary }) => {
    if (summary === "note at 48") throw Object.assign(new Error("bad"), { status: 400 });
  };
  put(page, 48, 0);
  put(page, 96, 0);
  await settle();
  assert.deepEqual(notesOf(server.cells), [[96, 0, "1", null]]);
  same(page, server);
  assert.match(page.told[0], /note at 48. bad/);
  assert.equal(page.session.history.undos.length, 1);
});

test("undo and redo go back and forth through any number of edits, and over a reload", async () => {
  const server = new FakeServer();
  let page = open(server, ANN);
  const states = [[]];
  for (let index = 0; index < 60; index += 1) {
    put(page, 48 * (index % 7), index % 4, index % 3 ? TAP : ["2", 48 * (index % 7) + 36]);
    states.push(page.document.notes);
  }
  await settle();
  const expected = [...page.session.history.undos];
  for (let index = expected.length - 1; index >= 20; index -= 1) await page.session.undo();
  await settle();
  const undone = page.document.notes;
  page = open(server, ANN);
  assert.deepEqual(page.document.notes, undone);
  for (let index = 0; index < 100; index += 1) await page.session.redo();
  await settle();
  assert.deepEqual(page.document.notes, states.at(-1));
  page = open(server, ANN);
  for (let index = 0; index < 100; index += 1) await page.session.undo();
  await settle();
  assert.deepEqual(page.document.notes, []);
  same(page, server);
});

test("a new edit after an undo ends what could be redone, over a reload too", async () => {
  const server = new FakeServer();
  const page = open(server, ANN);
  put(page, 0, 0);
  await page.session.undo();
  put(page, 48, 0);
  await settle();
  for (const each of [page, open(server, ANN)]) {
    assert.equal(each.session.history.redos.length, 0);
    await each.session.redo();
    assert.deepEqual(each.document.notes, [[48, 0, "1", null]]);
  }
});

test("undo leaves alone what others did since, and asks where it cannot do all", async () => {
  for (const [choice, notes] of [
    ["rest", [[0, 0, "M", null]]],
    ["leave", [[0, 0, "M", null], [0, 1, "1", null]]],
  ]) {
    const server = new FakeServer();
    const questions = [];
    const ask = async (question) => questions.push(question) && choice;
    const ann = open(server, ANN, { ask, isLive: true });
    const both = new Map([[cellOf(0, 0), TAP], [cellOf(0, 1), TAP]]);
    ann.session.edit(changesTo(ann.document.cells, both), "a jump");
    await settle();
    put(open(server, BEN), 0, 0, ["M", null]);
    await settle();
    await ann.session.undo();
    await settle();
    assert.match(questions[0].title, /a jump/);
    assert.deepEqual(notesOf(server.cells), notes);
    same(ann, server);
  }
});

test("a mirrored passage with holds is taken back and done again without a question", async () => {
  const server = new FakeServer();
  const page = open(server, ANN, { ask: async ({ title }) => assert.fail(title) });
  const wanted = (...notes) => new Map(notes.map(([tick, panel, value]) => [cellOf(tick, panel), value]));
  const edit = (...notes) => page.session.edit(changesTo(page.document.cells, wanted(...notes)), "an edit");
  edit([0, 0, TAP], [0, 3, ["2", 96]], [48, 0, TAP]);
  const before = page.document.notes;
  edit([0, 0, ["2", 96]], [0, 3, TAP], [48, 0, null], [48, 3, TAP]);
  const after = page.document.notes;
  await page.session.undo();
  assert.deepEqual(page.document.notes, before);
  await page.session.redo();
  assert.deepEqual(page.document.notes, after);
  await settle();
  same(page, server);
});

test("others' edits are not undone", async () => {
  const server = new FakeServer();
  const ann = open(server, ANN, { isLive: true });
  put(ann, 0, 0);
  await settle();
  put(open(server, BEN), 48, 0);
  await settle();
  await ann.session.undo();
  await settle();
  assert.deepEqual(notesOf(server.cells), [[48, 0, "1", null]]);
});

test("when beat 0 is moved, edits on their way and undos move along", async () => {
  const server = new FakeServer();
  const ann = open(server, ANN, { isLive: true });
  put(ann, 48, 0);
  await settle();
  server.fault = gone;
  put(ann, 96, 1, ["2", 144]);
  await settle();
  server.moveBeat0(48, BEN);
  server.fault = () => {};
  await ann.wake();
  assert.deepEqual(notesOf(server.cells), [[96, 0, "1", null], [144, 1, "2", 192]]);
  same(ann, server);
  await ann.session.undo();
  await settle();
  await open(server, ANN).session.undo();
  await settle();
  assert.deepEqual(notesOf(server.cells), []);
});

test("fields of the song are edited, undone and fought over like notes", async () => {
  const server = new FakeServer();
  const ann = open(server, ANN);
  const ben = open(server, BEN);
  ann.session.editSong({ fields: { title: ["A", "B"] } }, "title");
  await settle();
  assert.equal(server.song.title, "B");
  ben.session.editSong({ fields: { title: ["A", "C"] } }, "title");
  await settle();
  assert.deepEqual(ben.session.conflict.fields, [{ name: "title", mine: "C", theirs: "B" }]);
  ben.session.choose("mine");
  await settle();
  assert.equal(server.song.title, "C");
  await open(server, BEN).session.undo();
  await settle();
  assert.equal(server.song.title, "B");
});

test("a full storage of the browser is told, and the edit is sent all the same", async () => {
  const server = new FakeServer();
  const page = open(server, ANN);
  page.storage.full = true;
  put(page, 0, 0);
  assert.equal(page.session.saver.status.kept, false);
  await settle();
  same(page, server);
});

test("random work of three people, with lost requests and answers, ends the same for all", async () => {
  let state = 7;
  const pick = (below) => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 15; round += 1) {
    const server = new FakeServer();
    const storages = [1, 2, 3].map(() => new FakeStorage());
    const start = (index) => open(server, { id: index, name: `p${index}` }, { storage: storages[index], isLive: index !== 2, ask: async () => ["rest", "skip"][pick(2)] });
    const pages = [0, 1, 2].map(start);
    server.fault = () => (pick(5) === 0 ? gone() : pick(5) === 0 ? "lose answer" : undefined);
    for (let step = 0; step < 40; step += 1) {
      const index = pick(3);
      const page = pages[index];
      const what = pick(10);
      if (page.session.conflict) page.session.choose(["mine", "theirs"][pick(2)]);
      else if (what === 0) pages[index] = start(index);
      else if (what === 1) server.moveBeat0(12, { id: 9 });
      else if (what < 4) await page.session.undo();
      else if (what < 5) await page.session.redo();
      else put(page, 12 * pick(8), pick(4), [TAP, null, ["2", 12 * (8 + pick(8))]][pick(3)]);
      if (pick(3) === 0) await page.wake();
    }
    server.fault = () => {};
    for (let turn = 0; turn < 60; turn += 1) {
      for (const page of pages) {
        if (page.session.conflict) page.session.choose(["mine", "theirs"][pick(2)]);
        await page.wake();
      }
    }
    for (const page of pages) {
      assert.deepEqual(page.session.saver.status.waiting, 0);
      await page.session.catchUp();
      same(page, server);
    }
    const cells = new Map();
    for (const { changes } of server.edits) apply(cells, {}, changes);
    assert.deepEqual(notesOf(cells), notesOf(server.cells));
  }
});
