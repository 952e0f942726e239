// The player's keys.

import { keys } from "../keys.js";
import { TICKS_PER_BEAT, TICKS_PER_MEASURE } from "./timing.js";

const GROUP = "Play";
const LOOK = "Look";
const RATE_STEP = 0.05;
const BACKGROUNDS = ["wave", "spectrogram", "none"];
const [CLOSEST, WIDEST] = [24, 640]; // pixels a beat

/**
 * Registers them.
 * @param {import("./stage.js").Stage} stage
 * @param {object} view
 * @returns {() => void} takes them away
 */
export function addPlayerKeys(stage, view) {
  const { player } = stage;
  const go = (ticks) => stage.goTo(view.cursor + ticks);
  const zoom = (factor) => view.set({ spacing: Math.max(CLOSEST, Math.min(WIDEST, Math.round(view.spacing * factor))) });
  const press = (names, does, run, more = {}) => ({ keys: names, does, group: GROUP, run, ...more });
  return keys.add(
    press(["Space"], "play or stop", () => player.toggle()),
    press(["Shift+Space"], "play the selection, or from this measure on", () => stage.playPassage()),
    press(["ArrowUp"], "a row back", () => go(-(player.playing ? TICKS_PER_BEAT : view.snap)), { repeat: true }),
    press(["ArrowDown"], "a row on", () => go(player.playing ? TICKS_PER_BEAT : view.snap), { repeat: true }),
    press(["PageUp"], "a measure back", () => go(-TICKS_PER_MEASURE), { repeat: true }),
    press(["PageDown"], "a measure on", () => go(TICKS_PER_MEASURE), { repeat: true }),
    press(["Home"], "to the start", () => stage.goTo(0)),
    press(["End"], "to the last note", () => stage.goTo(stage.lastTick)),
    press(["-"], "slower", () => player.setRate(player.rate - RATE_STEP), { repeat: true }),
    press(["+", "="], "faster", () => player.setRate(player.rate + RATE_STEP), { repeat: true }),
    press(["0"], "at the song's own speed", () => player.setRate(1)),
    press(["L"], "loop the selection (or this measure), or loop no more", () => stage.toggleLoop()),
    press(["T"], "tick on notes", () => player.setTicks(!player.ticks)),
    press(["M"], "metronome", () => player.setMetronome(!player.metronome)),
    press(["C"], "chiptune", () => stage.toggleChip()),
    press(["["], "rows closer", () => zoom(1 / 1.25), { group: LOOK, repeat: true }),
    press(["]"], "rows wider apart", () => zoom(1.25), { group: LOOK, repeat: true }),
    press(["B"], "waveform, spectrogram or nothing behind the notes",
      () => view.set({ background: BACKGROUNDS[(BACKGROUNDS.indexOf(view.background) + 1) % 3] }), { group: LOOK }),
    press(["V"], "rows stand by beat or by time", () => view.set({ scroll: view.scroll === "time" ? "beat" : "time" }), { group: LOOK }),
    press(["F"], "feet on the notes", () => view.set({ feet: !view.feet }), { group: LOOK }),
    press(["D"], "all difficulties side by side", () => view.set({ sideBySide: !view.sideBySide }), { group: LOOK }),
  );
}
