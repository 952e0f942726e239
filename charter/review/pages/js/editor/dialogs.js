// Questions to the person.

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
      el("button", { class: index ? "" : "main", onclick: () => ((chosen = id), dialog.close()) }, label));
    const dialog = el("dialog", { "aria-label": title },
      el("header", {}, el("h2", {}, title)), el("div", { class: "body" }, el("p", {}, text)), el("footer", {}, buttons.reverse()));
    present(dialog, () => resolve(chosen));
    buttons.at(-1).focus();
  });
}

/**
 * Ask for a text.
 * @param {{title: string, text: string, label: string, action: string, isNeeded: boolean}} question
 * @returns {Promise<string|null>} null where the person thought better of it
 */
export function askText({ title, text, label, action, isNeeded }) {
  return new Promise((resolve) => {
    let answer = null;
    const area = el("textarea", { rows: 4, maxlength: 2000, required: isNeeded, "aria-label": label });
    const send = () => {
      if (isNeeded && !area.value.trim()) return area.focus();
      answer = area.value.trim();
      return dialog.close();
    };
    area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      send();
    });
    const dialog = el("dialog", { "aria-label": title },
      el("header", {}, el("h2", {}, title)),
      el("div", { class: "body" }, el("p", { class: "soft" }, text), el("label", { class: "field" }, label, area)),
      el("footer", {}, el("button", { onclick: () => dialog.close() }, "Cancel"), el("button", { class: "main", onclick: send }, action, chord(["Ctrl", "Enter"]))));
    present(dialog, () => resolve(answer));
    area.focus();
  });
}

function present(dialog, closed) {
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
}
