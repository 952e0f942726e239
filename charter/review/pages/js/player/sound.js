// The samples of a song, whole or in the pieces that are at hand.

import { countUpTo } from "./timing.js";

/** A sound of which pieces are held. Positions are frames of the whole. */
export class Sound {
  /** @param {number} length  frames of the whole */
  constructor(length) {
    this.length = length;
    this._starts = [];
    this._pieces = [];
    this._attacks = [];
  }

  /**
   * Holds a piece from now on; pieces do not overlap.
   * @param {number} start
   * @param {Float32Array[]} channels  of equal length; of more than two the first two are played
   * @param {number[]} attacks  frames of the whole at which something strikes, in order
   */
  add(start, channels, attacks) {
    const at = countUpTo(this._starts, start);
    this._starts.splice(at, 0, start);
    this._pieces.splice(at, 0, { start, end: start + channels[0].length, channels, attacks });
    this._gather();
  }

  /** Lets go of the piece that starts here. */
  remove(start) {
    const at = this._starts.indexOf(start);
    if (at < 0) return;
    this._starts.splice(at, 1);
    this._pieces.splice(at, 1);
    this._gather();
  }

  /** Whether all frames of [start, end) that the song has are at hand. */
  has(start, end) {
    let at = Math.max(start, 0);
    const last = Math.min(end, this.length);
    for (let index = Math.max(countUpTo(this._starts, at) - 1, 0); at < last; index += 1) {
      const piece = this._pieces[index];
      if (!piece || piece.start > at || piece.end <= at) return false;
      at = piece.end;
    }
    return true;
  }

  /** Writes `count` frames from `start` on into `out`; silence where there is nothing. */
  read(channel, start, out, count) {
    let at = start;
    let done = 0;
    let index = Math.max(countUpTo(this._starts, at) - 1, 0);
    while (done < count) {
      const piece = this._pieces[index];
      const until = !piece ? count : Math.min(count, done + Math.max(0, piece.start - at));
      out.fill(0, done, until);
      at += until - done;
      done = until;
      if (!piece || done === count) continue;
      const samples = piece.channels[Math.min(channel, piece.channels.length - 1)];
      const many = Math.max(0, Math.min(count - done, piece.end - at));
      const from = at - piece.start;
      for (let step = 0; step < many; step += 1) out[done + step] = samples[from + step];
      at += many;
      done += many;
      index += 1;
    }
  }

  /** The first strike at or after a frame; Infinity where there is none. */
  attackFrom(frame) {
    return this._attacks[countUpTo(this._attacks, frame - 0.5)] ?? Infinity;
  }

  /** The last strike before a frame; -Infinity where there is none. */
  attackBefore(frame) {
    return this._attacks[countUpTo(this._attacks, frame - 0.5) - 1] ?? -Infinity;
  }

  _gather() {
    this._attacks = this._pieces.flatMap((piece) => piece.attacks);
  }
}
