// A control that was used by mouse gives the keyboard back to the chart, so that Space plays whatever was clicked last.

const isText = (element) => element instanceof HTMLTextAreaElement ||
  (element instanceof HTMLInputElement && !["checkbox", "radio", "range", "button", "submit"].includes(element.type));

/** Who goes through the page by Tab keeps the focus where it is: only the pointer gives it back. */
export function releaseFocus() {
  let byPointer = false;

  function release() {
    const { activeElement } = document;
    if (!byPointer || !(activeElement instanceof HTMLElement) || activeElement === document.body) return;
    if (isText(activeElement) || activeElement.closest("dialog")) return;
    activeElement.blur();
  }

  const capture = { capture: true };
  document.addEventListener("pointerdown", () => (byPointer = true), capture);
  document.addEventListener("keydown", () => (byPointer = false), capture);
  // Before the click's own listeners: a box that they open would give the focus back to the button.
  document.addEventListener("click", (event) => event.detail > 0 && !(event.target instanceof HTMLSelectElement) && release(), capture);
  document.addEventListener("change", release);
}
