// A canvas that fills its box, at the screen's own density.

import { el } from "../dom.js";

/** A canvas with its context in pixels of the page. */
export class Surface {
  /**
   * @param {HTMLElement} box  positioned; the canvas fills it
   * @param {Record<string, any>} props  of the canvas
   */
  constructor(box, props) {
    this.canvas = el("canvas", props);
    box.append(this.canvas);
    this._box = box;
    this.context = this.canvas.getContext("2d");
    this.fit();
  }

  /** Takes the size of the box; returns whether it is another. */
  fit() {
    const density = Math.min(window.devicePixelRatio || 1, 3);
    const { clientWidth, clientHeight } = this._box;
    if (clientWidth === this.width && clientHeight === this.height && density === this.density) return false;
    [this.width, this.height, this.density] = [clientWidth, clientHeight, density];
    this.canvas.width = Math.max(1, Math.round(clientWidth * density));
    this.canvas.height = Math.max(1, Math.round(clientHeight * density));
    this.context.setTransform(density, 0, 0, density, 0, 0);
    return true;
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}

/** Text cut so that it fits into so many pixels. */
export function clipped(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
