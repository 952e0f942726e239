// What is heard now: the deck tells which frame of the output plays which frame of the song, the browser when the
// output's frames leave the machine.

const SETTLES_MS = 400; // in which the clocks' difference follows what is measured
const LOST_MS = 30; // farther off, the output has been set anew

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

/** Which second of a context's output is heard at a time of the page's clock. */
export class OutputClock {
  /** @param {AudioContext} context */
  constructor(context) {
    this._context = context;
    this._ahead = null; // milliseconds of the output's clock over the page's
    this._measured = 0;
  }

  /** The second of the output that leaves the machine at `now` (milliseconds of performance.now). */
  secondsAt(now) {
    const measured = this._measure(now);
    const off = measured - (this._ahead ?? Infinity);
    if (Math.abs(off) > LOST_MS) this._ahead = measured;
    else this._ahead += off * (1 - Math.exp(-Math.max(0, now - this._measured) / SETTLES_MS));
    this._measured = now;
    return (now + this._ahead) / 1000;
  }

  _measure(now) {
    const stamp = this._context.getOutputTimestamp?.();
    if (stamp && stamp.contextTime > 0 && stamp.performanceTime > 0) return stamp.contextTime * 1000 - stamp.performanceTime;
    const latency = this._context.outputLatency || this._context.baseLatency || 0;
    return (this._context.currentTime - latency) * 1000 - now;
  }
}
