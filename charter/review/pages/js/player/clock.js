// What is heard now: the deck tells which frame of the output plays which frame of the song, the browser when the
// output's frames leave the machine.

const KEPT_MS = 8000; // of what the browser said
const APART_MS = 50;
const SETTLES_MS = 400; // in which the picture follows another middle
const LOST_MS = 30; // farther off, the output has been set anew
const LOST_FOR_MS = 100; // where it stays so
const AGREED = 6; // of what was kept last: where these say one thing, and the middle another, the output was set anew
const AGREED_MS = 1;
const ANEW_MS = 3;

/** Which frame of the song each frame of the output plays. */
export class Timeline {
  constructor() {
    this._marks = [];
    this._loop = null;
  }

  /** From here on the song's position is held, whatever was heard before. */
  cut(position) {
    this._marks = [{ frame: -Infinity, position, speed: 0 }];
  }

  /** From the output's frame on the song goes from a position at a speed. */
  mark(frame, position, speed) {
    while (this._marks.length && this._marks.at(-1).frame >= frame) this._marks.pop();
    this._marks.push({ frame, position, speed });
    if (this._marks.length > 64) this._marks.shift();
  }

  /** The loop that the deck goes round in, so that its next turn needs no word. */
  setLoop(loop) {
    this._loop = loop;
  }

  /** The song's frame at a frame of the output; before anything was marked, 0. */
  positionAt(frame) {
    let index = this._marks.length - 1;
    while (index > 0 && this._marks[index].frame > frame) index -= 1;
    const mark = this._marks[index];
    if (!mark) return 0;
    const next = this._marks[index + 1];
    const passed = Math.max(0, Math.min(frame, next ? next.frame : frame) - mark.frame);
    const position = mark.speed ? mark.position + passed * mark.speed : mark.position;
    const loop = this._loop;
    if (!loop || next || mark.position >= loop.end || position < loop.end) return position;
    return loop.start + ((position - loop.end) % (loop.end - loop.start));
  }

  /** Whether all that was marked is past. */
  isStill(frame) {
    const last = this._marks.at(-1);
    return !last || (last.speed === 0 && frame >= last.frame);
  }
}

/**
 * Which second of a context's output is heard at a time of the page's clock.
 *
 * Both clocks run alike, so one number stands between them. What the browser says of it at a moment may be milliseconds
 * off (a sound server guesses), or hundreds where the output just began: the middle of some seconds is right. Until the
 * sound stumbles, and the number is another one from then on.
 */
export class OutputClock {
  /** @param {AudioContext} context */
  constructor(context) {
    this._context = context;
    this._heard = []; // {at, ahead}: by how many milliseconds the output's clock was ahead of the page's
    this._ahead = null;
    this._asked = 0;
    this._lost = null; // since when what is heard is far off
  }

  /** The second of the output that leaves the machine at `now` (milliseconds of performance.now). */
  secondsAt(now) {
    const measured = this._measure(now);
    this._keep(now, measured);
    const ahead = middle(this._heard.map((each) => each.ahead));
    const off = ahead - (this._ahead ?? Infinity);
    if (Math.abs(off) > LOST_MS) this._ahead = ahead;
    else this._ahead += off * (1 - Math.exp(-Math.max(0, now - this._asked) / SETTLES_MS));
    this._asked = now;
    return (now + this._ahead) / 1000;
  }

  _keep(now, measured) {
    const heard = this._heard;
    const isFar = heard.length > 0 && Math.abs(measured - middle(heard.map((each) => each.ahead))) > LOST_MS;
    if (!isFar) this._lost = null;
    else this._lost ??= now;
    if (isFar && now - this._lost < LOST_FOR_MS) return; // may be a slip of the browser
    if (isFar) heard.length = 0; // the output was set anew
    if (heard.length && now - heard.at(-1).at < APART_MS) return;
    heard.push({ at: now, ahead: measured });
    while (heard[0].at < now - KEPT_MS) heard.shift();
    this._followStumble();
  }

  _followStumble() {
    const all = this._heard.map((each) => each.ahead);
    const last = all.slice(-AGREED);
    if (last.length < AGREED || Math.max(...last) - Math.min(...last) > AGREED_MS) return;
    if (Math.abs(middle(last) - middle(all)) < ANEW_MS) return;
    this._heard = this._heard.slice(-AGREED);
    this._ahead = null; // the picture stumbles with the sound
  }

  _measure(now) {
    const stamp = this._context.getOutputTimestamp?.();
    if (stamp && stamp.contextTime > 0 && stamp.performanceTime > 0) return stamp.contextTime * 1000 - stamp.performanceTime;
    const latency = this._context.outputLatency || this._context.baseLatency || 0;
    return (this._context.currentTime - latency) * 1000 - now;
  }
}

function middle(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
