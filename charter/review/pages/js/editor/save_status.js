// One line that says whether all is saved.

import { el, fill } from "../dom.js";
import { count as counted } from "../words.js";

const CALM_MS = 250; // what is saved faster is not worth a flicker

/**
 * @param {import("./session.js").Session} session
 * @returns {HTMLElement}
 */
export function makeSaveStatus(session) {
  const root = el("span", { class: "save", role: "status" });
  let timer = 0;

  function show({ state, waiting, kept, message }) {
    clearTimeout(timer);
    root.setAttribute("aria-busy", String(state === "saving")); // at once: the words are read out when they are there
    const put = () => {
      root.className = `save ${state}`;
      const safe = kept ? "" : " NOT kept in this browser: leave the page open";
      root.title = kept ? `${message ? `${message}. ` : ""}What is not sent is kept in this browser, also if it crashes` : message;
      const edits = counted(waiting, "edit");
      fill(root, { saved: "✓ All saved", saving: "Saving…", offline: `⚠ Not sent: ${edits}${safe ? `.${safe}` : ", kept here"}`, stopped: `⚠ ${edits} wait for your choice${safe}` }[state]);
    };
    if (state === "saving") timer = setTimeout(put, CALM_MS);
    else put();
  }

  session.on("status", show);
  show(session.saver.status);
  window.addEventListener("beforeunload", (event) => {
    const { state, kept } = session.saver.status;
    if (state === "saved" || (state === "saving" && kept)) return; // what is on its way is kept, and sent next time
    event.preventDefault();
  });
  return root;
}
