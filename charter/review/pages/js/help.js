/** The `?` page: every key that counts here, by group. */

import { openDialog } from "./dialog.js";
import { el } from "./dom.js";
import { keys } from "./keys.js";

/** @type {{close: () => void} | null} */
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
  shown = openDialog({
    title: "Keys",
    kind: "help",
    body: [el("div", { class: "help-groups" }, groups)],
    closed: () => (shown = null),
  });
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
