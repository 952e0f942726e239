// The clipboard of the computer: events of the browser where there are some, else what was copied here last.

import { isTyping } from "../keys.js";
import { toast } from "../toast.js";
import { count as counted } from "../words.js";
import { clipOf, clipText } from "./clipboard.js";

const NAME = "charter.clip";

/**
 * @param {import("./editing.js").Editing} editing
 * @returns {{copy: () => void, cut: () => void, paste: () => void}} for buttons
 */
export function makeClipboard(editing) {
  let isMix = false;
  const isElsewhere = () => isTyping(document.activeElement) || String(getSelection()) !== "" || document.querySelector("dialog:modal") !== null;

  function take(isCut) {
    const clip = editing.copy();
    if (!clip) {
      toast("Nothing to copy: select rows that have notes");
      return null;
    }
    try {
      localStorage.setItem(NAME, clipText(clip));
    } catch {
      // the computer's clipboard has it
    }
    if (isCut) editing.removeSelected();
    toast(`${counted(clip.notes.length, "note")} ${isCut ? "cut" : "copied"}`, { seconds: 2 });
    return clipText(clip);
  }

  function put(text, mix) {
    const clip = clipOf(text ?? "");
    if (clip) editing.paste(clip, mix);
    else toast("There are no notes to paste: copy some first");
  }

  document.addEventListener("keydown", (event) => (isMix = event.shiftKey), { capture: true });
  for (const type of ["copy", "cut"]) {
    document.addEventListener(type, (event) => {
      if (isElsewhere()) return;
      const text = take(type === "cut");
      if (text) event.clipboardData.setData("text/plain", text);
      event.preventDefault();
    });
  }
  document.addEventListener("paste", (event) => {
    if (isElsewhere()) return;
    put(event.clipboardData.getData("text/plain"), isMix);
    event.preventDefault();
  });
  const write = (isCut) => {
    const text = take(isCut);
    if (text) navigator.clipboard?.writeText(text).catch(() => {}); // other pages of ours have it anyway
  };
  return { copy: () => write(false), cut: () => write(true), paste: () => put(localStorage.getItem(NAME), false) };
}
