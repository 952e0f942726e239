/** A modal box with a title, closed by Escape, its cross or a press beside it. */

import { el, fill } from "./dom.js";
import { messageOf } from "./words.js";

let opened = 0;

/**
 * Show a box. It is a form: Enter in it, or a button of type submit, calls `submit`; what that throws is told in the box.
 * @param {object} options
 * @param {string} options.title
 * @param {any[]} options.body
 * @param {any[]} [options.footer]
 * @param {() => unknown} [options.submit]  may be a promise: nothing is submitted again until it is settled
 * @param {() => void} [options.closed]
 * @param {string} [options.kind]  a class
 * @param {boolean} [options.besides]  whether a press beside it closes it; false where that would lose what was typed
 * @returns {{root: HTMLDialogElement, close: () => void, attempt: (act: () => unknown) => Promise<void>}}
 *   attempt: does something, and tells in the box what went wrong
 */
export function openDialog({ title, body, footer = [], submit = () => {}, closed = () => {}, kind = "", besides = true }) {
  const id = `dialog-${++opened}`;
  const error = el("p", { class: "error", role: "alert" });
  const attempt = async (/** @type {() => unknown} */ act) => {
    fill(error);
    try {
      await act();
    } catch (failure) {
      fill(error, messageOf(failure));
    }
  };
  const form = el("form", {},
    el("header", {},
      el("h2", { id }, title),
      el("button", { type: "button", class: "quiet icon", "aria-label": "Close", onclick: () => root.close() }, "✕")),
    el("div", { class: "body" }, body, error),
    footer.length > 0 && el("footer", {}, footer));
  let busy = false;
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    await attempt(submit);
    busy = false;
  });
  /** @type {HTMLDialogElement} */
  const root = el("dialog", { class: kind, tabindex: "-1", "aria-labelledby": id }, form);
  let pressed = false; // a drag that begins inside and ends beside must not close it
  root.addEventListener("pointerdown", (event) => (pressed = event.target === root));
  root.addEventListener("click", (event) => besides && pressed && event.target === root && root.close());
  root.addEventListener("close", () => {
    root.remove();
    closed();
  });
  document.body.append(root);
  root.showModal();
  /** @type {HTMLElement} */ (form.querySelector("input, select, textarea") ?? root).focus();
  return { root, close: () => root.close(), attempt };
}
