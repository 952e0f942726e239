// A number that someone types, with what is wrong with it said beside it.

import { el } from "../dom.js";

let made = 0;

/**
 * A labelled field. What is wrong stays as it was typed, with a line that says why; Escape puts back what there was.
 * @param {string} label
 * @param {{attributes?: object, read: (value: number, text: string) => string|null, take: (value: number) => void, now: () => number|string}} parts
 * read: what is wrong with a value, null for nothing; take: it is right; now: what there is
 * @returns {{root: HTMLElement, input: HTMLInputElement, show: () => void, isWrong: () => boolean}}
 */
export function checkedNumber(label, { attributes = {}, read, take, now }) {
  const id = `wrong-${(made += 1)}`;
  const wrong = el("small", { id, class: "error", role: "alert", hidden: true });
  const input = el("input", { type: "number", step: "any", onchange: change, "aria-describedby": id, ...attributes });
  const root = el("label", { class: "field" }, label, input, wrong);
  input.addEventListener("input", () => say(null));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") change();
    if (event.key !== "Escape") return;
    say(null);
    input.value = String(now());
    input.blur();
  });

  function say(line) {
    wrong.textContent = line ?? "";
    wrong.hidden = line === null;
    input.setAttribute("aria-invalid", String(line !== null));
    if (line !== null) wrong.scrollIntoView({ block: "nearest" });
  }

  const isWrong = () => !wrong.hidden;

  function change() {
    const line = input.value.trim() === "" || !Number.isFinite(Number(input.value)) ? "A number is missing: nothing is changed" : read(Number(input.value), input.value);
    say(line);
    if (line === null) take(Number(input.value));
  }

  return {
    root, input, isWrong,
    show() {
      if (document.activeElement !== input && !isWrong()) input.value = String(now());
    },
  };
}
