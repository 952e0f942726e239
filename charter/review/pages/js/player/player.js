// Plays the song and knows to the millisecond what is heard.

import { bytesOf } from "./bytes.js";
import { OutputClock, Timeline } from "./clock.js";
import { deckNode } from "./deck_node.js";
import { Emitter } from "./emitter.js";
import { Feeder } from "./feeder.js";
import { Recording } from "./recording.js";
import { VOICE, beats, strikes, voices } from "./ticks.js";

const SLOWEST = 0.5;
const FASTEST = 1.5;
const CUE_GAIN = 0.6; // of ticks and metronome
const FEED_MS = 1000;
const REST_MS = 30_000; // stopped for so long, the sound card is let go

/**
 * The song's player. Times are seconds of the song. Tells "loaded", "state" (playing, rate, loop, ticks, … changed),
 * "time" (position, at every frame that is drawn), "ended", "error" (an Error for people).
 */
export class Player extends Emitter {
  /** @param {{listen: string, duration: number}} sound  as the API has it */
  constructor(sound) {
    super();
    this._sound = sound;
    this._context = null;
    this._deck = null;
    this._timeline = new Timeline();
    this._asked = 0;
    this._feeders = new Map();
    this._feeding = 0;
    this._resting = 0;
    this._start = 0; // where to play from, before there is a deck
    this._notes = null;
    this._timing = null;
    this._chips = new Set(); // sounds of the chip that the deck has
    this.playing = false;
    this.rate = 1;
    this.loop = null;
    this.ticks = false;
    this.metronome = false;
    this.chip = false;
    this.volume = 1;
    this.duration = sound?.duration ?? 0;
    this.isLoaded = false;
    /** Seconds by which the listener hears later than the browser says. */
    this.latency = 0;
  }

  /** Fetches and decodes the song; tells "loaded" or "error". Again: the same promise. */
  load() {
    this._loading ??= this._load().catch((error) => {
      this._loading = null;
      this.emit("error", error);
      throw error;
    });
    return this._loading;
  }

  async _load() {
    if (!this._sound) throw new Error("the song has no sound to play yet");
    const recording = new Recording(await bytesOf(this._sound.listen, "the song's sound"));
    this._context = new AudioContext({ sampleRate: recording.sampleRate, latencyHint: "interactive" });
    this._clock = new OutputClock(this._context);
    this._deck = await deckNode(this._context, (told) => this._hear(told));
    this._deck.node.connect(this._context.destination);
    await this._bring("song", recording);
    this.duration = recording.length / this._rate;
    voices(this._rate).forEach((samples, voice) => this._order({ type: "voice", voice, samples }));
    this._order({ type: "use", name: "song" });
    this._order({ type: "speed", speed: this.rate });
    this._order({ type: "gain", music: this.volume });
    this.setLoop(this.loop);
    this._sendCues();
    this.isLoaded = true;
    this.seek(this._start);
    this.emit("loaded", null);
  }

  async _bring(name, recording) {
    const first = await recording.open(this._context);
    this._order({ type: "sound", name, length: recording.length });
    this._order({ type: "piece", name, ...first }, first.channels.map((channel) => channel.buffer));
    if (!recording.isInPieces) return;
    this._feeders.set(name, new Feeder(recording, name, (...order) => this._order(...order), (error) => this.emit("error", error)));
    this._feeding ||= setInterval(() => this._feed(), FEED_MS);
  }

  get _rate() {
    return this._context.sampleRate;
  }

  _order(order, transfer) {
    this._deck.order(order, transfer);
  }

  /** Orders something after which the song is elsewhere, or still. */
  _move(order) {
    this._asked += 1;
    this._order({ ...order, asked: this._asked });
  }

  _hear(told) {
    if (told.type === "moved" && told.asked === this._asked) {
      this._timeline.mark(told.frame, told.position, told.speed);
    } else if (told.type === "starved") {
      this._feed(told.position);
    } else if (told.type === "ended") {
      this._stopped();
      this.emit("ended", null);
    }
  }

  _feed(at = this.position * this._rate) {
    for (const feeder of this._feeders.values()) {
      feeder.want(this.loop ? [at, this.loop.start * this._rate] : [at]);
    }
  }

  /** What is heard now, in seconds of the song. */
  get position() {
    return this.positionAt(performance.now());
  }

  /** What is heard at a time of the page's clock, in seconds of the song. */
  positionAt(now) {
    if (!this.isLoaded) return this._start;
    return this._timeline.positionAt(this._heardFrame(now)) / this._rate;
  }

  _heardFrame(now) {
    return this._clock.secondsAt(now - this.latency * 1000) * this._rate;
  }

  /** Whether the position will stay where it is. */
  get isStill() {
    return !this.playing && (!this.isLoaded || this._timeline.isStill(this._heardFrame(performance.now())));
  }

  /** Plays on from where it stands; loads first where that is still to do. Tells "error" where it cannot. */
  async play() {
    if (this.playing) return;
    this.playing = true;
    this.emit("state", null);
    if (!(await this._isAwake())) {
      this.playing = false;
      this.emit("state", null);
      return;
    }
    if (!this.playing) return; // stopped while it loaded
    if (this.position >= this.duration - 0.01) this.seek(0);
    this._move({ type: "play" });
  }

  /** Loads and wakes the sound card; false, and told why, where that cannot be. */
  async _isAwake() {
    try {
      await this.load();
    } catch {
      return false; // load has told why
    }
    clearTimeout(this._resting);
    try {
      if (this._context.state !== "running") await this._context.resume();
      return true;
    } catch (error) {
      this.emit("error", new Error(`the sound card does not play: ${error.message}`));
      return false;
    }
  }

  pause() {
    if (!this.playing) return;
    if (this.isLoaded) this._move({ type: "pause" });
    this._stopped();
  }

  _stopped() {
    this.playing = false;
    clearTimeout(this._resting);
    this._resting = setTimeout(() => this._context?.suspend(), REST_MS);
    this.emit("state", null);
  }

  toggle() {
    if (this.playing) this.pause();
    else void this.play();
  }

  /** Goes to a time; what is told from now on is that time until it is heard. */
  seek(seconds) {
    const to = Math.max(0, Math.min(seconds, this.duration || Infinity));
    this._start = to;
    if (this._deck && this.isLoaded) {
      const frame = to * this._rate;
      this._timeline.cut(frame);
      this._move({ type: "seek", position: frame });
      this._feed(frame);
    }
    this.emit("state", null);
  }

  /** @param {number} rate  0.5 to 1.5; the pitch stays */
  setRate(rate) {
    this.rate = Math.max(SLOWEST, Math.min(FASTEST, Math.round(rate * 100) / 100));
    if (this._deck) this._move({ type: "speed", speed: this.rate });
    this.emit("state", null);
  }

  /** @param {null|{start: number, end: number}} loop  seconds */
  setLoop(loop) {
    this.loop = loop && loop.end > loop.start ? { start: Math.max(0, loop.start), end: loop.end } : null;
    if (this._deck) {
      const [start, end] = this.loop ? [this.loop.start, this.loop.end].map((at) => Math.round(at * this._rate)) : [0, null];
      this._order({ type: "loop", start, end });
      this._timeline.setLoop(this.loop ? { start, end } : null);
    }
    this.emit("state", null);
  }

  /** What ticks: the chart's notes and its timing. */
  setChart(notes, timing) {
    this._notes = notes;
    this._timing = timing;
    if (this._deck) this._sendCues();
  }

  /** @param {boolean} on  a tick on every row that is hit */
  setTicks(on) {
    this.ticks = on;
    this._sendCues();
    this.emit("state", null);
  }

  /** @param {boolean} on */
  setMetronome(on) {
    this.metronome = on;
    this._sendCues();
    this.emit("state", null);
  }

  /** @param {number} volume  of the song, 0 to 1 */
  setVolume(volume) {
    this.volume = volume;
    if (this._deck) this._order({ type: "gain", music: volume });
    this.emit("state", null);
  }

  _sendCues() {
    if (!this._deck || !this._notes) return;
    const [plain, double] = this.chip ? [VOICE.chipNote, VOICE.chipJump] : [VOICE.note, VOICE.jump];
    const rows = this.ticks ? strikes(this._notes, this._timing) : { seconds: [], jumps: [] };
    this._cue("ticks", rows.seconds, rows.jumps.map((jump) => (jump ? double : plain)));
    const grid = this.metronome ? beats(this._timing, this.duration) : { seconds: [], downbeats: [] };
    this._cue("metronome", grid.seconds, grid.downbeats.map((down) => (down ? VOICE.downbeat : VOICE.beat)));
  }

  _cue(name, seconds, which) {
    const frames = Float64Array.from(seconds, (at) => at * this._rate);
    this._order({ type: "cues", name, frames, voices: Uint8Array.from(which), gain: CUE_GAIN });
  }

  /**
   * The song as the chip plays it, or (null) as it is, from the same position on. Tells "error" where it does not come.
   * @param {string|null} url
   */
  async setChip(url) {
    try {
      await this.load();
    } catch {
      return; // load has told why
    }
    try {
      if (url && !this._chips.has(url)) {
        await this._bring(url, new Recording(await bytesOf(url, "the chiptune")));
        this._chips.add(url);
      }
    } catch (error) {
      this.emit("error", error);
      return;
    }
    this._order({ type: "use", name: url ?? "song" });
    this.chip = url !== null;
    this._sendCues();
    this.emit("state", null);
  }
}
