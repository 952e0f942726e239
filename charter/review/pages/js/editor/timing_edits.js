// Another tempo map from the one at hand, and where the music's attacks fall by it.

import { TICKS_PER_BEAT } from "../player/timing.js";

/** @typedef {import("../player/timing.js").TimingValue} TimingValue */

const rounded = (value) => Math.round(value * 1e6) / 1e6;

/**
 * @param {TimingValue} timing
 * @param {number} ms above 0: every note is heard earlier in the music
 * @returns {TimingValue}
 */
export const offsetMoved = (timing, ms) => ({ ...timing, offset: rounded(timing.offset + ms / 1000) });

/**
 * @param {TimingValue} timing
 * @param {number} tick
 * @returns {number} which of its tempos holds there
 */
export const tempoAt = (timing, tick) => Math.max(0, timing.tempos.findLastIndex(([start]) => start <= tick));

/**
 * @param {TimingValue} timing
 * @param {number} index which of its tempos
 * @param {number} bpm
 * @returns {TimingValue|null} null where that is no tempo
 */
export function withBpm(timing, index, bpm) {
  if (!(bpm > 0 && bpm < 10_000)) return null;
  return { ...timing, tempos: timing.tempos.map(([tick, was], at) => [tick, at === index ? rounded(bpm) : was]) };
}

/**
 * How strong the music's attacks are around its beats.
 * @param {Uint8Array} onsets attacks, `rate` values a second
 * @param {number} rate
 * @param {{secondsAt: (tick: number) => number, tickAt: (seconds: number) => number}} timing
 * @param {{start: number, end: number}} music seconds, where there is any
 * @param {{rows: number, reach: number}} size rows: of the picture; reach: ms to either side of a beat
 * @returns {{image: Float32Array, rows: number, columns: number, curve: Float32Array, peak: number}}
 * image: 0 to 1, a row for a few beats, song from top to bottom, a column for each ms; curve: its mean over the song;
 * peak: ms by which the strongest attacks lie after the beat
 */
export function foldedOnsets(onsets, rate, timing, music, { rows, reach }) {
  const columns = 2 * reach + 1;
  const first = Math.max(0, Math.ceil(timing.tickAt(Math.max(0, music.start)) / TICKS_PER_BEAT));
  const last = Math.floor(timing.tickAt(Math.min(music.end, onsets.length / rate)) / TICKS_PER_BEAT);
  const beats = Math.max(0, last - first + 1);
  const height = Math.max(1, Math.min(rows, beats));
  const image = new Float32Array(height * columns);
  const counts = new Float32Array(height);
  const curve = new Float32Array(columns);
  for (let beat = first; beat <= last; beat += 1) {
    const row = Math.min(height - 1, Math.floor(((beat - first) / beats) * height));
    const at = timing.secondsAt(beat * TICKS_PER_BEAT);
    counts[row] += 1;
    for (let column = 0; column < columns; column += 1) {
      const value = (onsets[Math.round((at + (column - reach) / 1000) * rate)] ?? 0) / 255;
      image[row * columns + column] += value;
      curve[column] += value / beats;
    }
  }
  let brightest = 1e-9;
  for (let index = 0; index < image.length; index += 1) {
    image[index] /= Math.max(1, counts[Math.floor(index / columns)]);
    brightest = Math.max(brightest, image[index]);
  }
  for (let index = 0; index < image.length; index += 1) image[index] /= brightest;
  return { image, rows: height, columns, curve, peak: peakOf(curve) - reach };
}

/** Middle of the strongest 9 ms. */
function peakOf(curve) {
  let [best, place] = [-1, 0];
  for (let index = 4; index < curve.length - 4; index += 1) {
    let sum = 0;
    for (let step = -4; step <= 4; step += 1) sum += curve[index + step];
    if (sum > best) [best, place] = [sum, index];
  }
  return place;
}
