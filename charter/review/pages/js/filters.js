/** Which songs of a run are shown, and in which order. Pure: no page is needed. */

/**
 * @typedef {{id: number, name: string}} Who
 * @typedef {object} ChartRow
 * @property {number} id
 * @property {number} song
 * @property {string} slot
 * @property {number} meter
 * @property {string} status
 * @property {Who | null} assignee
 * @property {number} version
 * @property {number} rows
 * @property {number} findings
 * @property {number} faults
 * @property {number} comments
 * @property {number} seconds
 * @property {{verdict: string, author: Who | null, at: string, version: number} | null} decided
 * @typedef {object} SongRow
 * @property {number} id
 * @property {number} run
 * @property {string} state
 * @property {string} error
 * @property {string} source
 * @property {string} title
 * @property {string} artist
 * @property {number | null} duration
 * @property {{severity: string, message: string, dismissed: any}[]} findings
 * @property {any} job
 * @property {ChartRow[]} charts
 */

/**
 * @typedef {object} Filter
 * @property {string} tab  a key of TABS
 * @property {string} text  words that all must occur in title, artist, file name or a reviewer's name
 * @property {string} slot  of the charts that count; empty for all
 * @property {string} findings  a key of FINDINGS
 * @property {string} reviewer  ``me``, ``none``, a person's id, or empty for all
 * @property {string} sort  a key of SORTS
 * @property {boolean} down  from the last to the first
 */

/** @type {Readonly<Filter>} */
export const NO_FILTER = { tab: "all", text: "", slot: "", findings: "", reviewer: "", sort: "added", down: false };

export const SLOTS = ["beginner", "easy", "medium", "hard", "challenge", "edit"];
export const STATUSES = ["open", "sent back", "accepted", "rejected"];

/** What the tabs hold: songs with a chart of a status, or songs in a state. */
export const TABS = {
  all: { label: "All" },
  open: { label: "To review", status: "open" },
  back: { label: "Sent back", status: "sent back" },
  accepted: { label: "Accepted", status: "accepted" },
  rejected: { label: "Rejected", status: "rejected" },
  work: { label: "In work", states: ["waiting", "working"] },
  failed: { label: "Failed", states: ["failed", "cancelled"] },
};

/** @type {Record<string, {label: string, passes: (chart: ChartRow) => boolean}>} */
export const FINDINGS = {
  "": { label: "Any findings", passes: () => true },
  some: { label: "With findings", passes: (chart) => chart.findings > 0 },
  faults: { label: "With faults", passes: (chart) => chart.faults > 0 },
  none: { label: "Without findings", passes: (chart) => chart.findings === 0 },
  comments: { label: "With comments", passes: (chart) => chart.comments > 0 },
};

const sum = (/** @type {SongRow} */ song, /** @type {"findings" | "seconds" | "comments"} */ what) =>
  song.charts.reduce((total, chart) => total + chart[what], 0);

/** Songs by what they are sorted by, least first. @type {Record<string, {label: string, of: (song: SongRow) => string | number}>} */
export const SORTS = {
  added: { label: "As added", of: (song) => song.id },
  title: { label: "Title", of: (song) => song.title || song.source },
  artist: { label: "Artist", of: (song) => song.artist },
  length: { label: "Length", of: (song) => song.duration ?? 0 },
  meter: { label: "Hardest meter", of: (song) => Math.max(0, ...song.charts.map((chart) => chart.meter)) },
  findings: { label: "Findings", of: (song) => sum(song, "findings") + openFindings(song) },
  comments: { label: "Comments", of: (song) => sum(song, "comments") },
  time: { label: "Time spent", of: (song) => sum(song, "seconds") },
};

/** @type {WeakMap<SongRow, string>} */
const texts = new WeakMap();

/** @param {SongRow} song */
function textOf(song) {
  let text = texts.get(song);
  if (text === undefined) {
    const names = song.charts.map((chart) => chart.assignee?.name ?? "");
    text = fold([song.title, song.artist, song.source, ...names].join("\n"));
    texts.set(song, text);
  }
  return text;
}

/** Letters as one types them: `Déjà` is found by `deja`. @param {string} text */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Findings of the song as a whole that nobody dismissed.
 * @param {SongRow} song
 * @returns {number}
 */
export function openFindings(song) {
  return song.findings.filter((finding) => !finding.dismissed).length;
}

/**
 * Whether a chart is among those that a filter asks for, whatever its song is called.
 * @param {ChartRow} chart
 * @param {Filter} filter
 * @param {number} me  id of who asks
 * @returns {boolean}
 */
export function chartPasses(chart, filter, me) {
  const { status } = /** @type {{status?: string}} */ (TABS[/** @type {keyof typeof TABS} */ (filter.tab)] ?? {});
  if (status && chart.status !== status) return false;
  if (filter.slot && chart.slot !== filter.slot) return false;
  if (filter.reviewer === "none" && chart.assignee) return false;
  if (filter.reviewer === "me" && chart.assignee?.id !== me) return false;
  if (/^\d+$/.test(filter.reviewer) && chart.assignee?.id !== Number(filter.reviewer)) return false;
  return (FINDINGS[filter.findings] ?? FINDINGS[""]).passes(chart);
}

/**
 * What a filter says of charts, to tell whether two say the same.
 * @param {Filter} filter
 * @returns {string}
 */
export function aboutCharts({ tab, slot, findings, reviewer }) {
  return [tab, slot, findings, reviewer].join("\n");
}

/** @param {Filter} filter */
const asksForCharts = (filter) => Boolean(filter.slot || filter.findings || filter.reviewer);

/**
 * The songs that a filter lets through, in its order.
 * @param {Iterable<SongRow>} songs
 * @param {Filter} filter
 * @param {number} me
 * @returns {SongRow[]}
 */
export function choose(songs, filter, me) {
  const words = fold(filter.text).split(/\s+/).filter(Boolean);
  const tab = TABS[/** @type {keyof typeof TABS} */ (filter.tab)] ?? TABS.all;
  const shown = [];
  for (const song of songs) {
    if ("states" in tab && !tab.states.includes(song.state)) continue;
    if (words.length && !words.every((word) => textOf(song).includes(word))) continue;
    if (("status" in tab || asksForCharts(filter)) && !song.charts.some((chart) => chartPasses(chart, filter, me))) continue;
    shown.push(song);
  }
  return sorted(shown, filter);
}

const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** @param {SongRow[]} songs @param {Filter} filter */
function sorted(songs, filter) {
  const { of } = SORTS[filter.sort] ?? SORTS.added;
  const way = filter.down ? -1 : 1;
  return songs
    .map((song) => ({ song, value: of(song) }))
    .sort((a, b) => {
      const order = typeof a.value === "string" ? compare(a.value, String(b.value)) : a.value - Number(b.value);
      return order ? way * order : a.song.id - b.song.id;
    })
    .map(({ song }) => song);
}

/**
 * How many songs each tab holds.
 * @param {Iterable<SongRow>} songs
 * @returns {Record<keyof typeof TABS, number>}
 */
export function tabCounts(songs) {
  const counts = { all: 0, open: 0, back: 0, accepted: 0, rejected: 0, work: 0, failed: 0 };
  for (const song of songs) {
    counts.all += 1;
    const statuses = new Set(song.charts.map((chart) => chart.status));
    for (const [name, tab] of Object.entries(TABS)) {
      const holds = "status" in tab ? statuses.has(tab.status) : "states" in tab && tab.states.includes(song.state);
      counts[/** @type {keyof typeof TABS} */ (name)] += Number(holds);
    }
  }
  return counts;
}

/**
 * What is to be told of a run in one line.
 * @param {Iterable<SongRow>} songs
 * @returns {{songs: number, charts: number, seconds: number, statuses: Record<string, number>, states: Record<string, number>}}
 */
export function totals(songs) {
  /** @type {ReturnType<typeof totals>} */
  const all = { songs: 0, charts: 0, seconds: 0, statuses: Object.fromEntries(STATUSES.map((each) => [each, 0])), states: {} };
  for (const song of songs) {
    all.songs += 1;
    all.charts += song.charts.length;
    all.states[song.state] = (all.states[song.state] ?? 0) + 1;
    for (const chart of song.charts) {
      all.seconds += chart.seconds;
      all.statuses[chart.status] = (all.statuses[chart.status] ?? 0) + 1;
    }
  }
  return all;
}

/**
 * The columns of charts that songs need: their slots, easiest first, `edit` as often as a song has such charts.
 * @param {Iterable<SongRow>} songs
 * @param {string[]} asked  slots that there are columns for while no song has charts
 * @returns {{slot: string, nth: number}[]}
 */
export function columnsOf(songs, asked) {
  /** @type {Record<string, number>} */
  const most = {};
  for (const song of songs) {
    /** @type {Record<string, number>} */
    const has = {};
    for (const { slot } of song.charts) has[slot] = (has[slot] ?? 0) + 1;
    for (const [slot, n] of Object.entries(has)) most[slot] = Math.max(most[slot] ?? 0, n);
  }
  if (!Object.keys(most).length) for (const slot of asked) most[slot] = 1;
  return SLOTS.flatMap((slot) => Array.from({ length: Math.min(most[slot] ?? 0, 4) }, (_, nth) => ({ slot, nth })));
}

/**
 * The chart of a song that stands in a column.
 * @param {SongRow} song
 * @param {{slot: string, nth: number}} column
 * @returns {ChartRow | undefined}
 */
export function chartIn(song, { slot, nth }) {
  return song.charts.filter((chart) => chart.slot === slot)[nth];
}

/**
 * A filter as the query of an address, which holds only what is not as usual.
 * @param {Filter} filter
 * @returns {string} with `?`, or empty
 */
export function toQuery(filter) {
  const query = new URLSearchParams();
  for (const [name, usual] of Object.entries(NO_FILTER)) {
    const value = filter[/** @type {keyof Filter} */ (name)];
    if (value !== usual) query.set(name, String(value));
  }
  const text = query.toString();
  return text && `?${text}`;
}

/**
 * The filter that an address asks for; what it misspells is as usual.
 * @param {string} search  as `location.search` has it
 * @returns {Filter}
 */
export function fromQuery(search) {
  const query = new URLSearchParams(search);
  const known = (/** @type {string} */ name, /** @type {object} */ values) => {
    const value = query.get(name) ?? "";
    return Object.hasOwn(values, value) ? value : String(NO_FILTER[/** @type {keyof Filter} */ (name)]);
  };
  return {
    tab: known("tab", TABS),
    text: query.get("text") ?? "",
    slot: SLOTS.includes(query.get("slot") ?? "") ? String(query.get("slot")) : "",
    findings: known("findings", FINDINGS),
    reviewer: /^(me|none|\d+)$/.test(query.get("reviewer") ?? "") ? String(query.get("reviewer")) : "",
    sort: known("sort", SORTS),
    down: query.get("down") === "true",
  };
}
