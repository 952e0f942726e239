// The stage of the chart page: the song is heard, its chart scrolls by.

import { Emitter } from "./emitter.js";

/**
 * A note: tick, panel 0 to 3 (left, down, up, right), StepMania's character of its kind, tick of its tail or null.
 * @typedef {[number, number, string, number|null]} Note
 */

/**
 * What is shown; the stage reads it and listens. `on` returns a function that ends it (or nothing).
 * @typedef {object} Model
 * @property {object} song  as GET /api/songs/{song}; `song.sound` says where the sound files are
 * @property {import("./timing.js").Timing} timing  may be replaced: call `stage.refresh()` then
 * @property {{notes: Note[], on: Function}} document  notes by tick and panel; tells "change"
 * @property {{slot: string, meter: number, notes: Note[]}[]} others  filled by `loadOthers`
 * @property {() => Promise<void>} loadOthers
 * @property {{findings: object[], comments: object[], people: object[], on: Function}} marks  tells "change"
 * @property {[number, string, string[]][]} footing  [tick, feet, techs]
 * @property {Function} on  tells "footing"
 * @property {object} view  {cursor, selection, snap, spacing, background, sideBySide, locks, ghosts, diff, set, on}
 */

/**
 * @typedef {object} Stage
 * @property {object} player  load, playing, position, duration, play, pause, toggle, seek, rate, setRate, loop, setLoop,
 *   ticks, setTicks, metronome, setMetronome, chip, setChip, volume, setVolume, on
 * @property {object} notefield
 * @property {object} overview
 * @property {() => void} destroy
 * @property {() => void} resize
 * @property {() => void} refresh  the model's timing or song is another: draw anew
 * @property {(listener: Function) => () => void} onPointer
 */

/**
 * Builds the stage inside `root`.
 * @param {HTMLElement} root
 * @param {Model} model
 * @returns {Stage}
 */
export function createStage(root, model) {
  const events = new Emitter();
  return {
    player: null,
    notefield: null,
    overview: null,
    destroy() {},
    resize() {},
    refresh() {},
    onPointer: (listener) => events.on("pointer", listener),
  };
}
