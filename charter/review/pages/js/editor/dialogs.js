// Questions to the person.

import { openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { chord } from "../help.js";

/**
 * Let someone choose; Escape is the choice "leave" where there is one, else the last.
 * @param {{title: string, text: string, choices: {id: string, label: string}[]}} question
 * @returns {Promise<string>} the choice's id
 */
export function ask({ title, text, choices }) {
  return new Promise((resolve) => {
    const last = choices.at(-1).id;
    let chosen = choices.some(({ id }) => id === "leave") ? "leave" : last;
    const buttons = choices.map(({ id, label }, index) =>
      el("button", { type: "button", class: index ? "" : "main", onclick: () => ((chosen = id), box.close()) }, label));
    const box = openDialog({ title, body: [el("p", {}, text)], footer: buttons.reverse(), closed: () => resolve(chosen) });
    buttons.at(-1).focus();
  });
}

/**
 * Ask for a text.
 * @param {{title: string, text: string, label: string, action: string}} question
 * @returns {Promise<string|null>} never empty; null where the person thought better of it
 */
export function askText({ title, text, label, action }) {
  return new Promise((resolve) => {
    let answer = null;
    const area = el("textarea", { rows: 4, maxlength: 2000, required: true, "aria-label": label });
    const send = () => {
      if (!area.value.trim()) return area.focus();
      answer = area.value.trim();
      return box.close();
    };
    area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      send();
    });
    const box = openDialog({
      title,
      body: [el("p", { class: "soft" }, text), el("label", { class: "field" }, label, area)],
      footer: [
        el("button", { type: "button", onclick: () => box.close() }, "Cancel"),
        el("button", { type: "submit", class: "main" }, action, chord(["Ctrl", "Enter"])),
      ],
      submit: send,
      closed: () => resolve(answer),
      besides: false,
    });
  });
}
