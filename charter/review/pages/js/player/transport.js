// The player's controls.

import { el, fill, svg } from "../dom.js";
import { openCalibration } from "./calibrate.js";
import { FASTEST, SLOWEST } from "./player.js";
import { TICKS_PER_BEAT, TICKS_PER_MEASURE } from "./timing.js";

const PLAY = "M4 2.5v11l9.5-5.5z";
const STOP = "M4 3h3v10H4zM9 3h3v10H9z";

/** Seconds as minutes, seconds and hundredths. */
export function clockText(seconds) {
  const hundredths = Math.max(0, Math.floor(seconds * 100));
  const [minutes, rest] = [Math.floor(hundredths / 6000), hundredths % 6000];
  return `${minutes}:${String(Math.floor(rest / 100)).padStart(2, "0")}.${String(rest % 100).padStart(2, "0")}`;
}

/**
 * Builds the controls.
 * @param {HTMLElement} root
 * @param {import("./player.js").Player} player
 * @param {{view: object, chipUrl: () => string|null, loop: () => void}} model  chipUrl: null where there is no chip song;
 *   loop: turns looping on or off
 * @returns {{update: (seconds: number, tick: number) => void}}
 */
export function createTransport(root, player, { view, chipUrl, loop }) {
  const icon = svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" });
  const play = el("button", { class: "main stage-play", onclick: () => player.toggle() }, icon);
  const time = el("output", { class: "stage-time", "aria-label": "position" });
  const beat = el("output", { class: "stage-beat", "aria-label": "measure and beat" });
  const rate = range("speed", { min: SLOWEST, max: FASTEST, step: 0.05 }, (value) => player.setRate(value));
  const rateText = el("output", { class: "stage-rate" });
  const volume = range("song volume", { min: 0, max: 1, step: 0.05 }, (value) => player.setVolume(value));
  const tickVolume = range("tick volume", { min: 0, max: 1, step: 0.05 }, (value) => player.setTickVolume(value));
  const toggles = {
    loop: toggle("Loop", "go round in the selected passage (L)", loop),
    ticks: toggle("Ticks", "a tick on every note (T)", () => player.setTicks(!player.ticks)),
    metronome: toggle("Metronome", "a click on every beat (M)", () => player.setMetronome(!player.metronome)),
    chip: toggle("Chiptune", "the song as a game console plays it (C)", () => player.setChip(player.chip ? null : chipUrl())
      .catch((error) => player.emit("error", error))),
    feet: toggle("Feet", "which foot takes each note (F)", () => view.set({ feet: !view.feet })),
    sideBySide: toggle("All charts", "all difficulties side by side (D)", () => view.set({ sideBySide: !view.sideBySide })),
  };
  const ground = el("select", { "aria-label": "behind the notes", onchange: () => (view.set({ background: ground.value }), ground.blur()) },
    ["wave", "spectrogram", "none"].map((name) => el("option", { value: name }, { wave: "waveform", none: "plain" }[name] ?? name)));
  const calibrate = el("button", { class: "quiet", title: "match sound and picture", onclick: () => openCalibration(player) }, "Calibrate…");
  const group = (...children) => el("div", { class: "stage-group" }, ...children);
  fill(root, group(play, time, beat), group(el("label", {}, "Speed ", rate), rateText),
    group(toggles.loop, toggles.ticks, toggles.metronome, toggles.chip), group(toggles.feet, toggles.sideBySide, ground),
    group(el("label", {}, "Song ", volume), el("label", {}, "Ticks ", tickVolume), calibrate));

  const show = () => {
    fill(icon, svg("path", { d: player.playing ? STOP : PLAY, fill: "currentColor" }));
    play.setAttribute("aria-label", player.playing ? "stop" : "play");
    play.title = player.playing ? "stop (Space)" : "play (Space)";
    rate.value = player.rate;
    rateText.textContent = `${Math.round(player.rate * 100)} %`;
    volume.value = player.volume;
    tickVolume.value = player.tickVolume;
    for (const name of ["ticks", "metronome", "chip"]) press(toggles[name], player[name]);
    press(toggles.loop, player.loop !== null);
    press(toggles.feet, Boolean(view.feet));
    press(toggles.sideBySide, view.sideBySide);
    toggles.chip.disabled = !player.chip && !chipUrl();
    ground.value = view.background;
  };
  const ends = [player.on("state", show), player.on("loaded", show), view.on("change", (changed) => {
    if (!(changed?.length === 1 && changed[0] === "cursor")) show();
  })];
  show();
  return {
    update(seconds, tick) {
      time.textContent = `${clockText(seconds)} / ${clockText(player.duration).slice(0, -3)}`;
      const measure = Math.floor(tick / TICKS_PER_MEASURE);
      const within = (tick - measure * TICKS_PER_MEASURE) / TICKS_PER_BEAT;
      beat.textContent = `measure ${measure + 1} · beat ${(Math.floor(within * 100) / 100 + 1).toFixed(2)}`;
    },
    destroy: () => ends.forEach((end) => end?.()),
    show,
  };
}

function range(name, limits, change) {
  const input = el("input", { type: "range", "aria-label": name, ...limits, oninput: () => change(Number(input.value)) });
  return input;
}

function toggle(text, title, run) {
  return el("button", { title, "aria-pressed": "false", onclick: run }, text);
}

function press(button, on) {
  button.setAttribute("aria-pressed", String(Boolean(on)));
}
