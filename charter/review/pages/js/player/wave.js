// The song behind the lanes: its waveform, or its spectrogram.

import { bytesOf } from "./bytes.js";

const TILE_COLUMNS = 2048;
const MOST_TILES = 12;

/** Peaks of the wave at many scales, so that each is drawn from about one pair a pixel. */
export class Wave {
  /**
   * @param {Int8Array} pairs  least, greatest, least, greatest, …
   * @param {number} rate  pairs a second
   */
  constructor(pairs, rate) {
    this._levels = [{ pairs, rate }];
    while (this._levels.at(-1).pairs.length > 512) this._levels.push(halved(this._levels.at(-1)));
  }

  static async fetch({ url, rate }) {
    return new Wave(new Int8Array((await bytesOf(url, "the waveform")).buffer), rate);
  }

  /** Draws it over a scroll's parts, its middle at x, `half` pixels to each side at most. */
  draw(context, spans, x, half, colour) {
    context.fillStyle = colour;
    for (const { y, seconds, perPixel, height } of spans) {
      if (perPixel <= 0 || height <= 0) continue;
      const wanted = Math.floor(Math.log2(Math.max(1, this._levels[0].rate * perPixel * 1.5)));
      const { pairs, rate } = this._levels[Math.min(wanted, this._levels.length - 1)];
      const first = Math.max(0, Math.floor(seconds * rate));
      const last = Math.min(pairs.length / 2 - 1, Math.ceil((seconds + height * perPixel) * rate));
      if (last <= first) continue;
      const yOf = (index) => Math.max(y, Math.min(y + height, y + (index / rate - seconds) / perPixel));
      context.beginPath();
      for (let index = first; index <= last; index += 1) context.lineTo(x + (pairs[2 * index + 1] / 127) * half, yOf(index));
      for (let index = last; index >= first; index -= 1) context.lineTo(x + (pairs[2 * index] / 127) * half, yOf(index));
      context.fill();
    }
  }
}

/** Two pairs made one. */
function halved({ pairs, rate }) {
  const half = new Int8Array(Math.floor(pairs.length / 4) * 2);
  for (let index = 0; index < half.length; index += 2) {
    half[index] = Math.min(pairs[2 * index], pairs[2 * index + 2]);
    half[index + 1] = Math.max(pairs[2 * index + 1], pairs[2 * index + 3]);
  }
  return { pairs: half, rate: rate / 2 };
}

/** From silence to loud: night blue, violet, orange, pale yellow. */
function heat() {
  const stops = [[0, 13, 17, 26], [70, 38, 32, 92], [140, 128, 42, 110], [200, 226, 103, 60], [255, 255, 226, 150]];
  const table = new Uint8ClampedArray(256 * 3);
  for (let value = 0; value < 256; value += 1) {
    const next = stops.findIndex(([at], index) => index > 0 && value <= at);
    const [low, high] = [stops[next - 1], stops[next]];
    const part = (value - low[0]) / (high[0] - low[0]);
    for (let channel = 0; channel < 3; channel += 1) {
      table[3 * value + channel] = low[channel + 1] + part * (high[channel + 1] - low[channel + 1]);
    }
  }
  return table;
}

/** Loudness by pitch and time, low pitches on the left. */
export class Spectrogram {
  /**
   * @param {Uint8Array} values  `bands` to a column
   * @param {number} rate  columns a second
   * @param {number} bands
   */
  constructor(values, rate, bands) {
    this._values = values;
    this._rate = rate;
    this._bands = bands;
    this._tiles = new Map();
    this._heat = heat();
  }

  static async fetch({ url, rate, bands }) {
    return new Spectrogram(await bytesOf(url, "the spectrogram"), rate, bands);
  }

  /** Draws it over a scroll's parts between two x. */
  draw(context, spans, left, right) {
    for (const { y, seconds, perPixel, height } of spans) {
      if (perPixel <= 0 || height <= 0) continue;
      const [first, last] = [seconds * this._rate, (seconds + height * perPixel) * this._rate];
      const perColumn = height / (last - first);
      for (let tile = Math.max(0, Math.floor(first / TILE_COLUMNS)); tile * TILE_COLUMNS < last; tile += 1) {
        const picture = this._tile(tile);
        if (!picture) break;
        const start = tile * TILE_COLUMNS;
        const from = Math.max(first, start);
        const to = Math.min(last, start + picture.height);
        if (to <= from) continue;
        const top = y + (from - first) * perColumn;
        context.drawImage(picture, 0, from - start, this._bands, to - from, left, top, right - left, (to - from) * perColumn);
      }
    }
  }

  _tile(number) {
    const known = this._tiles.get(number);
    if (known) return known;
    const start = number * TILE_COLUMNS * this._bands;
    const columns = Math.min(TILE_COLUMNS, Math.floor((this._values.length - start) / this._bands));
    if (columns <= 0) return null;
    const tile = document.createElement("canvas");
    [tile.width, tile.height] = [this._bands, columns];
    const paint = tile.getContext("2d");
    const image = paint.createImageData(this._bands, columns);
    for (let at = 0; at < columns * this._bands; at += 1) {
      const value = 3 * this._values[start + at];
      image.data.set([this._heat[value], this._heat[value + 1], this._heat[value + 2], 255], 4 * at);
    }
    paint.putImageData(image, 0, 0);
    if (this._tiles.size >= MOST_TILES) this._tiles.delete(this._tiles.keys().next().value);
    this._tiles.set(number, tile);
    return tile;
  }
}
