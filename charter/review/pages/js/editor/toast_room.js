// Messages stand between the panels and the decision, and the panels make room: nothing is covered.

import { toastPlace } from "../toast.js";

/**
 * @param {HTMLElement} side the column of the panels
 * @param {HTMLElement} decision at its foot
 */
export function giveToastsRoom(side, decision) {
  const place = toastPlace();
  const put = () => {
    const height = place.childElementCount ? place.offsetHeight : 0;
    place.style.bottom = `${innerHeight - decision.getBoundingClientRect().top + 8}px`;
    side.style.setProperty("--toasts", `${height ? height + 16 : 0}px`);
    if (side.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
  };
  const watch = new ResizeObserver(put);
  watch.observe(place);
  watch.observe(decision);
  window.addEventListener("resize", put);
}
