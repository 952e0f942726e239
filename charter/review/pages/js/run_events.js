/** A run's songs kept as they are on the server: asked for once, and changed by what is told. */

import { api } from "./api.js";
import { tellError } from "./toast.js";

const LONGEST_WAIT_MS = 1000;

/**
 * Load a run and follow it.
 * @param {number} id
 * @param {import("./live.js").Live} live
 * @param {import("./songs.js").Songs} songs
 * @param {(people: {id: number, name: string, chart: number | null}[]) => void} people
 * @param {(error: unknown) => void} [failed]  hears why the run could not be asked for again
 * @returns {Promise<any>} the run. Rejects where it cannot be had
 */
export async function follow(id, live, songs, people, failed = tellError) {
  /** @type {(() => void)[] | null} what is told while the run is on its way, which may be older than it */
  let held = [];
  const hear = (/** @type {string} */ type, /** @type {(event: any) => void} */ act) =>
    live.on(type, (event) => (held ? held.push(() => act(event)) : act(event)));
  hear("song", (event) => songs.put(event.song));
  hear("song gone", (event) => songs.remove(event.song));
  hear("chart", (event) => songs.putChart(event.chart));
  hear("assigned", (event) => songs.assign(event.charts, event.assignee));
  hear("job", (event) => songs.putJob(event.job));
  hear("song edit", (event) => {
    const song = songs.get(event.song);
    if (song) songs.put({ ...song, title: event.fields.title ?? song.title, artist: event.fields.artist ?? song.artist });
  });
  live.on("people", (event) => people(event.people));
  const load = async () => {
    held ??= [];
    try {
      const run = await api.get(`/api/runs/${id}`);
      songs.load(run.songs);
      return run;
    } finally {
      const acts = held ?? [];
      held = null;
      for (const act of acts) act();
    }
  };
  live.on("reconnected", () => load().catch(failed));
  // What happens between the answer and the connection would be missed, so the connection comes first, if it comes.
  await new Promise((resolve) => {
    const stop = live.on("connected", () => (stop(), resolve(null)));
    setTimeout(resolve, LONGEST_WAIT_MS);
  });
  return load();
}
