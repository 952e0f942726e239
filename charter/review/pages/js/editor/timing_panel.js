// BPM, offset and downbeat of the song, with the picture of the sync.

import { el, fill } from "../dom.js";
import { chord } from "../help.js";
import { bytesOf } from "../player/bytes.js";
import { TICKS_PER_BEAT } from "../player/timing.js";
import { tellError } from "../toast.js";
import { count as counted } from "../words.js";
import { checkedNumber } from "./checked_number.js";
import { beatText } from "./notes.js";
import { drawSync } from "./sync_picture.js";
import { offsetMoved, tempoAt, withBpm } from "./timing_edits.js";

const ON_BEAT_MS = 3;
const MOST_SECONDS = 3600;

/** @param {any} desk @param {HTMLElement} root */
export function makeTiming(desk, root) {
  const { songDocument, session, view, tabs } = desk;
  if (desk.chart.own_timing) {
    fill(root, el("p", {}, "This chart has a timing of its own, apart from the song's. It is kept as it is; edit it in a simfile editor and bring the file in under Versions."));
    return { nudgeOffset() {}, draw() {} };
  }
  let onsets = null;
  let frame = 0;
  const value = () => songDocument.fields.timing;
  let lag = 0; // ms by which the attacks lie after the beats
  const bpm = checkedNumber("BPM", {
    attributes: { "aria-label": "BPM" },
    read: (now) => (now > 0 && now < 10_000 ? null : "A tempo is above 0 and below 10000 BPM"),
    take: setBpm,
    now: () => value().tempos[tempoAt(value(), view.cursor)][1],
  });
  const offset = checkedNumber("Offset, s", {
    attributes: { "aria-label": "Offset in seconds" },
    read: (now) => (Math.abs(now) <= MOST_SECONDS ? null : `At most ${MOST_SECONDS} s to either side; is it in milliseconds?`),
    take: setOffset,
    now: () => Number(value().offset.toFixed(6)),
  });
  const about = el("p", { class: "soft" });
  const canvas = el("canvas", { class: "sync", role: "img", "aria-label": "The music's attacks around every beat" });
  const verdict = el("p", { role: "status" });
  const settle = el("button", { hidden: true, onclick: () => nudgeOffset(-lag) });
  const early = el("button", { class: "small", onclick: () => moveBeat0(TICKS_PER_BEAT), title: "Every measure begins a beat earlier in the music" }, "1 beat earlier");
  const late = el("button", { class: "small", onclick: () => moveBeat0(-TICKS_PER_BEAT), title: "Every measure begins a beat later in the music" }, "1 beat later");
  const nudges = (values, run) => values.map((each) => el("button", { class: "small", onclick: () => run(each) }, `${each > 0 ? "+" : "−"}${Math.abs(each)}`));
  fill(root,
    el("div", { class: "group" }, bpm.root, about,
      el("div", { class: "nudges" }, nudges([-1, -0.1, -0.01, -0.001, 1, 0.1, 0.01, 0.001], nudgeBpm))),
    el("div", { class: "group" }, offset.root,
      el("p", { class: "soft" }, "Milliseconds. + has every note earlier in the music ", chord(["Ctrl", ","]), ", − later ", chord(["Ctrl", "."])),
      el("div", { class: "nudges six" }, nudges([-10, -5, -1, 1, 5, 10], nudgeOffset))),
    el("div", { class: "group" }, el("p", { class: "soft" }, "Downbeat: where measures begin. The notes of all charts stay on the music."), el("div", { class: "nudges two" }, early, late)),
    el("div", { class: "group" }, el("h3", {}, "Sync"), verdict, settle, canvas,
      el("p", { class: "soft" }, "Each line is a few beats, the song from top to bottom; bright is an attack in the music. A straight bright line on “beat” is in sync; one that leans has a wrong BPM."),
      el("p", { class: "soft" }, "Tempo changes and stops are added in a simfile editor: Versions, “Download for another editor”.")));

  const set = (timing, summary) => session.editSong({ fields: { timing: [value(), timing] } }, summary);

  function nudgeOffset(ms) {
    set(offsetMoved(value(), ms), `offset ${ms > 0 ? "+" : "−"}${Math.abs(ms)} ms`);
  }

  function setOffset(seconds) {
    if (Math.abs(seconds - value().offset) >= 1e-6) set({ ...value(), offset: seconds }, `offset ${seconds} s`);
    show();
  }

  function nudgeBpm(step) {
    const at = value().tempos[tempoAt(value(), view.cursor)][1];
    setBpm(Math.round((at + step) * 1e6) / 1e6);
  }

  function setBpm(next) {
    const index = tempoAt(value(), view.cursor);
    const timing = withBpm(value(), index, next);
    if (timing && timing.tempos[index][1] !== value().tempos[index][1]) set(timing, `BPM ${next}`);
    show();
  }

  function moveBeat0(ticks) {
    session.editSong({ fields: {}, shift: ticks }, `downbeat ${Math.abs(ticks / TICKS_PER_BEAT)} beat ${ticks > 0 ? "earlier" : "later"}`);
  }

  function show() {
    const { tempos } = value();
    const index = tempoAt(value(), view.cursor);
    bpm.show();
    offset.show();
    about.textContent = tempos.length === 1 ? "the whole song" : `from beat ${beatText(tempos[index][0])} on: tempo ${index + 1} of ${counted(tempos.length, "tempo")}, the one at the cursor`;
    early.disabled = late.disabled = !desk.song.can_shift;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  }

  async function draw() {
    const { sound } = desk.song;
    if (tabs.shown() !== "timing") return;
    if (!sound?.onsets) {
      verdict.textContent = "The picture comes when the song has been heard.";
      return;
    }
    try {
      onsets ??= await bytesOf(sound.onsets.url, "the song's attacks");
      lag = drawSync(canvas, onsets, { rate: sound.onsets.rate, music: sound.music }, desk.timing());
      const isOn = Math.abs(lag) < ON_BEAT_MS;
      const [far, way, move] = [Math.abs(lag), ...(lag > 0 ? ["after", "later"] : ["before", "earlier"])];
      verdict.textContent = isOn ? "The attacks lie on the beats." : `The attacks lie about ${far} ms ${way} the beats.`;
      settle.textContent = `Put it on the beat: notes ${far} ms ${move}`;
      settle.hidden = isOn;
    } catch (error) {
      tellError(error, "No picture of the sync");
    }
  }

  session.on("refused", show);
  songDocument.on("change", show);
  let tempo = 0;
  view.on("change", () => {
    if (tempo === tempoAt(value(), view.cursor)) return;
    tempo = tempoAt(value(), view.cursor);
    show();
  });
  tabs.onShow((id) => id === "timing" && show());
  show();
  return { nudgeOffset, draw };
}
