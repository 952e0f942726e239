/** The box that begins a run: its name, and what songs of it are charted by. */

import { api } from "./api.js";
import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { SLOTS } from "./filters.js";
import { capital, count } from "./words.js";

const LEVELS = SLOTS.slice(0, 5);

/**
 * Ask for a run and make it.
 * @param {File[]} files  that its first songs are, perhaps none
 * @param {(run: any) => void} made  is called with the new run
 */
export function askForRun(files, made) {
  const name = el("input", { name: "name", required: true, maxlength: "120", autocomplete: "off", value: usualName(files) });
  const levels = LEVELS.map((slot) =>
    el("label", { class: `check level ${slot}` }, el("input", { type: "checkbox", value: slot, checked: true }), capital(slot)));
  const seed = el("input", { type: "number", min: "0", max: "999999999", step: "1", value: "0", required: true });
  const sync = el("select", {},
    el("option", { value: "null" }, "On the sound (null sync), for StepMania at home"),
    el("option", { value: "itg" }, "9 ms before the sound (ITG sync), for ITG machines"));
  const start = el("button", { type: "submit", class: "main" }, files.length ? `Chart ${count(files.length, "song")}` : "Make the run");
  const box = openDialog({
    title: files.length ? `A new run with ${count(files.length, "song")}` : "A new run",
    body: [
      files.length > 0 && el("ol", { class: "files", "aria-label": "Songs", tabindex: "0" }, files.map((file) => el("li", { title: file.name }, el("span", {}, file.name), el("span", { class: "soft" }, megabytes(file.size))))),
      el("label", { class: "field" }, "Name", name),
      el("fieldset", {}, el("legend", {}, "Charts to write for each song"), levels),
      el("details", {}, el("summary", {}, "More options"),
        el("div", { class: "options" },
          el("label", { class: "field" }, "Seed", seed, el("small", {}, "The same song and seed give the same charts.")),
          el("label", { class: "field" }, "Timing of the steps", sync, el("small", {}, "If you do not know which: on the sound.")))),
    ],
    footer: [el("button", { type: "button", onclick: () => box.close() }, "Cancel"), start],
    submit: async () => {
      const difficulties = levels.map((label) => label.firstChild).filter((each) => each.checked).map((each) => each.value);
      if (!difficulties.length) throw new Error("Choose at least one difficulty.");
      start.disabled = true;
      try {
        const run = await api.post("/api/runs", { name: name.value.trim(), request: { difficulties, seed: Number(seed.value), sync: sync.value } });
        box.close();
        made(run);
      } finally {
        start.disabled = false;
      }
    },
  });
  name.select();
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes < 1e5 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** @param {File[]} files */
function usualName(files) {
  const today = new Date().toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" });
  return files.length === 1 ? files[0].name.replace(/\.[^.]+$/, "") : `Songs of ${today}`;
}

/**
 * What a run's songs are charted by, in a line.
 * @param {any} request
 * @returns {string}
 */
export function requestLine(request) {
  const asked = /** @type {string[]} */ (request?.difficulties ?? LEVELS);
  const levels = asked.length === LEVELS.length ? "all five difficulties" : asked.map(capital).join(", ");
  const parts = [levels, request?.seed ? `seed ${request.seed}` : "", request?.sync === "itg" ? "ITG sync" : ""];
  return parts.filter(Boolean).join(" · ");
}
