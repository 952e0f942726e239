/** Small signs, drawn as lines on a square of 16. */

import { svg } from "./dom.js";

const PATHS = {
  accepted: ["M3 8.5l3.2 3.2L13 4.8"],
  "sent back": ["M6.5 3.5L3 7l3.5 3.5", "M3 7h6.5a3.5 3.5 0 0 1 0 7H7"],
  rejected: ["M4 4l8 8", "M12 4l-8 8"],
  open: ["M8 3.2a4.8 4.8 0 1 1 0 9.6a4.8 4.8 0 1 1 0-9.6z"],
  finding: ["M8 2.5l6 11H2z", "M8 6.8v3", "M8 11.6v.2"],
  comment: ["M2.5 3.5h11v7H8l-3 2.7v-2.7H2.5z"],
  add: ["M8 3v10", "M3 8h10"],
  export: ["M8 2.5v7.5", "M4.8 7L8 10.2 11.2 7", "M2.5 13.5h11"],
  measure: ["M3 13.5V8", "M8 13.5V3", "M13 13.5V10"],
  search: ["M7 2.8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4z", "M10.2 10.2l3.3 3.3"],
  note: ["M6 12.2V3.5l7-1.3v8.4", "M4.2 10.6a1.8 1.6 0 1 1 0 3.2a1.8 1.6 0 1 1 0-3.2z", "M11.2 9a1.8 1.6 0 1 1 0 3.2a1.8 1.6 0 1 1 0-3.2z"],
};

/** @type {Map<string, SVGElement>} to be copied: a list shows hundreds of them */
const made = new Map();

/**
 * A sign; what it says must stand beside it or in a label, for it is hidden from readers.
 * @param {keyof typeof PATHS} name
 * @param {string} [className]
 * @returns {SVGElement}
 */
export function icon(name, className = "") {
  const key = `sign ${className}`.trim();
  let first = made.get(`${name} ${key}`);
  if (!first) {
    first = svg("svg", { class: key, viewBox: "0 0 16 16", "aria-hidden": "true" }, PATHS[name].map((d) => svg("path", { d })));
    made.set(`${name} ${key}`, /** @type {SVGElement} */ (first));
  }
  return /** @type {SVGElement} */ (/** @type {SVGElement} */ (first).cloneNode(true));
}
