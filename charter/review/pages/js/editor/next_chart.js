// Which chart of the run is to be reviewed next: one button and one key away.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { chord } from "../help.js";
import { nextToReview } from "./run_order.js";

/**
 * @param {any} desk
 * @param {import("../live.js").Live} live
 * @returns {{root: HTMLElement, go: () => void}}
 */
export function makeNext(desk, live) {
  const { song, me } = desk;
  let charts = [];
  const where = el("span", { class: "where" });
  const root = el("a", { class: "button next", href: `/run/${song.run}` }, where, chord(["Y"]));

  async function load() {
    try {
      const run = await api.get(`/api/runs/${song.run}`);
      charts = run.songs.filter(({ state }) => state === "ready")
        .flatMap((each) => each.charts.map((row) => ({ ...row, title: each.title })));
      show();
    } catch {
      // the button leads to the list until the server is heard of again
    }
  }

  function show() {
    const next = nextToReview(charts, desk.chart.id, me.id);
    const text = next ? `Next: ${next.slot[0].toUpperCase()}${next.slot.slice(1)} ${next.meter} · ${next.title}` : "To the list of songs";
    fill(where, text);
    root.title = next ? `${text}: the next chart to review` : "No other chart of this run is to be reviewed";
    root.href = next ? `/chart/${next.id}` : `/run/${song.run}`;
  }

  live.on("chart", ({ chart }) => {
    charts = charts.map((each) => (each.id === chart.id ? { ...each, ...chart } : each));
    show();
  });
  live.on("song", (event) => event.song.state === "ready" && load());
  live.on("reconnected", load);
  show();
  load();
  return { root, go: () => location.assign(root.href) };
}
