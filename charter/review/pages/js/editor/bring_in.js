// A simfile that was edited elsewhere: what it would change is shown first, then it becomes new versions.

import { api } from "../api.js";
import { openDialog } from "../dialog.js";
import { el } from "../dom.js";

const PARTS = ["kept", "moved", "added", "removed", "rewritten"];

/**
 * @param {any} told what the server says of the file
 * @returns {string[]} a line for each chart that it changes
 */
export function chartLines({ imports }) {
  return imports.filter(({ changed }) => changed).map((each) => {
    const parts = PARTS.filter((part) => each[part]).map((part) => `${each[part]} ${part}`);
    return `${each.slot[0].toUpperCase()}${each.slot.slice(1)}: rows ${parts.join(", ") || "as they are"}`;
  });
}

/** What the song would have of the file. @param {string} name @param {any} value */
export function offerText(name, value) {
  if (name === "timing") return `its timing: ${value.tempos.length === 1 ? `${value.tempos[0][1]} BPM` : `${value.tempos.length} tempos`}, offset ${Number(value.offset.toFixed(3))} s`;
  if (name === "preview") return value ? `its preview: from ${value[0]} s, ${value[1]} s long` : "no preview";
  return `its ${name}: ${value || "none"}`;
}

/**
 * Show what a file would change.
 * @param {any} told what the server says of it
 * @param {string} file its name
 * @param {{status: string, slot: string, decided: any}[]} decided charts among those that it changes
 * @returns {Promise<string[]|null>} which of the offered fields to take; null where the person thought better of it
 */
export function confirmed(told, file, decided) {
  return new Promise((resolve) => {
    let answer = null;
    const offers = Object.entries(told.offered ?? {}).map(([name, [, theirs]]) => [name, el("input", { type: "checkbox", name }), offerText(name, theirs)]);
    const lines = chartLines(told);
    const doubts = [...(told.warnings ?? []), ...(told.left_out ?? [])];
    const list = (entries) => el("ul", { class: "told" }, entries.map((line) => el("li", {}, line)));
    const box = openDialog({
      title: `Bring in ${file}?`,
      body: [
        doubts.length > 0 && el("div", { class: "doubts" }, el("strong", {}, "Look at this first"), list(doubts)),
        lines.length ? el("div", {}, el("strong", {}, "It changes"), list(lines)) : el("p", {}, "Its notes are what the charts say already."),
        decided.map(({ slot, status, decided: { author } = {} }) => el("p", { class: "warned" }, `${author?.name ?? "Someone"} ${status} ${slot}: it is open again then.`)),
        offers.length > 0 && el("div", {}, el("strong", {}, "Take for the song, too"), offers.map(([, input, text]) => el("label", { class: "check" }, input, text))),
      ],
      footer: [el("button", { type: "button", onclick: () => box.close() }, "Cancel"), el("button", { class: "main", type: "submit" }, "Bring it in")],
      submit() {
        answer = offers.filter(([, input]) => input.checked).map(([name]) => name);
        box.close();
      },
      closed: () => resolve(answer),
    });
  });
}

/**
 * @param {any} desk
 * @param {File} file
 * @returns {Promise<{told: any, own: any}|null>} own: what became of this chart; null where nothing was brought in
 */
export async function bringIn(desk, file) {
  const { session, song, songDocument, reopening } = desk;
  if (!(await session.settled())) throw new Error("some edits are not saved yet; bring it in when they are");
  const path = `/api/songs/${song.id}/charts?name=${encodeURIComponent(file.name)}`;
  const send = (more) => api.post(`${path}${more}`, new Blob([file]));
  const plan = await send("&dry=true");
  const changed = new Set(plan.imports.filter((each) => each.changed).map(({ chart }) => chart));
  const isSame = !changed.size && !Object.keys(plan.offered ?? {}).length;
  if (isSame && !plan.left_out?.length && !plan.warnings?.length) return { told: plan, own: undefined };
  const decided = song.charts.filter(({ id, status }) => changed.has(id) && (status === "accepted" || status === "rejected"));
  const taken = await confirmed(plan, file.name, decided);
  if (taken === null) return null;
  reopening.agreeTo(decided);
  const told = changed.size ? await send("") : plan;
  await session.catchUp();
  const fields = Object.fromEntries(taken.map((name) => [name, [songDocument.fields[name] ?? null, plan.offered[name][1]]]));
  session.editSong({ fields }, `${taken.join(", ")} of ${file.name}`);
  return { told, own: told.imports.find(({ chart, changed: is }) => is && chart === desk.chart.id) };
}
