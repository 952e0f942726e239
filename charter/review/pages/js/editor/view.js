// What a person looks at: shared by the stage, the tools and the panels. Nothing of it is saved with the chart.

import { Emitter } from "../player/emitter.js";

/** What is kept in the browser from one chart to the next. */
const LASTING = ["snap", "spacing", "background", "sideBySide", "feet"];
const NAME = "charter.view";

export class View extends Emitter {
  /** tick of the row that keys act on */
  cursor = 0;
  /** @type {null|{start: number, end: number}} ticks, both rows among it */
  selection = null;
  /** ticks between rows of the cursor */
  snap = 12;
  /** pixels a beat */
  spacing = 96;
  /** @type {"wave"|"spectrogram"|"none"} */
  background = "wave";
  sideBySide = false;
  /** which foot takes each note */
  feet = false;
  /** @type {[number, number][]} rows that a redo keeps: from a tick up to another */
  locks = [];
  /** @type {null|{start: number, end: number, notes: import("./notes.js").Note[]}} */
  ghosts = null;
  /** @type {null|{added: Set<number>, removed: import("./notes.js").Note[], moved: Set<number>}} */
  diff = null;

  /** @param {Storage} [storage] */
  constructor(storage) {
    super();
    this.storage = storage;
    try {
      const kept = JSON.parse(storage?.getItem(NAME) ?? "{}");
      for (const name of LASTING) if (typeof kept[name] === typeof this[name]) this[name] = kept[name];
    } catch {
      // what a browser will not read, or an older charter wrote, is not missed
    }
  }

  /** @param {Partial<View>} patch */
  set(patch) {
    const changed = Object.keys(patch).filter((name) => this[name] !== patch[name]);
    if (!changed.length) return;
    for (const name of changed) this[name] = patch[name];
    if (changed.some((name) => LASTING.includes(name))) this.#keep();
    this.emit("change", changed);
  }

  #keep() {
    try {
      this.storage?.setItem(NAME, JSON.stringify(Object.fromEntries(LASTING.map((name) => [name, this[name]]))));
    } catch {
      // the view is then as usual next time
    }
  }
}
