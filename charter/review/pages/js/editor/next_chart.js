// Which chart of the run is to be reviewed next: one button and one key away.

import { el, fill } from "../dom.js";
import { chord } from "../help.js";
import { follow } from "../run_events.js";
import { Songs } from "../songs.js";
import { capital } from "../words.js";
import { nextToReview } from "./run_order.js";

/**
 * @param {any} desk
 * @param {import("../live.js").Live} live
 * @returns {{root: HTMLElement, go: () => void}}
 */
export function makeNext(desk, live) {
  const { song, me } = desk;
  const songs = new Songs();
  const where = el("span", { class: "where" });
  const root = el("a", { class: "button next", href: `/run/${song.run}` }, where, chord(["Y"]));

  function show() {
    const charts = songs.all().filter(({ state }) => state === "ready").flatMap((each) => each.charts.map((row) => ({ ...row, title: each.title })));
    const next = nextToReview(charts, desk.chart.id, me.id);
    const text = next ? `Next: ${capital(next.slot)} ${next.meter} · ${next.title}` : "To the list of songs";
    fill(where, text);
    root.title = next ? `${text}: the next chart to review` : "No other chart of this run is to be reviewed";
    root.href = next ? `/chart/${next.id}` : `/run/${song.run}`;
  }

  songs.onChange(show);
  show();
  const ignore = () => {}; // the button leads to the list, or to the chart known last, until the server is heard of
  follow(song.run, live, songs, () => {}, ignore).catch(ignore);
  return { root, go: () => location.assign(root.href) };
}
