/** A modal box with a title, closed by Escape, its cross or a press beside it. */

import { el } from "./dom.js";

let opened = 0;

/**
 * Show a box. It is a form: Enter in it, or a button of type submit, calls `submit`.
 * @param {object} options
 * @param {string} options.title
 * @param {any[]} options.body
 * @param {any[]} [options.footer]
 * @param {() => void} [options.submit]
 * @param {() => void} [options.closed]
 * @param {string} [options.kind]  a class
 * @returns {{root: HTMLDialogElement, close: () => void}}
 */
export function openDialog({ title, body, footer = [], submit = () => {}, closed = () => {}, kind = "" }) {
  const id = `dialog-${++opened}`;
  const form = el("form", {},
    el("header", {},
      el("h2", { id }, title),
      el("button", { type: "button", class: "quiet icon", "aria-label": "Close", onclick: () => root.close() }, "✕")),
    el("div", { class: "body" }, body),
    footer.length > 0 && el("footer", {}, footer));
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    submit();
  });
  /** @type {HTMLDialogElement} */
  const root = el("dialog", { class: kind, tabindex: "-1", "aria-labelledby": id }, form);
  let pressed = false; // a drag that begins inside and ends beside must not close it
  root.addEventListener("pointerdown", (event) => (pressed = event.target === root));
  root.addEventListener("click", (event) => pressed && event.target === root && root.close());
  root.addEventListener("close", () => {
    root.remove();
    closed();
  });
  document.body.append(root);
  root.showModal();
  /** @type {HTMLElement} */ (form.querySelector("input, select, textarea") ?? root).focus();
  return { root, close: () => root.close() };
}
