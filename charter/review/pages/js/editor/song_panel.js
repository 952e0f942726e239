// What the game shows of the song and the chart, and the passage that its menu plays.

import { el, fill } from "../dom.js";
import { clock } from "../words.js";

const TEXTS = { title: "Title", subtitle: "Subtitle", artist: "Artist", genre: "Genre", credit: "Credit" };
const USUAL_SECONDS = 15;

/** @param {any} desk @param {HTMLElement} root */
export function makeSong(desk, root) {
  const { songDocument, session, view, stage } = desk;
  const chart = desk.document;
  const texts = Object.keys(TEXTS).map((name) => [name, el("input", { type: "text", maxlength: 300, onchange: () => setText(name) })]);
  const meter = el("input", { type: "number", min: 1, max: 999, step: 1, onchange: setMeter });
  const description = el("input", { type: "text", maxlength: 200, onchange: setDescription });
  const start = el("input", { type: "number", min: 0, step: "any", onchange: setPreview });
  const length = el("input", { type: "number", min: 0.1, step: "any", onchange: setPreview });
  const ends = el("p", { class: "soft" });
  const playButton = el("button", { class: "small", onclick: playPreview }, "▶ Play it");
  const cover = el("img", { class: "cover", alt: "", hidden: true });
  cover.addEventListener("load", () => (cover.hidden = false));
  desk.tabs.onShow((id) => id === "song" && !cover.src && (cover.src = `/api/songs/${desk.song.id}/cover`));
  fill(root,
    el("div", { class: "group" }, el("h3", {}, "This chart"),
      el("label", { class: "field" }, "Meter", meter), el("label", { class: "field" }, "Description", description)),
    el("div", { class: "group" }, el("h3", {}, "The song, for all its charts"), cover,
      texts.map(([name, input]) => el("label", { class: "field" }, TEXTS[name], input))),
    el("div", { class: "group" }, el("h3", {}, "Preview in the game's menu"),
      el("div", { class: "pair" }, el("label", { class: "field" }, "Starts at, seconds", start), el("label", { class: "field" }, "Lasts, seconds", length)), ends,
      el("div", { class: "line" }, playButton,
        el("button", { class: "small", onclick: previewFromSelection, title: "From the first selected row to the last, or 15 seconds from the cursor on" }, "From the selection"))));

  const setField = (name, now, summary) => session.editSong({ fields: { [name]: [songDocument.fields[name] ?? null, now] } }, summary);

  function setText(name) {
    const now = texts.find(([each]) => each === name)[1].value.trim();
    if (now !== songDocument.fields[name]) setField(name, now, `${name}: ${now}`.slice(0, 80));
    show();
  }

  function setMeter() {
    const now = Number(meter.value);
    if (Number.isInteger(now) && now >= 1 && now <= 999 && now !== chart.fields.meter) session.edit({ notes: [], fields: { meter: [chart.fields.meter, now] } }, `meter ${now}`);
    showChart();
  }

  function setDescription() {
    const now = description.value.trim();
    if (now !== chart.fields.description) session.edit({ notes: [], fields: { description: [chart.fields.description, now] } }, "description");
    showChart();
  }

  function setPreview() {
    const [from, seconds] = [Number(start.value), Number(length.value)];
    if (start.value !== "" && from >= 0 && seconds > 0) putPreview(from, seconds);
    show();
  }

  function previewFromSelection() {
    const { selection, cursor } = view;
    const timing = desk.timing();
    const from = Math.max(0, timing.secondsAt(selection?.start ?? cursor));
    const seconds = selection && selection.end > selection.start ? timing.secondsAt(selection.end) - from : USUAL_SECONDS;
    putPreview(Math.round(from * 1000) / 1000, Math.round(seconds * 1000) / 1000);
  }

  function putPreview(from, seconds) {
    if (JSON.stringify(songDocument.fields.preview) !== JSON.stringify([from, seconds])) setField("preview", [from, seconds], `preview from ${clock(from)}`);
  }

  async function playPreview() {
    const preview = songDocument.fields.preview;
    if (!preview) return;
    const { player } = stage;
    const end = preview[0] + preview[1];
    player.setLoop(null);
    player.seek(preview[0]);
    if (!player.playing) await player.play();
    const off = player.on("time", () => {
      if (player.playing && player.position < end) return;
      off();
      if (player.playing && player.position < end + 1) player.pause();
    });
  }

  function put(input, value) {
    if (document.activeElement !== input) input.value = String(value ?? "");
  }

  function show() {
    const { fields } = songDocument;
    for (const [name, input] of texts) put(input, fields[name]);
    put(start, fields.preview && Number(fields.preview[0].toFixed(3)));
    put(length, fields.preview && Number(fields.preview[1].toFixed(3)));
    playButton.disabled = !fields.preview;
    ends.textContent = fields.preview ? `${clock(fields.preview[0])} to ${clock(fields.preview[0] + fields.preview[1])}` : "none yet";
  }

  function showChart() {
    put(meter, chart.fields.meter);
    put(description, chart.fields.description);
  }

  songDocument.on("change", show);
  chart.on("change", showChart);
  show();
  showChart();
}
