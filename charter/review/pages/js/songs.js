/** The songs of a run as the page knows them: replaced, never changed, so that what was drawn can tell. */

/** @typedef {import("./filters.js").SongRow} SongRow @typedef {import("./filters.js").ChartRow} ChartRow */

/** Songs by id, with who listens for changes told once a turn however many there were. */
export class Songs {
  /** @type {Map<number, SongRow>} */
  #all = new Map();
  /** @type {Map<number, number>} chart -> song */
  #songOf = new Map();
  /** @type {Set<() => void>} */
  #listeners = new Set();
  #told = true;

  /** @returns {SongRow[]} in order of their ids */
  all() {
    return [...this.#all.values()];
  }

  /** @param {number} id @returns {SongRow | undefined} */
  get(id) {
    return this.#all.get(id);
  }

  /** @param {number} id of a chart @returns {ChartRow | undefined} */
  chart(id) {
    return this.#all.get(this.#songOf.get(id) ?? -1)?.charts.find((chart) => chart.id === id);
  }

  /** Put these in the place of all. @param {SongRow[]} songs */
  load(songs) {
    this.#all = new Map([...songs].sort((a, b) => a.id - b.id).map((song) => [song.id, song]));
    this.#songOf = new Map(songs.flatMap((song) => song.charts.map((chart) => [chart.id, song.id])));
    this.#tell();
  }

  /** A song that is new or changed; a row without charts says nothing of them. @param {SongRow} song */
  put(song) {
    const old = this.#all.get(song.id);
    const whole = { ...(old ?? { charts: [], findings: [], job: null }), ...song };
    this.#all.set(song.id, whole);
    for (const chart of whole.charts) this.#songOf.set(chart.id, song.id);
    this.#tell();
  }

  /** A chart that changed; one of a song that is not known is passed over. @param {ChartRow} chart */
  putChart(chart) {
    const song = this.#all.get(chart.song);
    if (!song) return;
    const known = song.charts.some((each) => each.id === chart.id);
    const charts = known ? song.charts.map((each) => (each.id === chart.id ? { ...each, ...chart } : each)) : [...song.charts, chart];
    this.put({ ...song, charts });
  }

  /**
   * Say who reviews charts; those that are not known are passed over.
   * @param {number[]} charts
   * @param {{id: number, name: string} | null} assignee
   */
  assign(charts, assignee) {
    /** @type {Map<number, Set<number>>} */
    const bySong = new Map();
    for (const chart of charts) {
      const song = this.#songOf.get(chart);
      if (song !== undefined) bySong.set(song, (bySong.get(song) ?? new Set()).add(chart));
    }
    for (const [id, chosen] of bySong) {
      const song = this.#all.get(id);
      if (song) this.put({ ...song, charts: song.charts.map((each) => (chosen.has(each.id) ? { ...each, assignee } : each)) });
    }
  }

  /** Work on a song, where it is the one that the song waits for. @param {any} job */
  putJob(job) {
    const song = this.#all.get(job.song);
    if (!song || (song.job ? song.job.id !== job.id : !["intake", "take in"].includes(job.kind))) return;
    this.put({ ...song, job });
  }

  /** @param {number} id */
  remove(id) {
    if (this.#all.delete(id)) this.#tell();
  }

  /** @param {() => void} listener @returns {() => void} what ends it */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell() {
    if (!this.#told) return;
    this.#told = false;
    queueMicrotask(() => {
      this.#told = true;
      for (const listener of this.#listeners) listener();
    });
  }
}
