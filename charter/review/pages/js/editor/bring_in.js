// A simfile that was edited elsewhere: what it would change is shown first, then it becomes new versions.

import { api } from "../api.js";
import { openDialog } from "../dialog.js";
import { el } from "../dom.js";
import { tellError, toast } from "../toast.js";
import { DECIDED } from "./decided.js";
import { chartWords, fieldWords, metersWords, missingWords } from "./import_words.js";
import { newKey } from "./keys_of_edits.js";

/**
 * Show what a file would change.
 * @param {any} told what the server says of it
 * @param {string} file its name
 * @param {{status: string, slot: string, decided: any}[]} decided charts among those that it changes
 * @returns {Promise<{fields: string[], meters: boolean}|null>} which of the offered fields to take, and whether its
 *   meters; null where the person thought better of it
 */
function confirmed(told, file, decided) {
  return new Promise((resolve) => {
    let answer = null;
    const check = (name, text, checked) => [name, el("input", { type: "checkbox", name, checked, onchange: draw }), text];
    const changed = told.imports.filter((each) => each.changed);
    const offers = Object.entries(told.offered ?? {}).map(([name, [ours, theirs]]) => check(name, fieldWords(name, ours, theirs), false));
    const levels = metersWords(changed);
    const meters = levels ? check("meters", levels, true) : null;
    const choices = [...(meters ? [meters] : []), ...offers];
    const go = el("button", { class: "main", type: "submit" }, "Bring it in");
    const lines = changed.map(chartWords);
    const doubts = [...missingWords(told.missing ?? []), ...(told.left_out ?? [])];
    if (told.timing) doubts.push("Its beats are heard at other times than here: its notes are taken by their beats, unless its timing is taken too");
    const hasRows = changed.some((each) => Object.keys(each.fields ?? {}).length === 0 || each.moved + each.added + each.removed + each.rewritten > 0);
    function draw() {
      go.disabled = !hasRows && !choices.some(([, input]) => input.checked);
    }
    const list = (entries) => el("ul", { class: "told" }, entries.map((line) => el("li", {}, line)));
    const box = openDialog({
      title: `Bring in ${file}?`,
      body: [
        doubts.length > 0 && el("div", { class: "doubts" }, el("strong", {}, "Look at this first"), list(doubts)),
        lines.length ? el("div", {}, el("strong", {}, "It changes"), list(lines)) : el("p", {}, "Its notes are what the charts say already."),
        decided.map(({ slot, status, decided: { author } = {} }) => el("p", { class: "warned" }, `${author?.name ?? "Someone"} ${status} ${slot}: it is open again then.`)),
        choices.length > 0 && el("div", {}, el("strong", {}, "Take, too"), choices.map(([, input, text]) => el("label", { class: "check" }, input, text))),
      ],
      footer: [el("button", { type: "button", onclick: () => box.close() }, "Cancel"), go],
      submit() {
        answer = { fields: offers.filter(([, input]) => input.checked).map(([name]) => name), meters: meters?.[1].checked ?? true };
        box.close();
      },
      closed: () => resolve(answer),
    });
    draw();
  });
}

/** Say why a file cannot be brought in, and stay until it is read. @param {string} name @param {Error} error */
function refuse(name, error) {
  const close = el("button", { class: "main", type: "submit" }, "Close");
  const box = openDialog({
    title: `${name} cannot be brought in`,
    body: [el("p", { class: "error", role: "alert" }, error.message), el("p", { class: "soft" }, "Nothing was changed here.")],
    footer: [close],
    submit: () => box.close(),
  });
  close.focus();
}

/**
 * @param {any} desk
 * @param {File} file
 * @returns {Promise<{told: any, own: any, fields?: string[], takeBack: () => Promise<void>}|null>} told: what the server says of it; own:
 *   what became of this chart; fields: of the song that were taken; takeBack: makes all as it was; null where nothing was brought in
 */
export async function bringIn(desk, file) {
  const { session, song, songDocument, reopening } = desk;
  if (!(await session.settled())) throw new Error("some edits are not saved yet; bring it in when they are");
  const path = `/api/songs/${song.id}/charts?name=${encodeURIComponent(file.name)}`;
  const send = (more) => api.post(`${path}${more}`, new Blob([file]));
  let plan;
  try {
    plan = await send("&dry=true");
  } catch (error) {
    refuse(file.name, error);
    return null;
  }
  const changed = new Set(plan.imports.filter((each) => each.changed).map(({ chart }) => chart));
  const isSame = !changed.size && !Object.keys(plan.offered ?? {}).length;
  if (isSame && !plan.left_out?.length && !plan.missing?.length) return { told: plan, own: undefined, takeBack: async () => {} };
  const decided = song.charts.filter(({ id, status }) => changed.has(id) && DECIDED.has(status));
  const taken = await confirmed(plan, file.name, decided);
  if (taken === null) return null;
  reopening.agreeTo(decided);
  const told = changed.size ? await send(taken.meters ? "" : "&meters=false") : plan;
  await session.catchUp();
  const fields = Object.fromEntries(taken.fields.map((name) => [name, [songDocument.fields[name] ?? null, plan.offered[name][1]]]));
  session.editSong({ fields }, `${taken.fields.join(", ")} of ${file.name}`);
  const own = told.imports.find(({ chart, changed: is }) => is && chart === desk.chart.id);
  return { told, own, fields: taken.fields, takeBack: () => takeBack(desk, file.name, told.imports.filter((each) => each.changed), fields) };
}

/** The charts and the song's fields as they were before a file came in. */
async function takeBack({ session }, name, changed, fields) {
  try {
    await session.settled();
    for (const { chart, from, version } of changed) await api.post(`/api/charts/${chart}/restore`, { version: from, key: newKey(), base: version });
    const back = Object.entries(fields).map(([field, [was, now]]) => [field, [now, was]]);
    session.editSong({ fields: Object.fromEntries(back) }, `without ${name}`);
    await session.catchUp();
    toast(`${name} is taken back`, { kind: "good" });
  } catch (error) {
    tellError(error, "Not all of it was taken back");
  }
}
