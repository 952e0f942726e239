// What the audio thread does: plays a sound at a speed, loops it, and strikes cues where they stand in it.
//
// It hears orders and tells of every change with the frame of the output at which it took effect, so that anyone can
// tell what is heard when. It knows no browser: the worklet and its stand-in drive it, and tests do.

import { Sound } from "./sound.js";
import { Stretcher } from "./stretch.js";
import { countUpTo } from "./timing.js";

const RAMP = 96; // frames in which the sound comes and goes

/** Orders: see `Deck.hear`. Told: "moved" {frame, position, speed, playing, asked}, "ended", "starved". */
export class Deck {
  /**
   * @param {number} sampleRate
   * @param {(told: object) => void} tell
   */
  constructor(sampleRate, tell) {
    this._tell = tell;
    this._sounds = new Map();
    this._reader = new Stretcher(new Sound(0), sampleRate);
    this._playing = false;
    this._level = 0; // of the ramp, 0 to 1
    this._gain = { music: 1, now: 1 };
    this._loop = null;
    this._cues = new Map();
    this._voices = [];
    this._sounding = [];
    this._asked = 0;
    this._changed = false;
    this._starved = false;
  }

  /**
   * Does as told. Positions are frames of the song.
   * sound {name, length}, piece {name, start, channels, attacks}, forget {name, start}: what there is to play;
   * use {name}; play; pause; seek {position}; speed {speed}; loop {start, end} (end null: none); gain {music};
   * voice {voice, samples}; cues {name, frames, voices, gain}: voice `voices[i]` strikes at `frames[i]`.
   * `asked` numbers the orders that move: it comes back with "moved".
   */
  hear(order) {
    this[`_on_${order.type}`](order);
    if (order.asked === undefined) return;
    this._asked = order.asked;
    this._changed = true;
  }

  _on_sound({ name, length }) {
    this._sounds.set(name, new Sound(length));
  }

  _on_piece({ name, start, channels, attacks }) {
    this._sounds.get(name).add(start, channels, attacks);
  }

  _on_forget({ name, start }) {
    this._sounds.get(name).remove(start);
  }

  _on_use({ name }) {
    this._reader.change(this._sounds.get(name));
  }

  _on_play() {
    this._playing = true;
  }

  _on_pause() {
    this._playing = false;
  }

  _on_seek({ position }) {
    this._reader.jump(position, this._level > 0);
    this._sounding = [];
  }

  _on_speed({ speed }) {
    this._reader.setSpeed(speed);
  }

  _on_loop({ start, end }) {
    this._loop = end === null ? null : { start, end };
  }

  _on_gain({ music }) {
    this._gain.music = music;
  }

  _on_voice({ voice, samples }) {
    this._voices[voice] = samples;
  }

  _on_cues({ name, frames, voices, gain }) {
    this._cues.set(name, { frames, voices, gain });
  }

  /**
   * Writes `count` frames; `frame` is the output's frame of the first.
   * @param {Float32Array[]} channels
   */
  process(channels, count, frame) {
    for (const channel of channels) channel.fill(0);
    let done = 0;
    while (done < count && (this._playing || this._level > 0)) {
      if (!this._hasFood(count, frame + done)) break;
      const many = this._until(count - done);
      this._report(frame + done);
      this._play(channels, done, many, frame);
      done += many;
      if (!this._playing && this._level === 0) this._changed = true;
    }
    this._report(frame + done);
    this._strikeOn(channels, count);
  }

  /** Whether what comes next is at hand; tells once where it is not. */
  _hasFood(count, frame) {
    const starved = !this._reader.isReady(count);
    if (starved !== this._starved) {
      this._starved = starved;
      this._changed = true;
      this._report(frame);
      this._tell({ type: "starved", starved, position: this._reader.position });
    }
    return !starved;
  }

  /** Frames to play before the loop or the song ends, or the sound has come or gone. */
  _until(most) {
    if (this._playing) this._turn();
    const { position, speed, sound } = this._reader;
    const target = this._playing ? 1 : 0;
    const ramp = this._level === target ? most : Math.max(1, Math.round(Math.abs(target - this._level) * RAMP));
    const isInLoop = this._loop && position < this._loop.end;
    const left = (isInLoop ? Math.min(this._loop.end, sound.length) : sound.length) - position;
    return Math.min(most, ramp, this._playing ? Math.max(1, Math.ceil(left / speed)) : most);
  }

  /** Goes back where the loop ends, stops where the song ends. */
  _turn() {
    const { position, speed, sound } = this._reader;
    const end = Math.min(this._loop?.end ?? Infinity, sound.length);
    const isPast = position >= end;
    if (this._loop && isPast && position < end + Math.max(1, speed)) this._jumpTo(this._loop.start + position - end);
    else if (position >= sound.length) this._end();
  }

  _jumpTo(position) {
    this._reader.jump(position, true);
    this._changed = true;
  }

  _end() {
    this._playing = false;
    this._changed = true;
    this._tell({ type: "ended" });
  }

  _play(channels, from, many, frame) {
    const start = this._reader.position;
    this._reader.render(channels, from, many);
    if (this._playing) this._ring(start, this._reader.position, from);
    const target = this._playing ? 1 : 0;
    const gain = this._gain.music;
    if (this._level === target && this._gain.now === gain && gain === 1) return;
    const slope = (gain - this._gain.now) / many;
    for (let at = from; at < from + many; at += 1) {
      this._level = target ? Math.min(1, this._level + 1 / RAMP) : Math.max(0, this._level - 1 / RAMP);
      this._gain.now += slope;
      for (const channel of channels) channel[at] *= this._level * this._gain.now;
    }
    this._gain.now = gain;
    if (Math.abs(this._level - target) < 1e-6) this._level = target;
  }

  /** Starts the cues of the song's [start, end), which is heard from frame `from` on. */
  _ring(start, end, from) {
    for (const { frames, voices, gain } of this._cues.values()) {
      if (!gain) continue;
      for (let cue = countUpTo(frames, start - 1e-9); cue < frames.length && frames[cue] < end - 1e-9; cue += 1) {
        const samples = this._voices[voices[cue]];
        const at = from + Math.max(0, Math.ceil((frames[cue] - start) / this._reader.speed - 1e-6));
        this._sounding.push({ samples, at, gain });
      }
    }
  }

  _strikeOn(channels, count) {
    for (const cue of this._sounding) {
      const first = Math.max(0, cue.at);
      const last = Math.min(count, cue.at + cue.samples.length);
      for (const channel of channels) {
        for (let at = first; at < last; at += 1) channel[at] += cue.gain * cue.samples[at - cue.at];
      }
      cue.at -= count;
    }
    this._sounding = this._sounding.filter((cue) => cue.at + cue.samples.length > 0);
  }

  _report(frame) {
    if (!this._changed) return;
    this._changed = false;
    const isMoving = (this._playing || this._level > 0) && !this._starved;
    const { position, speed } = this._reader;
    this._tell({ type: "moved", frame, position, speed: isMoving ? speed : 0, playing: this._playing, asked: this._asked });
  }
}
