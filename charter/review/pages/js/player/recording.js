// A song's sound file, decoded: whole where it is short, in pieces as they are wanted where it is long.

import { attacks } from "./attacks.js";
import { excerpt, oggVorbis, runs } from "./ogg.js";

const LONG_SECONDS = 600; // from here on in pieces
const PIECE_SECONDS = 20;
const USUAL_RATE = 44100;

/** Bytes of a sound file, and how to get samples out of them. */
export class Recording {
  /** @param {Uint8Array} bytes  an audio file that the browser decodes */
  constructor(bytes) {
    this._bytes = bytes;
    this._file = oggVorbis(bytes);
    /** Frames a second of the file, where it is known before it is decoded. */
    this.sampleRate = this._file?.sampleRate ?? USUAL_RATE;
    this._runs = null;
    this._zero = 0; // what the file calls the first frame
    this.length = 0;
  }

  /**
   * Reads what is needed to know the length; the first piece comes with it.
   * @param {BaseAudioContext} context  at `sampleRate`, so that the file's own samples are played
   * @returns {Promise<Piece>}
   */
  async open(context) {
    this._context = context;
    const frames = this._file?.pages.at(-1)?.granule ?? 0;
    if (frames < LONG_SECONDS * this.sampleRate || context.sampleRate !== this.sampleRate) {
      const piece = this._piece(0, await context.decodeAudioData(this._bytes.slice().buffer));
      this.length = piece.channels[0].length;
      this._bytes = null;
      return piece;
    }
    this._runs = runs(this._file, PIECE_SECONDS * this.sampleRate);
    const { first, last, end } = this._runs[0];
    const buffer = await context.decodeAudioData(excerpt(this._bytes, this._file, first, last));
    this._zero = end - buffer.length;
    this.length = frames - this._zero;
    return this._piece(0, buffer);
  }

  /** Whether there are pieces still to come. */
  get isInPieces() {
    return this._runs !== null;
  }

  /** Numbers of the pieces that hold frames of [from, to). */
  piecesOf(from, to) {
    const ends = this._runs.map((run) => run.end - this._zero);
    return ends.map((_, index) => index).filter((index) => ends[index] > from && (ends[index - 1] ?? 0) < to);
  }

  /** Frame at which a piece starts. */
  startOf(index) {
    return index ? this._runs[index - 1].end - this._zero : 0;
  }

  /**
   * @typedef {{start: number, channels: Float32Array[], attacks: number[]}} Piece
   * @param {number} index
   * @returns {Promise<Piece>}
   */
  async piece(index) {
    const { first, last, end } = this._runs[index];
    const buffer = await this._context.decodeAudioData(excerpt(this._bytes, this._file, first, last));
    const start = this.startOf(index);
    return this._piece(start, buffer, Math.max(0, buffer.length - (end - this._zero - start)));
  }

  _piece(start, buffer, skipped = 0) {
    const channels = [];
    for (let channel = 0; channel < Math.min(buffer.numberOfChannels, 2); channel += 1) {
      channels.push(buffer.getChannelData(channel).slice(skipped));
    }
    return { start, channels, attacks: attacks(channels, buffer.sampleRate).map((frame) => frame + start) };
  }
}
