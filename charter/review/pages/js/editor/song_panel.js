// What the game shows of the song and the chart, and the passage that its menu plays.

import { el, fill } from "../dom.js";
import { toast } from "../toast.js";
import { moment } from "../words.js";
import { checkedNumber } from "./checked_number.js";

const TEXTS = { title: "Title", subtitle: "Subtitle", artist: "Artist", genre: "Genre", credit: "Credit" };
const USUAL_SECONDS = 15;
const [LOWEST_METER, HIGHEST_METER] = [1, 99];
const thousandths = (seconds) => Math.floor(seconds * 1000 + 1e-6) / 1000; // never past the song's end
const tenths = (seconds) => (Math.floor(seconds * 10) / 10).toFixed(1);

/** @param {any} desk @param {HTMLElement} root */
export function makeSong(desk, root) {
  const { songDocument, session, view, stage } = desk;
  const chart = desk.document;
  const texts = Object.keys(TEXTS).map((name) => [name, el("input", { type: "text", maxlength: 300, onchange: () => setText(name) })]);
  const meter = checkedNumber("Meter", {
    attributes: { min: LOWEST_METER, max: HIGHEST_METER, step: 1 },
    read: (value) => (Number.isInteger(value) && value >= LOWEST_METER && value <= HIGHEST_METER ? null : `The meter is a whole number from ${LOWEST_METER} to ${HIGHEST_METER}`),
    take: setMeter,
    now: () => chart.fields.meter,
  });
  const description = el("input", { type: "text", maxlength: 200, onchange: setDescription });
  const duration = () => desk.song.sound?.duration ?? desk.song.duration ?? Infinity;
  const preview = () => songDocument.fields.preview ?? [0, Math.min(USUAL_SECONDS, duration())];
  const start = checkedNumber("Starts at, seconds", {
    attributes: { min: 0 },
    read: (from) => (from >= 0 && from < duration() ? null : `The song is ${tenths(duration())} s long`),
    take: (from) => putPreview(from, Math.min(preview()[1], thousandths(duration() - from))),
    now: () => shown(0),
  });
  const length = checkedNumber("Lasts, seconds", {
    attributes: { min: 0.1 },
    read(seconds) {
      if (!(seconds > 0)) return "It lasts more than 0 s";
      const rest = duration() - preview()[0];
      return seconds <= rest + 0.05 ? null : `Only ${tenths(rest)} s of the song are left from there on`;
    },
    take: (seconds) => putPreview(preview()[0], Math.min(seconds, thousandths(duration() - preview()[0]))),
    now: () => shown(1),
  });
  const ends = el("p", { class: "soft" });
  const playButton = el("button", { class: "small", onclick: playPreview }, "▶ Play it");
  const cover = el("img", { class: "cover", alt: "", hidden: true });
  cover.addEventListener("load", () => (cover.hidden = false));
  desk.tabs.onShow((id) => id === "song" && !cover.src && (cover.src = `/api/songs/${desk.song.id}/cover`));
  fill(root,
    el("div", { class: "group" }, el("h3", {}, "This chart"),
      meter.root, el("label", { class: "field" }, "Description", description)),
    el("div", { class: "group" }, el("h3", {}, "The song, for all its charts"), cover,
      texts.map(([name, input]) => el("label", { class: "field" }, TEXTS[name], input))),
    el("div", { class: "group" }, el("h3", {}, "Preview in the game's menu"),
      el("div", { class: "pair" }, start.root, length.root), ends,
      el("div", { class: "line" }, playButton,
        el("button", { class: "small", onclick: previewFromSelection, title: "From the first selected row to the last, or 15 seconds from the cursor on" }, "From the selection"))));

  const setField = (name, now, summary) => session.editSong({ fields: { [name]: [songDocument.fields[name] ?? null, now] } }, summary);

  function setText(name) {
    const now = texts.find(([each]) => each === name)[1].value.trim();
    if (now !== songDocument.fields[name]) setField(name, now, `${name}: ${now}`.slice(0, 80));
    show();
  }

  function setMeter(now) {
    if (now !== chart.fields.meter) session.edit({ notes: [], fields: { meter: [chart.fields.meter, now] } }, `meter ${now}`);
    showChart();
  }

  function setDescription() {
    const now = description.value.trim();
    if (now !== chart.fields.description) session.edit({ notes: [], fields: { description: [chart.fields.description, now] } }, "description");
    showChart();
  }

  function previewFromSelection() {
    const { selection, cursor } = view;
    const timing = desk.timing();
    const from = thousandths(Math.max(0, timing.secondsAt(selection?.start ?? cursor)));
    const seconds = selection && selection.end > selection.start ? timing.secondsAt(selection.end) - from : USUAL_SECONDS;
    const fits = Math.min(seconds, duration() - from);
    if (fits > 0) putPreview(from, thousandths(fits));
    else toast("There is no music there to preview");
  }

  function putPreview(from, seconds) {
    if (JSON.stringify(songDocument.fields.preview) !== JSON.stringify([from, seconds])) setField("preview", [from, seconds], `preview from ${moment(from)}`);
  }

  async function playPreview() {
    if (!songDocument.fields.preview) return;
    const { player } = stage;
    const [from, seconds] = songDocument.fields.preview;
    const end = from + seconds;
    player.setLoop(null);
    player.seek(from);
    if (!player.playing) await player.play();
    const off = player.on("time", () => {
      if (player.playing && player.position < end) return;
      off();
      if (player.playing && player.position < end + 1) player.pause();
    });
  }

  const shown = (part) => (songDocument.fields.preview ? thousandths(songDocument.fields.preview[part]) : "");

  function put(input, value) {
    if (document.activeElement !== input) input.value = String(value ?? "");
  }

  function show() {
    const { fields } = songDocument;
    for (const [name, input] of texts) put(input, fields[name]);
    start.show();
    length.show();
    playButton.disabled = !fields.preview;
    ends.textContent = fields.preview ? `${moment(fields.preview[0])} to ${moment(fields.preview[0] + fields.preview[1])}` : "none yet";
  }

  function showChart() {
    meter.show();
    put(description, chart.fields.description);
  }

  session.on("refused", () => (show(), showChart()));
  songDocument.on("change", show);
  chart.on("change", showChart);
  show();
  showChart();
}
