/** The `?` page: every key that counts here, by group. */

import { el } from "./dom.js";
import { keys } from "./keys.js";

/** @type {HTMLDialogElement | null} */
let shown = null;

/** Show every registered key; shown already, it closes. */
export function showHelp() {
  if (shown) {
    shown.close();
    return;
  }
  const groups = [...keys.groups()].map(([group, rows]) =>
    el("section", {}, el("h3", {}, group), el("dl", {}, rows.map(({ does, labels }) => [
      el("dt", {}, labels.map((pieces, index) => [index ? el("span", { class: "or" }, "or") : null, chord(pieces)])),
      el("dd", {}, does),
    ]))),
  );
  const dialog = el("dialog", { class: "help", tabindex: "-1", "aria-labelledby": "help-title" },
    el("header", {},
      el("h2", { id: "help-title" }, "Keys"),
      el("button", { class: "quiet icon", "aria-label": "Close", onclick: () => dialog.close() }, "✕")),
    el("div", { class: "help-groups" }, groups));
  dialog.addEventListener("close", () => {
    dialog.remove();
    shown = null;
  });
  dialog.addEventListener("click", (/** @type {Event} */ event) => event.target === dialog && dialog.close());
  shown = dialog;
  document.body.append(dialog);
  dialog.showModal();
  dialog.focus();
}

/**
 * Keys to press together, as they are drawn.
 * @param {string[]} pieces
 * @returns {HTMLElement}
 */
export function chord(pieces) {
  return el("span", { class: "chord" }, pieces.map((piece) => el("kbd", {}, piece)));
}

keys.add({ keys: ["?"], does: "show or hide this page", group: "Everywhere", run: showHelp, inDialog: true });
