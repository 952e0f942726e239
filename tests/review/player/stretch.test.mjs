// Another speed: the pitch stays, nothing clicks, strikes are where the position says.

import assert from "node:assert/strict";
import { test } from "node:test";

import { attacks } from "../../../charter/review/pages/js/player/attacks.js";
import { Sound } from "../../../charter/review/pages/js/player/sound.js";
import { Stretcher } from "../../../charter/review/pages/js/player/stretch.js";

const RATE = 44100;
const SPEEDS = [0.5, 0.75, 0.9, 1.25, 1.5];

function sine(hertz, seconds) {
  return Float32Array.from({ length: seconds * RATE }, (_, at) => 0.5 * Math.sin((2 * Math.PI * hertz * at) / RATE));
}

function noise() {
  let seed = 1;
  return () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 1073741823.5 - 1;
  };
}

function played(samples, speed, frames = Math.floor(samples.length / speed)) {
  const sound = new Sound(samples.length);
  sound.add(0, [samples], attacks([samples], RATE));
  const stretcher = new Stretcher(sound, RATE);
  stretcher.setSpeed(speed);
  const out = new Float32Array(frames);
  for (let at = 0; at < frames; at += 128) stretcher.render([out], at, Math.min(128, frames - at));
  return { out, position: stretcher.position };
}

function hertzOf(samples) {
  const rises = [];
  for (let at = 1; at < samples.length; at += 1) {
    if (samples[at - 1] < 0 && samples[at] >= 0) rises.push(at - samples[at] / (samples[at] - samples[at - 1]));
  }
  return ((rises.length - 1) * RATE) / (rises.at(-1) - rises[0]);
}

for (const speed of SPEEDS) {
  test(`a sine keeps its pitch, its level and its smoothness at speed ${speed}`, () => {
    for (const hertz of [55, 97, 440]) {
      const { out } = played(sine(hertz, 2), speed, Math.floor((1.9 * RATE) / speed));
      const middle = out.subarray(RATE / 4, out.length - RATE / 4);
      assert.ok(Math.abs(hertzOf(middle) / hertz - 1) < 0.003, `${hertz} Hz sounds as ${hertzOf(middle)}`);
      const bend = 0.5 * (2 * Math.PI * hertz / RATE) ** 2; // of the sine itself
      const bends = middle.slice(2).map((value, at) => Math.abs(value - 2 * middle[at + 1] + middle[at]));
      assert.ok(bends.reduce((most, value) => Math.max(most, value), 0) < 1.2 * bend + 1e-4, `${hertz} Hz clicks`);
      for (let at = 0; at + 4410 < middle.length; at += 2205) {
        const power = middle.subarray(at, at + 4410).reduce((sum, value) => sum + value * value, 0) / 4410;
        assert.ok(Math.abs(Math.sqrt(2 * power) - 0.5) < 0.03, `${hertz} Hz swells`);
      }
    }
  });

  test(`strikes sound where the position says at speed ${speed}`, () => {
    const random = noise();
    const samples = sine(110, 8).map((value) => value * 0.3);
    const hits = [];
    for (let at = 0.3 * RATE; at < 7 * RATE; at += (0.11 + 0.3 * Math.abs(random())) * RATE) hits.push(Math.round(at));
    for (const hit of hits) for (let at = 0; at < 1500; at += 1) samples[hit + at] += 0.7 * random() * Math.exp(-at / 250);
    const { out } = played(samples, speed);
    const heard = attacks([out], RATE);
    const whole = attacks([samples], RATE);
    const offs = whole.map((hit) => heard.reduce((best, at) => (Math.abs(at - hit / speed) < Math.abs(best) ? at - hit / speed : best), Infinity));
    assert.ok(whole.length > 20);
    const late = offs.map((off) => Math.abs(off / RATE) * 1000).sort((a, b) => a - b);
    assert.ok(late.at(-1) < 4, `${late.at(-1)} ms off`);
    assert.ok(late[late.length >> 1] < 1.5, `${late[late.length >> 1]} ms off`);
    assert.ok(Math.abs(heard.length - whole.length) <= 2, `${whole.length} strikes became ${heard.length}`);
  });
}

test("at its own speed the samples come as they are", () => {
  const random = noise();
  const samples = Float32Array.from({ length: 30000 }, random);
  assert.deepEqual(played(samples, 1).out, samples);
});

test("back at its own speed the samples are again those of the position", () => {
  const random = noise();
  const samples = Float32Array.from({ length: 4 * RATE }, random);
  const sound = new Sound(samples.length);
  sound.add(0, [samples], []);
  const stretcher = new Stretcher(sound, RATE);
  stretcher.setSpeed(0.7);
  stretcher.render([new Float32Array(RATE)], 0, RATE);
  stretcher.setSpeed(1);
  stretcher.render([new Float32Array(1000)], 0, 1000);
  const start = stretcher.position;
  const out = new Float32Array(1000);
  stretcher.render([out], 0, 1000);
  assert.equal(start, Math.round(0.7 * RATE) + 1000);
  assert.deepEqual(out, samples.slice(start, start + 1000));
});

test("the position is the speed times the frames", () => {
  for (const speed of SPEEDS) {
    assert.ok(Math.abs(played(sine(200, 2), speed, 50000).position - 50000 * speed) < 1e-6);
  }
});

test("pieces of a sound are one sound, silence where one is missing", () => {
  const samples = Float32Array.from({ length: 100 }, (_, at) => at + 1);
  const sound = new Sound(100);
  sound.add(60, [samples.slice(60)], [70]);
  sound.add(0, [samples.slice(0, 40)], [5, 30]);
  const out = new Float32Array(120);
  sound.read(0, -10, out, 120);
  const expected = Float32Array.from({ length: 120 }, (_, at) => (at >= 10 && at < 110 && !(at >= 50 && at < 70) ? at - 9 : 0));
  assert.deepEqual(out, expected);
  assert.deepEqual([sound.has(0, 40), sound.has(0, 41), sound.has(60, 400), sound.has(-5, 10)], [true, false, true, true]);
  assert.deepEqual([sound.attackFrom(5), sound.attackFrom(31), sound.attackBefore(5), sound.attackBefore(71)], [5, 70, -Infinity, 70]);
  sound.remove(60);
  assert.equal(sound.has(60, 61), false);
});
