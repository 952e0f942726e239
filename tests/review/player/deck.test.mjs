// What the audio thread plays, loops, ticks and tells.

import assert from "node:assert/strict";
import { test } from "node:test";

import { OutputClock, Timeline } from "../../../charter/review/pages/js/player/clock.js";
import { Deck } from "../../../charter/review/pages/js/player/deck.js";

const BLOCK = 128;

function deckWith(length, value = (at) => (at % 1000) / 1000) {
  const told = [];
  const deck = new Deck(44100, (message) => told.push(message));
  const samples = Float32Array.from({ length }, (_, at) => value(at));
  deck.hear({ type: "sound", name: "song", length });
  deck.hear({ type: "piece", name: "song", start: 0, channels: [samples], attacks: [] });
  deck.hear({ type: "use", name: "song" });
  return { deck, told, samples };
}

function run(deck, frames, from = 0) {
  const out = new Float32Array(frames);
  for (let at = 0; at < frames; at += BLOCK) {
    const block = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    deck.process(block, BLOCK, from + at);
    out.set(block[0].subarray(0, Math.min(BLOCK, frames - at)), at);
  }
  return out;
}

test("it is silent until it plays, then plays the samples themselves", () => {
  const { deck, samples } = deckWith(20000);
  assert.ok(run(deck, 512).every((value) => value === 0));
  deck.hear({ type: "seek", position: 5000, asked: 1 });
  deck.hear({ type: "play", asked: 2 });
  const out = run(deck, 2048, 512);
  assert.deepEqual(out.slice(100), samples.slice(5100, 5000 + 2048));
});

test("it tells from which frame on it plays what, and that it has stopped", () => {
  const { deck, told } = deckWith(100000);
  run(deck, 256);
  deck.hear({ type: "seek", position: 300, asked: 1 });
  deck.hear({ type: "play", asked: 2 });
  run(deck, 1024, 256);
  deck.hear({ type: "speed", speed: 0.5, asked: 3 });
  run(deck, 1024, 1280);
  deck.hear({ type: "pause", asked: 4 });
  run(deck, 1024, 2304);
  const moved = told.filter(({ type }) => type === "moved");
  assert.deepEqual(moved.slice(0, 2).map(({ frame, position, speed, asked }) => [frame, position, speed, asked]),
    [[256, 300, 1, 2], [1280, 1324, 0.5, 3]]);
  const last = moved.at(-1);
  assert.deepEqual([last.playing, last.speed], [false, 0]);
  assert.equal(last.position, 300 + 1024 + 0.5 * (last.frame - 1280));
  assert.ok(last.frame - 2304 <= 128);
});

test("a loop comes round after exactly its length", () => {
  const { deck, samples, told } = deckWith(50000);
  deck.hear({ type: "loop", start: 1000, end: 3333 });
  deck.hear({ type: "seek", position: 1000, asked: 1 });
  deck.hear({ type: "play", asked: 2 });
  const out = run(deck, 3 * 2333);
  const fade = 200; // where the end runs into the start
  for (const turn of [1, 2]) {
    assert.deepEqual(out.slice(turn * 2333 + fade, (turn + 1) * 2333), samples.slice(1000 + fade, 3333));
  }
  const turns = told.filter(({ type, frame }) => type === "moved" && frame > 0).map(({ frame, position }) => [frame, position]);
  assert.deepEqual(turns.slice(0, 2), [[2333, 1000], [4666, 1000]]);
});

test("a loop at another speed keeps its length on average, and the page can follow without being told", () => {
  const { deck, told } = deckWith(50000);
  deck.hear({ type: "loop", start: 1000, end: 3333 });
  deck.hear({ type: "speed", speed: 0.7 });
  deck.hear({ type: "seek", position: 1000, asked: 1 });
  deck.hear({ type: "play", asked: 2 });
  run(deck, 40000);
  const marks = told.filter(({ type }) => type === "moved");
  const turns = marks.slice(1).map(({ frame, position }) => frame - (position - 1000) / 0.7);
  turns.forEach((frame, turn) => assert.ok(Math.abs(frame - ((turn + 1) * 2333) / 0.7) < 1e-6));
  const timeline = new Timeline();
  timeline.setLoop({ start: 1000, end: 3333 });
  timeline.mark(marks[0].frame, marks[0].position, marks[0].speed);
  const unsaid = timeline.positionAt(marks[1].frame + 100);
  timeline.mark(marks[1].frame, marks[1].position, marks[1].speed);
  assert.ok(Math.abs(unsaid - timeline.positionAt(marks[1].frame + 100)) < 1e-6);
});

test("where the loop ends behind the song it comes round at the song's end", () => {
  const { deck, told } = deckWith(3000);
  deck.hear({ type: "loop", start: 1000, end: 9000 });
  deck.hear({ type: "play", asked: 1 });
  run(deck, 4096);
  assert.ok(!told.some(({ type }) => type === "ended"));
  assert.deepEqual(told.filter(({ type }) => type === "moved").slice(1, 2).map(({ frame, position }) => [frame, position]), [[3000, 1000]]);
});

test("past the loop's end the song goes on to its own", () => {
  const { deck, told } = deckWith(6000);
  deck.hear({ type: "loop", start: 100, end: 2000 });
  deck.hear({ type: "seek", position: 3000, asked: 1 });
  deck.hear({ type: "play", asked: 2 });
  run(deck, 8192);
  assert.ok(told.some(({ type }) => type === "ended"));
  const last = told.filter(({ type }) => type === "moved").at(-1);
  assert.deepEqual([last.playing, last.speed], [false, 0]);
});

test("cues strike on their frame at every speed, and at every turn of a loop", () => {
  for (const speed of [1, 0.5, 1.5]) {
    const { deck } = deckWith(50000, () => 0);
    deck.hear({ type: "speed", speed });
    deck.hear({ type: "voice", voice: 0, samples: Float32Array.of(1) });
    deck.hear({ type: "cues", name: "ticks", frames: Float64Array.of(300, 600, 1500), voices: Uint8Array.of(0, 0, 0), gain: 0.5 });
    deck.hear({ type: "loop", start: 0, end: 900 });
    deck.hear({ type: "play", asked: 1 });
    const out = run(deck, 4096);
    const struck = [...out.keys()].filter((at) => out[at] !== 0);
    const expected = [300, 600, 1200, 1500, 2100, 2400, 3000, 3300].map((at) => Math.ceil(at / speed)).filter((at) => at < 4096);
    assert.deepEqual(struck.slice(0, expected.length), expected);
    assert.ok(struck.every((at) => Math.abs(out[at] - 0.5) < 1e-6));
  }
});

test("it waits for a piece that is not there yet, tells so, and goes on from the same place", () => {
  const { deck, told, samples } = deckWith(400000);
  deck.hear({ type: "forget", name: "song", start: 0 });
  deck.hear({ type: "piece", name: "song", start: 0, channels: [samples.slice(0, 20000)], attacks: [] });
  deck.hear({ type: "seek", position: 15000, asked: 1 });
  deck.hear({ type: "play", asked: 2 });
  run(deck, 12800);
  const stop = told.find(({ type, starved }) => type === "starved" && starved);
  assert.ok(stop.position > 15000 && stop.position < 20000);
  assert.equal(told.filter(({ type }) => type === "moved").at(-1).speed, 0);
  deck.hear({ type: "piece", name: "song", start: 20000, channels: [samples.slice(20000)], attacks: [] });
  run(deck, 128, 12800);
  const last = told.filter(({ type }) => type === "moved").at(-1);
  assert.deepEqual([last.frame, last.position, last.speed], [12800, stop.position, 1]);
});

test("a position that was asked for is told until it is heard", () => {
  const timeline = new Timeline();
  timeline.mark(0, 0, 1);
  assert.equal(timeline.positionAt(500), 500);
  timeline.cut(9000);
  assert.equal(timeline.positionAt(501), 9000);
  timeline.mark(600, 9000, 1);
  assert.deepEqual([timeline.positionAt(550), timeline.positionAt(610), timeline.isStill(700)], [9000, 9010, false]);
});

test("what is heard is told steadily, however unsure the browser is of a moment", () => {
  // Seeded: a sound server's guesses are some milliseconds off, and now and then one by far.
  let seed = 5;
  const noise = () => ((seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5) * 16;
  let behind = 120;
  let now = 1000; // of a page that is a second old
  const stamps = { getOutputTimestamp: () => ({ performanceTime: now, contextTime: (now - behind + noise() + (now % 1700 < 17 ? 800 : 0)) / 1000 }) };
  const clock = new OutputClock(stamps);
  const offAt = (until) => {
    let most = 0;
    for (let frame = 0; now < until; frame += 1) {
      now += 1000 / 60;
      most = Math.max(most, Math.abs(clock.secondsAt(now) * 1000 - (now - behind)));
    }
    return most;
  };
  offAt(3000);
  const most = offAt(21000);
  assert.ok(most < 4, `${most} ms off`);
  behind = 320; // other headphones
  offAt(21400);
  assert.ok(offAt(23000) < 10);
});

test("where the sound stumbles, the picture goes with it", () => {
  let [behind, now] = [40, 1000];
  const slip = () => (now % 900 < 17 ? 7 : 0); // of the browser, now and then
  const clock = new OutputClock({ getOutputTimestamp: () => ({ performanceTime: now, contextTime: (now - behind - slip()) / 1000 }) });
  const offAt = (until) => {
    let off = 0;
    for (; now < until; now += 1000 / 60) off = Math.max(off, Math.abs(clock.secondsAt(now) * 1000 - (now - behind)));
    return off;
  };
  assert.ok(offAt(9000) < 0.1);
  for (const more of [10, 20, -10]) {
    behind += more; // a buffer that came too late
    offAt(now + 500);
    assert.ok(offAt(now + 3000) < 0.1, `${more} ms are followed`);
  }
});
