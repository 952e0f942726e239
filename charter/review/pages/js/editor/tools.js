// The column beside the field: what a click puts in, what is done to a selection, and what is seen.

import { el, fill } from "../dom.js";
import { chord } from "../help.js";
import { keyLabel } from "../key_names.js";
import { count as counted } from "../words.js";
import { TOOLS } from "./editing.js";
import { SNAPS, snapTicks } from "./notes.js";
import { notesIn, rowsText } from "./selection.js";

const TOOL_KEYS = { tap: "Q", roll: "W", mine: "E", lift: "R", fake: "T" };
const BACKGROUNDS = { wave: "Waveform", spectrogram: "Spectrogram", none: "Nothing" };
const ZOOMS = [24, 32, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384];
const SNAP_COLOURS = [4, 8, 12, 16, 24, 32, 48, 64, 192, 192];

const hint = (key) => el("span", { class: "hint" }, keyLabel(key).join("+"));

/**
 * @param {HTMLElement} root
 * @param {{view: import("./view.js").View, editing: import("./editing.js").Editing,
 *   session: import("./session.js").Session, clipboard: {copy: () => void, cut: () => void, paste: () => void}, calibrate: () => void}} parts
 * @returns {any} tool, zoom, nextBackground, commands
 */
export function makeTools(root, { view, editing, session, clipboard, calibrate }) {
  let current = TOOLS[0];
  const tools = TOOLS.map((tool) => [tool, button(tool.label, TOOL_KEYS[tool.id], () => choose(tool))]);
  const { history } = session;
  const undo = button("Undo", "Ctrl+Z", () => session.undo());
  const redo = button("Redo", "Ctrl+Y", () => session.redo());
  const about = el("p", { class: "soft about" });
  const actions = [
    button("Copy", "Ctrl+C", clipboard.copy),
    button("Cut", "Ctrl+X", clipboard.cut),
    button("Paste", "Ctrl+V", clipboard.paste),
    button("Delete", "Delete", () => editing.removeSelected()),
    button("⇄ Mirror", "H", () => editing.mirror("sideways"), { title: "Left for right" }),
    button("⇅ Mirror", "V", () => editing.mirror("upright"), { title: "Up for down" }),
  ];
  const snap = el("select", { "aria-label": "Snap of the cursor", onchange: () => view.set({ snap: snapTicks(Number(snap.value)) }) },
    SNAPS.map((perMeasure) => el("option", { value: perMeasure }, `${perMeasure}${perMeasure === 32 || perMeasure === 192 ? "nd" : "th"}`)));
  const dot = el("span", { class: "dot" });
  const zoomRange = el("input", { type: "range", min: 0, max: ZOOMS.length - 1, "aria-label": "Zoom: space between beats", oninput: () => view.set({ spacing: ZOOMS[zoomRange.value] }) });
  const background = el("select", { "aria-label": "Behind the notes", onchange: () => view.set({ background: background.value }) },
    Object.entries(BACKGROUNDS).map(([value, label]) => el("option", { value }, label)));
  const flips = {
    sideBySide: button("All charts", "D", () => flip("sideBySide"), { title: "All difficulties of the song beside each other" }),
    feet: button("Feet", "F", () => flip("feet"), { title: "Which foot takes each note" }),
  };

  function button(label, key, run, more = {}) {
    return el("button", { onclick: run, ...more }, el("span", {}, label), hint(key));
  }

  function choose(tool) {
    current = tool;
    for (const [each, element] of tools) element.setAttribute("aria-pressed", String(each === tool));
  }

  const flip = (name) => view.set({ [name]: !view[name] });

  function zoom(way) {
    const near = ZOOMS.findIndex((each) => each >= view.spacing);
    view.set({ spacing: ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, near + way))] });
  }

  function nextBackground() {
    const names = Object.keys(BACKGROUNDS);
    view.set({ background: names[(names.indexOf(view.background) + 1) % names.length] });
  }

  function show() {
    const index = SNAPS.findIndex((perMeasure) => snapTicks(perMeasure) === view.snap);
    snap.value = String(SNAPS[index] ?? "");
    dot.style.background = `var(--note-${SNAP_COLOURS[index] ?? 192})`;
    zoomRange.value = String(ZOOMS.findIndex((each) => each >= view.spacing));
    background.value = view.background;
    for (const [name, element] of Object.entries(flips)) element.setAttribute("aria-pressed", String(Boolean(view[name])));
    const { selection } = view;
    const count = selection ? notesIn(editing.document.notes, selection).length : 0;
    about.textContent = selection ? `${counted(count, "note")} on ${rowsText(selection)}` : "Nothing selected: Shift and ↓, or drag beside the notes.";
  }

  function showHistory() {
    const [last, next] = [history.undos.at(-1), history.redos.at(-1)];
    undo.disabled = !last;
    redo.disabled = !next;
    undo.title = last ? `Take back: ${last.summary}` : "Nothing to undo";
    redo.title = next ? `Do again: ${next.summary}` : "Nothing to redo";
  }

  const section = (title, ...children) => el("section", {}, el("h2", {}, title), ...children);
  fill(root,
    section("Place", el("div", { class: "pair", role: "group", "aria-label": "What a click or a number key places" }, tools.map(([, element]) => element)),
      el("p", { class: "soft" }, "Click the field, or press ", chord(["1"]), " to ", chord(["4"]), " at the cursor. Drag or hold for long notes; right-click deletes.")),
    section("Snap", el("label", { class: "line", title: "How far the cursor steps, and where notes go" }, dot, snap, chord(["←"]), chord(["→"]))),
    section("Selection", about, el("div", { class: "pair" }, actions)),
    section("History", el("div", { class: "pair" }, undo, redo)),
    section("See", el("label", { class: "line" }, "Zoom", zoomRange, chord(["+"]), chord(["−"])),
      el("label", { class: "line" }, "Behind", background, chord(["G"])), el("div", { class: "pair" }, Object.values(flips)),
      button("Calibrate…", "K", calibrate, { title: "Notes seem early or late? Tap along once" }),
      !isSecureContext && el("p", { class: "soft plain" }, "By plain http the browser has no audio thread for the player: the sound may stutter. By https, or on the server's own machine, it does not.")));
  view.on("change", (changed) => changed.some((name) => name !== "cursor") && show()); // the cursor moves with the song
  editing.document.on("change", show);
  history.on("change", showHistory);
  choose(current);
  show();
  showHistory();
  const commands = () => TOOLS.map((tool) => [TOOL_KEYS[tool.id], `place: ${tool.label.toLowerCase()}`, () => choose(tool)]);
  return { tool: () => current, zoom, nextBackground, commands };
}
