// What is computed for ears and eyes: ticks, beats, feet, density, where rows stand.

import assert from "node:assert/strict";
import { test } from "node:test";

import { densityCurve } from "../../../charter/review/pages/js/player/density.js";
import { stances } from "../../../charter/review/pages/js/player/feet.js";
import { keepLatency, keptLatency, lateness } from "../../../charter/review/pages/js/player/latency.js";
import { Lanes } from "../../../charter/review/pages/js/player/lanes.js";
import { Scroll } from "../../../charter/review/pages/js/player/scroll.js";
import { quantisation } from "../../../charter/review/pages/js/player/skin.js";
import { beats, strikes, voices } from "../../../charter/review/pages/js/player/ticks.js";
import { Timing } from "../../../charter/review/pages/js/player/timing.js";

const timing = new Timing({ tempos: [[0, 60], [192, 120]], offset: -0.5, stops: [[96, 2]], warps: [[480, 96]] });

test("ticks sound on rows that are hit, once a row", () => {
  const notes = [[0, 0, "1", null], [0, 3, "2", 96], [24, 1, "M", null], [48, 2, "F", null], [96, 1, "4", 144], [500, 0, "1", null]];
  assert.deepEqual(strikes(notes, timing), { seconds: [0.5, 2.5], jumps: [true, false] });
});

test("the metronome beats once a beat, not in warps, with every fourth beat strong", () => {
  const { seconds, downbeats } = beats(timing, 11);
  assert.deepEqual(seconds, [0.5, 1.5, 2.5, 5.5, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5]);
  assert.deepEqual(downbeats, [true, false, false, false, true, false, false, false, true, false, true, false, false]);
});

test("every voice sounds and dies away", () => {
  for (const samples of voices(44100)) {
    const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assert.ok(peak > 0.2 && peak <= 0.5);
    assert.ok(Math.abs(samples.at(-1)) < 0.01);
  }
});

test("feet: who hit the row moves, the other stays; a bracket stands between", () => {
  const notes = [[0, 0, "1", null], [48, 1, "1", null], [48, 3, "1", null]];
  const [first, second] = stances([[0, "L..R", []], [48, "LR.r", ["bracket"]]], notes);
  assert.deepEqual([first.left, first.right, first.moves], [[0, 1], [2, 1], "l"]);
  assert.deepEqual([second.left, second.right, second.moves, second.techs], [[0, 1], [1.5, 1.5], "r", ["bracket"]]);
});

test("density is rows a second", () => {
  const rows = Array.from({ length: 200 }, (_, row) => 20 + row * 0.125);
  const curve = densityCurve(rows, 100, 50);
  assert.equal(curve[25], 0);
  assert.ok(Math.abs(curve[16] - 8) < 0.3);
  assert.deepEqual([...densityCurve([], 10, 3)], [0, 0, 0]);
});

test("a row's note value", () => {
  const values = [0, 24, 16, 12, 8, 6, 4, 3, 1].map((tick) => quantisation(480 + tick));
  assert.deepEqual(values, [4, 8, 12, 16, 24, 32, 48, 64, 192]);
});

test("rows stand by beat or by time, and the pointer finds them again", () => {
  for (const scroll of ["beat", "time"]) {
    const field = new Scroll(timing, { tick: 120, seconds: timing.secondsAt(120) }, { spacing: 96, scroll }, 100, 900);
    assert.equal(field.y(120), 100);
    for (const tick of [100, 130, 190, 300, 479]) assert.ok(Math.abs(field.tickAt(field.y(tick)) - tick) < 1e-6);
  }
  const byTime = new Scroll(timing, { tick: 192, seconds: timing.secondsAt(192) }, { spacing: 100, scroll: "time" }, 0, 900);
  assert.ok(Math.abs(byTime.y(240) - 100) < 1e-9); // a beat at 120 BPM
});

test("the song is seen in even parts between changes of tempo, without what a stop stands still for", () => {
  const field = new Scroll(timing, { tick: 0, seconds: 0.5 }, { spacing: 48 }, 0, 400);
  const parts = field.spans().map(({ y, seconds, height, perPixel }) => [y, seconds, height, perPixel].map((value) => Number(value.toFixed(4))));
  assert.deepEqual(parts, [[0, 0.5, 96, 0.0208], [96, 4.5, 96, 0.0208], [192, 6.5, 208, 0.0104]]);
});

test("lanes find what shows, long holds too", () => {
  const lanes = new Lanes([[0, 0, "2", 960], [48, 1, "1", null], [480, 2, "1", null], [960, 3, "1", null]]);
  assert.deepEqual(lanes.between(470, 490).map(([tick]) => tick), [0, 480]);
  assert.deepEqual(lanes.between(961, 990), []);
  const even = new Timing({ tempos: [[0, 60]], offset: 0 });
  assert.deepEqual([lanes.glow(0, { tick: 500, seconds: 500 / 48 }, even), lanes.glow(2, { tick: 480, seconds: 10 }, even),
    lanes.glow(3, { tick: 500, seconds: 500 / 48 }, even)], [0.8, 1, 0]);
});

test("taps tell how late the listener is; few taps tell nothing", () => {
  const signs = [1, 2, 3, 4, 5, 6, 7, 8];
  const found = lateness(signs.map((sign, index) => sign + 0.12 + (index % 3) * 0.01), signs);
  assert.ok(Math.abs(found.late - 0.13) < 1e-9 && found.scatter < 0.011);
  assert.equal(lateness([1.1, 2.1], signs), null);
});

test("the latency is kept, and nonsense is not believed", () => {
  const kept = new Map();
  const storage = { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) };
  assert.equal(keptLatency(storage), 0);
  keepLatency(0.083, storage);
  assert.equal(keptLatency(storage), 0.083);
  for (const nonsense of ["later", "9"]) {
    kept.set("charter.latency", nonsense);
    assert.equal(keptLatency(storage), 0);
  }
});
