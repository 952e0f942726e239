// Where a row stands on the screen: the song scrolls up, what comes is below.

import { TICKS_PER_BEAT } from "./timing.js";

const BEATS_PER_SECOND = 2; // what a beat's pixels mean where rows stand by time

/** The field's way from ticks to pixels at one moment. */
export class Scroll {
  /**
   * @param {import("./timing.js").Timing} timing
   * @param {{tick: number, seconds: number}} now  at the receptors
   * @param {{spacing: number, scroll?: "beat"|"time"}} view  spacing: pixels a beat; by time, a beat of 120 BPM
   * @param {number} origin  y of the receptors
   * @param {number} height
   */
  constructor(timing, now, view, origin, height) {
    this._timing = timing;
    this.now = now;
    this.origin = origin;
    this._byTime = view.scroll === "time";
    this._scale = this._byTime ? view.spacing * BEATS_PER_SECOND : view.spacing / TICKS_PER_BEAT;
    this.first = this.tickAt(0);
    this.last = this.tickAt(height);
  }

  /** Pixels from the top. */
  y(tick) {
    const distance = this._byTime ? this._timing.secondsAt(tick) - this.now.seconds : tick - this.now.tick;
    return this.origin + distance * this._scale;
  }

  /** The (fractional) tick at so many pixels from the top. */
  tickAt(y) {
    const distance = (y - this.origin) / this._scale;
    return this._byTime ? this._timing.tickAt(this.now.seconds + distance) : this.now.tick + distance;
  }

  /**
   * What is seen of the song, in parts in which time runs evenly down the screen.
   * @returns {{y: number, seconds: number, perPixel: number, height: number}[]}  seconds at y, seconds a pixel
   */
  spans() {
    if (this._byTime) return [this._span(this.y(this.first), this._timing.secondsAt(this.first), this.last)];
    const ticks = [this.first, ...this._timing.bends(this.first, this.last), this.last];
    return ticks.slice(1).map((end, index) => {
      // Just behind the row: what follows a stop is heard behind it.
      const inside = ticks[index] + (end - ticks[index]) * 1e-6;
      return this._span(this.y(ticks[index]), this._timing.secondsAt(inside), end);
    });
  }

  _span(y, seconds, end) {
    const height = this.y(end) - y;
    const inside = this._timing.secondsAt(end - 1e-6);
    return { y, seconds, height, perPixel: height > 0 ? Math.max(0, inside - seconds) / height : 0 };
  }
}
