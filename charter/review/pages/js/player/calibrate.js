// Tap along to a sound, then to a light: the difference is how much later this listener hears than sees.

import { openDialog } from "../dialog.js";
import { el, fill } from "../dom.js";
import { OutputClock } from "./clock.js";
import { keepLatency, lateness } from "./latency.js";

const SIGNS = 16;
const APART = 0.6; // seconds
const LEAD = 1;
const FLASH_SECONDS = 0.08;

/** Opens the dialog; what it finds becomes the player's latency and is kept. */
export function openCalibration(player) {
  player.pause();
  const text = el("p", { "aria-live": "polite" });
  const lamp = el("div", { class: "stage-lamp" });
  const value = el("input", { type: "number", step: 1, min: -500, max: 500, "aria-label": "latency in milliseconds" });
  const start = el("button", { class: "main", type: "button" }, "Start");
  const done = el("button", { type: "button", onclick: () => box.close() }, "Done");
  const words = "First tap any key in time with the clicks, then in time with the light. Wireless headphones need it most.";
  const set = (seconds) => {
    player.latency = seconds;
    value.value = Math.round(seconds * 1000);
    keepLatency(seconds);
  };
  fill(text, words);
  value.value = Math.round(player.latency * 1000);
  value.addEventListener("change", () => set(Math.max(-500, Math.min(500, Number(value.value) || 0)) / 1000));
  let round = null;
  const tap = (event) => {
    if (!round || event.repeat || event.key === "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    round.taps.push(performance.now() / 1000);
  };
  const box = openDialog({
    title: "Match sound and picture",
    body: [text, lamp, el("label", { class: "field" }, "You hear later than you see by (ms)", value)],
    footer: [start, done],
    closed: () => round?.stop(),
    besides: false, // someone may tap with the mouse
  });
  box.root.addEventListener("keydown", tap, true);
  start.focus();
  start.addEventListener("click", async () => {
    start.disabled = true;
    done.focus();
    fill(text, "Tap with the clicks…");
    round = clicks();
    const heard = await round.result;
    fill(text, "Now tap with the light…");
    round = heard && flashes(lamp);
    const seen = heard && (await round.result);
    round = null;
    start.disabled = false;
    if (!heard || !seen) return fill(text, "There were too few taps to tell. Try once more: a tap for every click or flash.");
    set(heard.late - seen.late);
    const scatter = Math.round(1000 * Math.max(heard.scatter, seen.scatter));
    return fill(text, `Found: ${Math.round(1000 * player.latency)} ms. Your taps scatter by ${scatter} ms${scatter > 25 ? "; once more may be better." : "."}`);
  });
}

/** A round of clicks, at times that the browser says are heard. */
function clicks() {
  const context = new AudioContext({ latencyHint: "interactive" });
  const clock = new OutputClock(context);
  const taps = [];
  const signs = [];
  let end;
  let timer = 0;
  const result = new Promise((resolve) => {
    end = () => {
      clearTimeout(timer);
      if (context.state !== "closed") void context.close();
      resolve(lateness(taps, signs));
    };
  });
  void context.resume().then(() => {
    if (context.state === "closed") return; // stopped before it began
    const first = context.currentTime + LEAD;
    for (let sign = 0; sign < SIGNS; sign += 1) beep(context, first + sign * APART);
    timer = setTimeout(() => {
      const now = performance.now();
      const offset = now / 1000 - clock.secondsAt(now);
      for (let sign = 0; sign < SIGNS; sign += 1) signs.push(first + sign * APART + offset);
      end();
    }, 1000 * (LEAD + SIGNS * APART));
  });
  return { taps, result, stop: () => end() };
}

function beep(context, at) {
  const tone = new OscillatorNode(context, { frequency: 1500 });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0.5, at);
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.05);
  tone.connect(gain).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.06);
}

/** A round of flashes. */
function flashes(lamp) {
  const taps = [];
  const signs = Array.from({ length: SIGNS }, (_, sign) => performance.now() / 1000 + LEAD + sign * APART);
  const shown = [];
  let stopped = false;
  const result = new Promise((resolve) => {
    const frame = () => {
      const now = performance.now() / 1000;
      const next = signs[shown.length];
      if (next !== undefined && now >= next) shown.push(now);
      lamp.classList.toggle("lit", shown.length > 0 && now - shown.at(-1) < FLASH_SECONDS);
      if (stopped || now > signs.at(-1) + APART) resolve(lateness(taps, shown));
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return { taps, result, stop: () => (stopped = true) };
}
