/** What a run is called, and its end. */

import { api } from "./api.js";
import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { toast } from "./toast.js";
import { count } from "./words.js";

/**
 * Let someone rename a run, or delete it once its name is typed; one without songs is deleted at once.
 * @param {{id: number, name: string, source: string}} run
 * @param {number} songs  how many it has
 */
export function showRunSettings(run, songs) {
  const name = el("input", { name: "name", required: true, maxlength: "120", autocomplete: "off", value: run.name });
  const typed = el("input", { name: "typed", autocomplete: "off", "aria-label": "The run's name, to delete it" });
  const gone = el("button", { type: "button", class: "danger", onclick: () => void remove() }, "Delete the run");
  const mayGo = () => songs === 0 || typed.value.trim() === run.name.trim();
  const draw = () => void (gone.disabled = !mayGo());
  typed.addEventListener("input", draw);
  typed.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter renames elsewhere in the box
    if (mayGo()) void remove();
  });
  const remove = async () => {
    gone.disabled = true;
    await box.attempt(async () => {
      await api.del(`/api/runs/${run.id}?name=${encodeURIComponent(typed.value.trim())}`);
      location.assign("/");
    });
    draw();
  };
  const box = openDialog({
    title: "This run",
    body: [
      el("label", { class: "field" }, "Name", name),
      el("section", { class: "ending" },
        el("h3", {}, "Delete"),
        el("p", { class: "soft" }, songs
          ? `Its ${count(songs, "song")} go with it, and all their charts, edits, comments and decisions: for everybody and for good.${run.source ? ` The pack that it was made from stays: ${run.source}` : ""}`
          : "It has no songs."),
        songs > 0 && el("label", { class: "field" }, `Type its name to delete it: ${run.name}`, typed),
        gone),
    ],
    footer: [el("button", { type: "button", onclick: () => box.close() }, "Cancel"), el("button", { type: "submit", class: "main" }, "Rename")],
    submit: async () => {
      if (name.value.trim() === run.name) return box.close();
      const now = await api.patch(`/api/runs/${run.id}`, { name: name.value.trim() });
      box.close();
      toast(`The run is called ${now.name} now`, { kind: "good" });
    },
  });
  draw();
  name.select();
}
