// Run by test_scripts.py: jobs followed to their end, by what is told and by asking.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { pathToFileURL } from "node:url";

const { followJob, isOver } = await import(pathToFileURL(`${process.env.CHARTER_PAGES}/js/jobs.js`));

const job = (state, more = {}) => ({ id: 7, state, ...more });
let asked = 0;
let answers = [];

class FakeLive {
  listeners = new Set();

  on(_type, listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(told) {
    for (const listener of [...this.listeners]) listener({ type: "job", job: told });
  }
}

beforeEach(() => {
  asked = 0;
  answers = [];
  globalThis.fetch = async () => {
    asked += 1;
    const next = answers.shift();
    if (!next) throw new TypeError("no answer");
    const { status = 200, ...told } = next;
    return { ok: status === 200, status, text: async () => JSON.stringify(told) };
  };
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

test("a job that is told of is followed to its end, and then heard of no more", async () => {
  const live = new FakeLive();
  const heard = [];
  const { over } = followJob(job("waiting"), live, ({ state, progress }) => heard.push([state, progress]));
  live.tell({ ...job("done"), id: 8 }); // another's
  live.tell(job("running", { progress: 0.5 }));
  live.tell(job("failed", { error: "no music" }));
  live.tell(job("running"));
  assert.equal((await over).error, "no music");
  assert.deepEqual(heard, [["running", 0.5], ["failed", undefined]]);
  assert.equal(live.listeners.size, 0);
  mock.timers.tick(60_000);
  await turns();
  assert.equal(asked, 0);
});

test("without a connection it is asked for, again after no answer", async () => {
  const live = new FakeLive();
  answers = [job("running"), null, job("done")];
  let ended = null;
  followJob(job("waiting"), live).over.then((now) => (ended = now));
  for (let step = 0; step < 3; step += 1) {
    assert.equal(ended, null);
    mock.timers.tick(1500);
    await turns();
  }
  assert.equal(ended.state, "done");
  assert.equal(asked, 3);
});

test("one that went with its song has failed", async () => {
  const live = new FakeLive();
  answers = [{ status: 404, error: "there is no job 7" }];
  const { over } = followJob(job("waiting"), live);
  mock.timers.tick(1500);
  await turns();
  assert.deepEqual([(await over).state, (await over).error], ["failed", "there is no job 7"]);
});

test("one that is over already ends at once; one that is stopped never does", async () => {
  const live = new FakeLive();
  assert.equal((await followJob(job("cancelled"), live).over).state, "cancelled");
  let ended = false;
  const { over, stop, hear } = followJob(job("waiting"), live);
  over.then(() => (ended = true));
  stop();
  hear(job("done"));
  await turns();
  assert.ok(!ended && live.listeners.size === 0);
  assert.deepEqual(["waiting", "running", "done", "failed", "cancelled"].map((state) => isOver({ state })), [false, false, true, true, true]);
});
