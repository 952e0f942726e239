/** Short messages at the edge of the page, read out too. */

import { el } from "./dom.js";
import { messageOf } from "./words.js";

const SECONDS = { info: 5, good: 5, bad: 15 };
const MOST = 5;

/** @type {HTMLElement | null} */
let place = null;

/**
 * Where messages are shown; a page may move it, or give it room.
 * @returns {HTMLElement}
 */
export function toastPlace() {
  place ??= document.body.appendChild(el("div", { class: "toasts", popover: "manual", role: "region", "aria-label": "Messages" }));
  return place;
}

/**
 * Show a message. One with the same text as one that is there takes its place.
 * @param {string} message
 * @param {{kind?: "info" | "good" | "bad", action?: {label: string, run: () => void}, seconds?: number}} [options]
 *   seconds: how long it stays (Infinity: until it is closed)
 * @returns {(() => void) & {say: (message: string) => void}} what takes it away, and by `say` changes its text
 */
export function toast(message, { kind = "info", action, seconds = SECONDS[kind] } = {}) {
  const place = toastPlace();
  for (const other of [...place.children]) if (other.dataset.message === message) other.remove();
  while (place.children.length >= MOST) place.firstElementChild?.remove();
  const act = action && el("button", { class: "small", onclick: () => (card.remove(), action.run()) }, action.label);
  const close = el("button", { class: "quiet icon small", "aria-label": "Close", onclick: () => card.remove() }, "✕");
  const text = el("p", {}, message);
  const card = el("div", { class: `toast ${kind}`, role: kind === "bad" ? "alert" : "status", dataset: { message } },
    text, act, close);
  place.append(card);
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover(); // above a modal box that was opened since
  if (Number.isFinite(seconds)) {
    let timer = setTimeout(() => card.remove(), seconds * 1000);
    card.addEventListener("pointerenter", () => clearTimeout(timer)); // nobody reads against the clock
    card.addEventListener("pointerleave", () => (timer = setTimeout(() => card.remove(), 2000)));
  }
  return Object.assign(() => card.remove(), { say: (/** @type {string} */ now) => void (text.textContent = now) });
}

/**
 * Tell what went wrong, in the error's own line.
 * @param {unknown} error
 * @param {string} [what]  what was tried: "The chart is not assigned"
 */
export function tellError(error, what = "") {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const line = messageOf(error);
  toast(what ? `${what}: ${line}` : line, { kind: "bad" });
}
