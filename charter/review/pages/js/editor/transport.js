// The bar below the field: play, position, speed, and what is heard beside the song.

import { el, fill } from "../dom.js";
import { TICKS_PER_BEAT } from "../player/timing.js";
import { toast } from "../toast.js";
import { moment } from "../words.js";
import { beatText, measureText } from "./notes.js";

const RATES = [0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5];

/**
 * @param {HTMLElement} root
 * @param {{stage: any, view: import("./view.js").View, timing: () => any, chip: () => Promise<string|null>}} parts
 * chip: gets the song's chiptune, null where there is none
 * @returns {any} toggle, loopSelection, setLoop, changeRate, flip, follow, retime
 */
export function makeTransport(root, { stage, view, timing, chip }) {
  const { player } = stage;
  let began = null; // tick that Shift+Space goes back to
  let wasPlaying = false;
  let looped = null; // rows of the loop
  const play = el("button", { class: "main play", title: "Play or stop", onclick: () => toggle() });
  const time = el("span", { class: "time" });
  const beat = el("span", { class: "soft beat", title: "Beat of the song · measure and beat in it" });
  const rate = el("input", { type: "range", min: 0, max: RATES.length - 1, step: 1, "aria-label": "Speed", oninput: () => setRate(RATES[rate.value]) });
  const rateText = el("output", { class: "number" });
  const speaker = el("span", { "aria-hidden": "true" }, "♪");
  const volume = el("input", { type: "range", min: 0, max: 1, step: 0.05, value: player.volume ?? 1, "aria-label": "Volume", oninput: () => player.setVolume(Number(volume.value)) });
  const loop = flag("Loop", "P", "Play the selected rows round and round", () => loopSelection());
  const flags = {
    ticks: flag("Ticks", "I", "A tick on every note", () => flip("ticks")),
    metronome: flag("Beats", "M", "A click on every beat, a higher one where measures begin", () => flip("metronome")),
    chip: flag("Chiptune", "U", "The song as a tune of a sound chip: what is left is what the steps follow", () => flip("chip")),
  };

  function flag(label, name, title, run) {
    return el("button", { "aria-pressed": "false", title, onclick: run }, label, el("span", { class: "hint" }, name));
  }
  const at = () => Math.max(0, timing().tickAt(player.position));
  const follow = () => player.seek(Math.max(0, timing().secondsAt(view.cursor)));

  async function toggle(comesBack = false) {
    if (player.playing) return player.pause();
    began = comesBack ? view.cursor : null;
    return player.play();
  }

  /** However the song came to a stop, at its end too. */
  function comeBack() {
    const isStop = wasPlaying && !player.playing;
    wasPlaying = player.playing;
    if (!isStop || began === null) return;
    const to = began;
    began = null;
    stage.goTo(to);
  }

  function setRate(value) {
    player.setRate(value);
    show();
  }

  function changeRate(way) {
    const near = RATES.findIndex((each) => each >= player.rate - 1e-6);
    setRate(RATES[Math.min(RATES.length - 1, Math.max(0, near + way))]);
  }

  function setLoop(rows) {
    looped = rows;
    player.setLoop(rows && { start: timing().secondsAt(rows.start), end: timing().secondsAt(rows.end) });
    show();
  }

  /** The timing is another, or all rows are `ticks` later: what is repeated are the same rows. */
  function retime(ticks = 0) {
    if (looped && player.loop) setLoop({ start: Math.max(0, looped.start + ticks), end: looped.end + ticks });
    if (began !== null) began = Math.max(0, began + ticks);
    show();
  }

  function loopSelection() {
    if (player.loop) return setLoop(null);
    const { selection } = view;
    if (!selection || selection.end <= selection.start) return toast("Select the rows to repeat first: Shift and ↓, or drag beside the field");
    setLoop(selection);
    view.set({ cursor: selection.start });
    follow();
    if (!player.playing) return toggle();
    return undefined;
  }

  async function flip(name) {
    if (name === "chip") {
      const url = player.chip ? null : await chip();
      if (url || player.chip) await player.setChip(url);
    } else if (name === "ticks") player.setTicks(!player.ticks);
    else player.setMetronome(!player.metronome);
    show();
  }

  function show() {
    fill(play, player.playing ? "❚❚ Stop" : "▶ Play", el("span", { class: "hint" }, "Space"));
    rateText.textContent = `${Math.round(player.rate * 100)} %`;
    rate.value = String(RATES.findIndex((each) => each >= player.rate - 1e-6));
    loop.setAttribute("aria-pressed", String(Boolean(player.loop)));
    for (const [name, button] of Object.entries(flags)) button.setAttribute("aria-pressed", String(Boolean(player[name])));
    tell();
  }

  function tell() {
    const tick = player.playing ? Math.floor(at() / TICKS_PER_BEAT) * TICKS_PER_BEAT : view.cursor;
    time.textContent = `${moment(player.playing ? player.position : timing().secondsAt(tick))} / ${moment(player.duration || 0)}`;
    beat.textContent = `beat ${beatText(tick)} · ${measureText(tick)}`;
  }

  fill(root, play, el("span", { class: "where" }, time, beat),
    el("label", { class: "slide speed", title: "Speed: the pitch stays. Shift and ← or →" }, el("span", {}, "Speed"), rate, rateText),
    loop, Object.values(flags),
    el("label", { class: "slide", title: "Volume" }, speaker, volume));
  player.on("state", comeBack);
  player.on("state", show);
  player.on("loaded", show);
  player.on("time", tell);
  view.on("change", (changed) => changed.includes("cursor") && !player.playing && tell());
  show();
  return { toggle, loopSelection, setLoop, changeRate, flip, follow, retime };
}
