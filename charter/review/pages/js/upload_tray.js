/** The small box that shows files on their way. */

import { el, fill } from "./dom.js";
import { toast } from "./toast.js";
import { count, percent } from "./words.js";

const MOST_SHOWN = 6;
const ORDER = { failed: 0, sending: 1, waiting: 2 };

/**
 * Show what a queue does, while it does something or something failed.
 * @param {import("./upload_queue.js").UploadQueue} queue
 */
export function showUploads(queue) {
  const tray = el("section", { class: "tray", "aria-label": "Uploads", hidden: true });
  document.body.append(tray);
  let frame = 0;
  queue.onChange(() => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw(tray, queue);
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.busy) event.preventDefault(); // the browser asks whether to leave: files would be lost on the way
  });
}

/** @param {HTMLElement} tray @param {import("./upload_queue.js").UploadQueue} queue */
function draw(tray, queue) {
  const all = queue.all();
  const of = (/** @type {string} */ state) => all.filter((each) => each.state === state);
  const [failed, done] = [of("failed"), of("done")];
  if (!queue.busy && !failed.length) {
    tray.hidden = true;
    if (done.length) toast(`${count(done.length, "song")} sent; charting goes on by itself`, { kind: "good" });
    if (all.length) queue.clear();
    return;
  }
  const left = all.filter((each) => each.state in ORDER)
    .sort((a, b) => ORDER[/** @type {"failed"} */ (a.state)] - ORDER[/** @type {"failed"} */ (b.state)]);
  tray.hidden = false;
  const total = all.length - of("cancelled").length;
  fill(tray,
    el("header", {},
      el("h2", {}, queue.busy ? `Sending ${done.length + 1 > total ? total : done.length + 1} of ${count(total, "song")}` : `${count(failed.length, "file")} could not be sent`),
      failed.length > 0 && !queue.busy && el("button", { class: "small", onclick: () => queue.retryFailed() }, "Try again"),
      queue.busy
        ? el("button", { class: "quiet small", onclick: () => queue.cancelAll() }, "Cancel all")
        : el("button", { class: "quiet small", onclick: () => queue.clear() }, "Close")),
    queue.busy && el("progress", { max: "1", value: String(queue.share), "aria-label": "All files" }),
    el("ul", {}, left.slice(0, MOST_SHOWN).map((upload) =>
      el("li", { class: upload.state },
        el("span", { class: "name", title: upload.file.name }, upload.file.name),
        el("span", { class: upload.error ? "error" : "soft" },
          upload.error || (upload.state === "sending" ? (upload.share >= 1 ? "checking…" : percent(upload.share)) : "waiting")),
        !upload.error && el("button", { class: "quiet small icon", "aria-label": `Cancel ${upload.file.name}`, onclick: () => queue.cancel(upload.id) }, "✕")))),
    left.length > MOST_SHOWN && el("p", { class: "soft" }, `and ${left.length - MOST_SHOWN} more`));
}
