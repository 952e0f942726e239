// The deck on the audio thread tells what it puts into which frame: loaded beside it, into the same thread's modules.

import { Deck } from "/js/player/deck.js";

const MOST_ROWS = 512; // of a message
const play = Deck.prototype._play;
let rows = [];

Deck.prototype._play = function recorded(channels, from, many, frame) {
  rows.push([frame + from, this._reader.position, this._reader.speed]);
  if (rows.length >= MOST_ROWS) {
    this._tell({ type: "record", rows });
    rows = [];
  }
  play.call(this, channels, from, many, frame);
};
