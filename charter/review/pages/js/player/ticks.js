// Ticks on notes and a metronome: where they strike, and how they sound.

import { BEATS_PER_MEASURE, TICKS_PER_BEAT } from "./timing.js";

/** Numbers of the voices in the list of `voices`. */
export const VOICE = { note: 0, jump: 1, beat: 2, downbeat: 3, chipNote: 4, chipJump: 5 };

/**
 * When a chart's rows strike. Mines and fakes make no tick, nor does what cannot be hit.
 * @param {import("./stage.js").Note[]} notes  in order of tick
 * @param {import("./timing.js").Timing} timing
 * @returns {{seconds: number[], jumps: boolean[]}}  in order
 */
export function strikes(notes, timing) {
  const rows = new Map();
  for (const [tick, , kind] of notes) {
    if ("124L".includes(kind)) rows.set(tick, (rows.get(tick) ?? 0) + 1);
  }
  const ticks = [...rows.keys()].filter((tick) => timing.hittable(tick));
  return { seconds: ticks.map((tick) => timing.secondsAt(tick)), jumps: ticks.map((tick) => rows.get(tick) > 1) };
}

/**
 * When the beats strike, from the first that is heard to the song's end; every fourth is a downbeat.
 * @param {import("./timing.js").Timing} timing
 * @param {number} duration  seconds
 * @returns {{seconds: number[], downbeats: boolean[]}}
 */
export function beats(timing, duration) {
  const seconds = [];
  const downbeats = [];
  const first = Math.ceil(timing.tickAt(0) / TICKS_PER_BEAT);
  for (let beat = first; ; beat += 1) {
    const at = timing.secondsAt(beat * TICKS_PER_BEAT);
    if (at >= duration) return { seconds, downbeats };
    if (seconds.length && at <= seconds.at(-1)) downbeats.pop(); // a warp leads from that beat to this one
    else seconds.push(at);
    downbeats.push(beat % BEATS_PER_MEASURE === 0);
  }
}

/** A short sound that dies away; `wave` maps a phase in turns to -1 to 1. */
function struck(sampleRate, hertz, seconds, wave) {
  const samples = new Float32Array(Math.round(seconds * sampleRate));
  for (let at = 0; at < samples.length; at += 1) {
    const time = at / sampleRate;
    samples[at] = 0.5 * wave(time * hertz) * Math.exp((-5 * time) / seconds) * Math.min(1, (samples.length - at) / 64);
  }
  return samples;
}

/**
 * The sounds, in the order of `VOICE`.
 * @param {number} sampleRate
 * @returns {Float32Array[]}
 */
export function voices(sampleRate) {
  const round = (phase) => Math.sin(2 * Math.PI * phase);
  const wood = (phase) => 0.7 * round(phase) + 0.3 * round(2.7 * phase);
  const pulse = (phase) => (phase % 1 < 0.25 ? 0.8 : -0.8);
  return [
    struck(sampleRate, 1800, 0.03, wood),
    struck(sampleRate, 2100, 0.035, wood),
    struck(sampleRate, 1000, 0.045, round),
    struck(sampleRate, 1500, 0.06, round),
    struck(sampleRate, 1046.5, 0.05, pulse),
    struck(sampleRate, 1318.5, 0.05, pulse),
  ];
}
