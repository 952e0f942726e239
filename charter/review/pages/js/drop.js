/** Files and folders dropped anywhere on the page, or chosen. */

import { el } from "./dom.js";

const { compare } = new Intl.Collator(undefined, { numeric: true });

/**
 * Take what is dropped on the page; while something is held over it, it says so.
 * @param {(files: File[]) => void} take  as they were dropped, those of a folder in order of their paths
 * @param {string} says  what dropping does, as "Drop to add to this run"
 * @returns {() => void} what ends it
 */
export function takeDrops(take, says) {
  const veil = el("div", { class: "veil", hidden: true }, el("p", {}, says));
  document.body.append(veil);
  let depth = 0; // enter and leave come for every element on the way
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  const over = (/** @type {number} */ change) => {
    depth = Math.max(0, depth + change);
    veil.hidden = depth === 0;
  };
  /** @type {Record<string, (event: DragEvent) => void>} */
  const listeners = {
    dragenter: (event) => hasFiles(event) && (event.preventDefault(), over(1)),
    dragleave: (event) => hasFiles(event) && over(-1),
    dragover: (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    },
    drop: (event) => {
      if (!event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      over(-depth);
      void filesOf(event.dataTransfer).then(take);
    },
  };
  for (const [type, listener] of Object.entries(listeners)) window.addEventListener(type, /** @type {any} */ (listener));
  return () => {
    veil.remove();
    for (const [type, listener] of Object.entries(listeners)) window.removeEventListener(type, /** @type {any} */ (listener));
  };
}

/**
 * Let the person choose files.
 * @param {(files: File[]) => void} take
 */
export function chooseFiles(take) {
  const input = el("input", { type: "file", multiple: true, accept: "audio/*,.ogg,.oga,.opus,.flac,.mp3,.m4a,.wav,.aif,.aiff,.wma,.mka" });
  input.addEventListener("change", () => take([...input.files]));
  input.click();
}

/** @param {DataTransfer} dropped @returns {Promise<File[]>} */
async function filesOf(dropped) {
  // Entries have to be taken at once: the browser empties the list after the event.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...dropped.files];
  const found = await Promise.all(entries.map((entry) => (entry ? walk(entry) : [])));
  // What was dropped stays in its order; what lies in a folder is in order of its names, 2 before 10.
  return found.flatMap((each) => each.sort((a, b) => compare(a.path, b.path))).map(({ file }) => file);
}

/** @param {any} entry of a file or folder @returns {Promise<{path: string, file: File}[]>} */
async function walk(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve) => entry.file(resolve, () => resolve(null)));
    return file && !entry.name.startsWith(".") ? [{ path: entry.fullPath, file }] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    /** @type {any[]} */
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([]))); // a hundred at a time
    if (!some.length) return found.flat();
    found.push(...(await Promise.all(some.map(walk))));
  }
}
