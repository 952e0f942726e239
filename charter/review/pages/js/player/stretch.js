// Another speed at the same pitch: waveform-similarity overlap-add in which strikes keep their time.
//
// Samples are always played as they are, one by one, from a reading head. At another speed the head drifts away from
// where the song should be; before it is 12 ms off, it is set back (or forward) to a place where the wave looks alike,
// and the two are crossfaded. Before a strike (`attacks.js`) it is set so that the strike sounds exactly when its
// position says, and through the strike nothing is spliced: so the position that is told holds for what is heard.

const FADE = 0.008; // all in seconds
const SHORT_FADE = 0.002;
const JUMP_FADE = 0.003;
const DRIFT = 0.012; // from here on a splice is due
const LEAST_JUMP = 0.006;
const MOST_JUMP = 0.026; // holds a period of 40 Hz
const AIM = 0.03; // this long before a strike the head is set for it
const AIM_SLACK = 0.0008; // by which a strike may be off, for a better splice
const GUARD = 0.001; // between a splice and a strike
const PROTECTED = 0.012; // after a strike
const RINGS = 0.004; // a splice never goes back nearer to a strike than this
const STEP = 64; // frames between two looks at the drift
const COARSE = 4; // frames to a step of the first search
const LONGER = 0.04; // what a longer jump is worth, in correlation: it means fewer of them

/** Reads a sound at a speed. `position` is the song's frame that is heard next; fractions are meant. */
export class Stretcher {
  /**
   * @param {import("./sound.js").Sound} sound
   * @param {number} sampleRate
   */
  constructor(sound, sampleRate) {
    this.sound = sound;
    this._rate = sampleRate;
    this._origin = 0;
    this._run = 0; // frames since the origin
    this.speed = 1;
    this._head = 0;
    this._next = 0;
    this._fadeLength = 0;
    this._fadeDone = 0;
    this._alike = 0; // correlation of the two sides of the fade
    this._here = new Float32Array(1 + this._frames(2 * FADE + MOST_JUMP));
    this._there = new Float32Array(1 + this._frames(2 * FADE + 2 * MOST_JUMP));
    this._second = new Float32Array(this._there.length);
  }

  get position() {
    return this._origin + this._run * this.speed;
  }

  /** Another speed from the next frame on; at 1 the samples come as they are. */
  setSpeed(speed) {
    const position = this.position;
    this.speed = speed;
    this._origin = speed === 1 ? Math.round(position) : position;
    this._run = 0;
  }

  /** Goes on at another frame; smoothly, where something is heard. */
  jump(position, isHeard) {
    this._origin = this.speed === 1 ? Math.round(position) : position;
    this._run = 0;
    if (this._fadeLength) this._head = this._next;
    this._fadeLength = 0;
    if (isHeard) this._splice(Math.round(position), this._frames(JUMP_FADE), 0);
    else this._head = Math.round(position);
  }

  /** Plays another sound from the same frame on. */
  change(sound) {
    this.sound = sound;
    this._head = Math.round(this.position);
    this._fadeLength = 0;
  }

  /** Whether the frames that the next `count` may need are at hand. */
  isReady(count) {
    const reach = this._frames(MOST_JUMP + 2 * FADE);
    const at = Math.round(this.position);
    return this.sound.has(at - 2 * reach, at + Math.ceil(count * this.speed) + 2 * reach);
  }

  /**
   * Writes the next `count` frames into the channels from `from` on, and goes on.
   * @param {Float32Array[]} channels
   */
  render(channels, from, count) {
    let done = 0;
    while (done < count) {
      if (!this._fadeLength) this._decide();
      const left = this._fadeLength ? this._fadeLength - this._fadeDone : STEP;
      const many = Math.min(count - done, left, STEP);
      for (let channel = 0; channel < channels.length; channel += 1) {
        this._write(channel, channels[channel], from + done, many);
      }
      this._head += many;
      this._run += many;
      done += many;
      if (!this._fadeLength) continue;
      this._next += many;
      this._fadeDone += many;
      if (this._fadeDone < this._fadeLength) continue;
      this._head = this._next;
      this._fadeLength = 0;
    }
  }

  _write(channel, out, from, many) {
    this.sound.read(channel, this._head, this._here, many);
    if (!this._fadeLength) {
      for (let step = 0; step < many; step += 1) out[from + step] = this._here[step];
      return;
    }
    this.sound.read(channel, this._next, this._there, many);
    for (let step = 0; step < many; step += 1) {
      const part = (this._fadeDone + step + 0.5) / this._fadeLength;
      const rise = 0.5 - 0.5 * Math.cos(Math.PI * part);
      const fall = 1 - rise;
      const power = Math.sqrt(rise * rise + fall * fall + 2 * this._alike * rise * fall);
      out[from + step] = (fall * this._here[step] + rise * this._there[step]) / power;
    }
  }

  _frames(seconds) {
    return Math.round(seconds * this._rate);
  }

  _splice(to, length, alike) {
    this._next = to;
    this._fadeLength = length;
    this._fadeDone = 0;
    this._alike = Math.max(0, Math.min(1, alike));
  }

  /** Sets the head anew where that is due. */
  _decide() {
    const drift = this._head - this.position;
    if (this.speed === 1) {
      if (drift !== 0) this._splice(this.position, this._frames(FADE), 0);
      return;
    }
    const before = this.sound.attackBefore(this._head);
    if (this._head - before < this._frames(PROTECTED)) return;
    const strike = this.sound.attackFrom(this._head);
    const wait = (strike - this.position) / this.speed; // until it should be heard
    const run = strike - this._head; // until it would be
    if (wait <= this._frames(AIM)) {
      if (Math.abs(run - wait) > this._frames(AIM_SLACK)) this._aim(strike - wait, wait);
      return;
    }
    const isClose = run <= this._frames(FADE + GUARD);
    const isOff = this.speed < 1 ? drift >= this._frames(DRIFT) : drift <= -this._frames(DRIFT);
    if (isOff || isClose) this._correct(before, strike);
  }

  /** A splice after which the strike that follows is in time. */
  _aim(target, wait) {
    const fade = Math.min(this._frames(FADE), Math.max(this._frames(SHORT_FADE), Math.floor(wait) - this._frames(GUARD)));
    const slack = this._frames(AIM_SLACK);
    const best = this._alikest(Math.round(target) - slack, Math.round(target) + slack, 0);
    this._splice(best.at, fade, best.alike);
  }

  /** A splice that takes the drift back, to where the wave looks most alike. */
  _correct(before, strike) {
    const [least, most] = [this._frames(LEAST_JUMP), this._frames(MOST_JUMP)];
    let [low, high] = this.speed < 1 ? [this._head - most, this._head - least] : [this._head + least, this._head + most];
    if (this.speed < 1) low = Math.max(low, before + this._frames(RINGS));
    else high = Math.min(high, strike - this._frames(FADE + GUARD));
    if (low > high) return;
    const best = this._alikest(low, high, LONGER / most);
    this._splice(best.at, this._frames(FADE), best.alike);
  }

  /** The frame in [low, high] behind which the wave is most like that behind the head; `bonus` a frame of distance. */
  _alikest(low, high, bonus) {
    const length = this._frames(2 * FADE);
    this._mono(this._head, this._here, length);
    this._mono(low, this._there, high - low + length);
    let at = low;
    let alike = -2;
    const look = (candidate, stride) => {
      const offset = candidate - low;
      let [product, own, other] = [0, 1e-9, 1e-9];
      for (let step = 0; step < length; step += stride) {
        const [a, b] = [this._here[step], this._there[offset + step]];
        product += a * b;
        own += a * a;
        other += b * b;
      }
      return product / Math.sqrt(own * other) + bonus * Math.abs(candidate - this._head);
    };
    for (let candidate = low; candidate <= high; candidate += COARSE) {
      const value = look(candidate, COARSE);
      if (value > alike) [at, alike] = [candidate, value];
    }
    alike = -2;
    for (let candidate = Math.max(low, at - COARSE); candidate <= Math.min(high, at + COARSE); candidate += 1) {
      const value = look(candidate, 1);
      if (value > alike) [at, alike] = [candidate, value];
    }
    return { at, alike: alike - bonus * Math.abs(at - this._head) };
  }

  _mono(start, out, count) {
    this.sound.read(0, start, out, count);
    this.sound.read(1, start, this._second, count);
    for (let step = 0; step < count; step += 1) out[step] += this._second[step];
  }
}
