// Where a beat falls in time, and back: the rules of charter/notation/timing.py, which tests hold this file to.
//
// Positions are ticks, 48 to the beat; seconds are seconds of the audio. Beat 0 is heard at -offset.

export const TICKS_PER_BEAT = 48;
export const BEATS_PER_MEASURE = 4;
export const TICKS_PER_MEASURE = TICKS_PER_BEAT * BEATS_PER_MEASURE;

// What happens on one tick happens in this order; notes are hit between the delay's end and the stop.
const [FAKE, FAKE_END, WARP, WARP_END, BPM, DELAY, DELAY_END, STOP, STOP_END] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const TAGS = 9;

/**
 * A timing as the API gives it; every list in order of tick.
 * @typedef {object} TimingValue
 * @property {[number, number][]} tempos  [tick, bpm], the first on tick 0
 * @property {number} offset  seconds
 * @property {[number, number][]} [stops]  [tick, seconds]
 * @property {[number, number][]} [delays]  [tick, seconds]
 * @property {[number, number][]} [warps]  [tick, ticks]
 * @property {[number, number][]} [fakes]  [tick, ticks]
 */

/** (start, end) of spans, those that touch or overlap joined. */
function merged(spans) {
  const joined = [];
  for (const [tick, ticks] of spans) {
    const last = joined.at(-1);
    if (last && tick <= last[1]) last[1] = Math.max(last[1], tick + ticks);
    else joined.push([tick, tick + ticks]);
  }
  return joined;
}

/** How many of the rising `values` are at most `value`. */
export function countUpTo(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A song's tempo map; never changes. */
export class Timing {
  /** @param {TimingValue} value */
  constructor({ tempos, offset, stops = [], delays = [], warps = [], fakes = [] }) {
    this.value = { tempos, offset, stops, delays, warps, fakes };
    const events = tempos.slice(1).map(([tick, bpm]) => [tick, BPM, bpm]);
    for (const [pauses, tag] of [[stops, STOP], [delays, DELAY]]) {
      for (const [tick, seconds] of pauses) events.push([tick, tag, seconds], [tick, tag + 1, seconds]);
    }
    for (const [spans, tag] of [[warps, WARP], [fakes, FAKE]]) {
      for (const [start, end] of merged(spans)) events.push([start, tag, 0], [end, tag + 1, 0]);
    }
    events.sort((a, b) => a[0] - b[0] || a[1] - b[1]);

    // What holds from each event on, as parallel arrays.
    this._ticks = [0];
    this._tags = [BPM];
    this._keys = [BPM];
    this._seconds = [-offset];
    this._slopes = [60 / (tempos[0][1] * TICKS_PER_BEAT)];
    this._warped = [false];
    this._faked = [false];
    let pause = 0;
    for (const [tick, tag, value] of events) {
      const last = this._ticks.length - 1;
      const passed = this._warped[last] ? 0 : (tick - this._ticks[last]) * this._slopes[last];
      this._seconds.push(this._seconds[last] + (pause + passed));
      pause = tag === STOP || tag === DELAY ? value : 0;
      this._ticks.push(tick);
      this._tags.push(tag);
      this._keys.push(tick * TAGS + tag);
      this._slopes.push(tag === BPM ? 60 / (value * TICKS_PER_BEAT) : this._slopes[last]);
      this._warped.push((this._warped[last] || tag === WARP) && tag !== WARP_END);
      this._faked.push((this._faked[last] || tag === FAKE) && tag !== FAKE_END);
    }
  }

  /** When a note on this tick is hit, in seconds; fractions of a tick are allowed. */
  secondsAt(tick) {
    // A fractional tick must not reach into the tags of the next whole one: compare by its floor.
    let state = this._before(Math.floor(tick), STOP);
    if (this._isPause(state) && tick > this._ticks[state]) state = this._before(Math.floor(tick), STOP_END);
    return this._seconds[state] + (tick - this._ticks[state]) * (this._warped[state] ? 0 : this._slopes[state]);
  }

  /** The position at this time, in (fractional) ticks. During a pause it is the pause's tick. */
  tickAt(seconds) {
    const state = Math.max(countUpTo(this._seconds, seconds) - 1, 0);
    const elapsed = this._isPause(state) ? 0 : seconds - this._seconds[state];
    return this._ticks[state] + elapsed / this._slopes[state];
  }

  /** Whether a note on this whole tick can be hit: not in a fake span, not passed over by a warp. */
  hittable(tick) {
    const state = this._before(tick, STOP_END);
    const resumes = this._tags[state] === STOP_END || this._tags[state] === DELAY_END;
    return !this._faked[state] && (!this._warped[state] || (resumes && this._ticks[state] === tick));
  }

  /**
   * The ticks between two where time stops being a straight line of ticks (tempo changes, pauses, ends of warps), in
   * order, without the two.
   */
  bends(first, last) {
    const bends = this._ticks.slice(countUpTo(this._ticks, first), countUpTo(this._ticks, last));
    return bends.filter((tick, index) => tick < last && tick !== bends[index - 1]);
  }

  _isPause(state) {
    return this._tags[state] === STOP || this._tags[state] === DELAY;
  }

  /** Index of the last event at or before (tick, tag). */
  _before(tick, tag) {
    return Math.max(countUpTo(this._keys, tick * TAGS + tag) - 1, 0);
  }
}
