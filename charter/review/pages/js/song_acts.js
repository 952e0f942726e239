/** What is asked of the server for songs and charts, one or many, and what is told of it. */

import { api } from "./api.js";
import { openDialog } from "./dialog.js";
import { el, fill } from "./dom.js";
import { avatar } from "./header.js";
import { tellError, toast } from "./toast.js";
import { count } from "./words.js";

const AT_ONCE = 6;
const MANY = 50; // so many take seconds, and one wants to know how far it is

/** @typedef {import("./filters.js").SongRow} SongRow @typedef {import("./filters.js").ChartRow} ChartRow @typedef {import("./filters.js").Who} Who */

/**
 * Do something for each of many, a few at a time; the first failure is told once, with how many there were.
 * @template T
 * @param {T[]} all
 * @param {(each: T) => Promise<void>} act
 * @param {string} failed  what it means: "not assigned"
 * @returns {Promise<number>} how many succeeded
 */
async function forEach(all, act, failed) {
  const left = [...all];
  const told = all.length > MANY ? toast("", { seconds: Infinity }) : null;
  /** @type {unknown[]} */
  const errors = [];
  const worker = async () => {
    for (let each = left.shift(); each !== undefined; each = left.shift()) {
      try {
        await act(each);
      } catch (error) {
        errors.push(error);
      }
      told?.say(`${(all.length - left.length).toLocaleString("en")} of ${all.length.toLocaleString("en")}…`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, all.length) }, worker));
  told?.();
  if (errors.length) tellError(errors[0], all.length > 1 ? `${errors.length} of ${all.length} ${failed}` : "");
  return all.length - errors.length;
}

/** @param {import("./songs.js").Songs} songs @param {SongRow[]} chosen */
export async function retry(songs, chosen) {
  const some = chosen.filter((song) => song.state === "failed" || song.state === "cancelled");
  await forEach(some, async (song) => songs.put(await api.post(`/api/songs/${song.id}/retry`)), "not tried again");
}

/** @param {import("./songs.js").Songs} songs @param {SongRow[]} chosen */
export async function cancel(songs, chosen) {
  const some = chosen.filter((song) => song.state === "waiting" || song.state === "working");
  await forEach(some, async (song) => songs.put(await api.post(`/api/songs/${song.id}/cancel`)), "not cancelled");
}

/** Take failed and cancelled songs out of the run. @param {import("./songs.js").Songs} songs @param {SongRow[]} chosen */
export async function remove(songs, chosen) {
  const some = chosen.filter((song) => song.state === "failed" || song.state === "cancelled");
  const gone = await forEach(some, async (song) => {
    await api.del(`/api/songs/${song.id}`);
    songs.remove(song.id);
  }, "not removed");
  if (gone > 1) toast(`${count(gone, "song")} removed`);
}

/**
 * Make someone the reviewer of charts.
 * @param {import("./songs.js").Songs} songs @param {ChartRow[]} charts @param {Who | null} who
 */
export async function assign(songs, charts, who) {
  if (!charts.length) {
    toast("There are no charts to assign here yet.");
    return;
  }
  const others = charts.filter((chart) => (chart.assignee?.id ?? null) !== (who?.id ?? null)).map((chart) => chart.id);
  const run = songs.get(charts[0].song)?.run;
  try {
    if (others.length) songs.assign(others, (await api.patch(`/api/runs/${run}/assignments`, { charts: others, assignee: who?.id ?? null })).assignee);
  } catch (error) {
    tellError(error, "Not assigned");
    return;
  }
  toast(who ? `${count(charts.length, "chart")} for ${who.name}` : `${count(charts.length, "chart")} for no one`, { kind: "good" });
}

/**
 * Ask who is to review charts.
 * @param {string} what  "12 charts of 3 songs"
 * @param {Who[]} people
 * @param {Who} me  stands first
 * @param {(who: Who | null) => void} chosen
 */
export function askWho(what, people, me, chosen) {
  const ordered = [me, ...people.filter((who) => who.id !== me.id).sort((a, b) => a.name.localeCompare(b.name))];
  const search = el("input", { type: "search", placeholder: "Type a name", "aria-label": "Reviewer", autocomplete: "off" });
  const list = el("ul", { class: "who" });
  /** @type {(Who | null)[]} */
  let shown = [];
  const take = (/** @type {Who | null} */ who) => {
    box.close();
    chosen(who);
  };
  const draw = () => {
    const text = search.value.trim().toLowerCase();
    shown = [...ordered.filter((who) => who.name.toLowerCase().includes(text)), ...(text ? [] : [null])];
    fill(list, shown.map((who) => el("li", {},
      el("button", { type: "button", class: "quiet", onclick: () => take(who) },
        who ? avatar(who) : el("span", { class: "avatar none" }, "–"),
        who ? who.name : "No one", who?.id === me.id && el("span", { class: "soft" }, "that is you")))),
      !shown.length && el("li", { class: "soft" }, "Nobody of that name has signed in here yet."));
  };
  search.addEventListener("input", draw);
  const box = openDialog({ title: "Who reviews it?", body: [el("p", { class: "soft" }, what), search, list], submit: () => shown.length && take(shown[0]) });
  box.root.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [search, ...list.querySelectorAll("button")];
    const at = stops.indexOf(document.activeElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus();
  });
  draw();
  search.focus();
}
