/** The list of a run's songs. Only the rows in sight are in the page, so that a thousand songs weigh as much as ten. */

import { el, fill } from "./dom.js";
import { chartIn } from "./filters.js";
import { songRow } from "./song_row.js";
import { capital } from "./words.js";

const ROW_PIXELS = 58;
const OVERSCAN = 6; // rows beyond the edges, so that scrolling shows no gaps

/** @typedef {import("./filters.js").SongRow} SongRow */

/** A grid of songs with a cursor (a song, or a chart of it) and a selection of songs. */
export class SongList {
  /** @type {SongRow[]} */
  #shown = [];
  /** @type {Map<number, number>} song -> its place among the shown */
  #placeOf = new Map();
  /** @type {Map<number, {song: SongRow, row: HTMLElement}>} */
  #drawn = new Map();
  /** @type {Set<number>} */
  #selected = new Set();
  #cursor = { song: 0, column: -1, place: 0 }; // column -1 is the song itself
  #anchor = 0; // of a selection that is drawn out
  #frame = 0;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /**
   * @param {import("./song_row.js").Look} look
   * @param {Omit<import("./song_row.js").Acts, "pick">} acts
   */
  constructor(look, acts) {
    this.look = look;
    this.acts = { ...acts, pick: this.#pick.bind(this) };
    this.rows = el("div", { class: "rows", role: "rowgroup" });
    this.all = el("input", { type: "checkbox", "aria-label": "Select all songs shown", tabindex: "-1" });
    this.all.addEventListener("click", () => (this.all.checked ? this.selectAll() : this.clear()));
    this.head = el("div", { class: "row head", role: "row" });
    this.root = el("div", { class: "list", role: "grid", tabindex: "0", "aria-label": "Songs and their charts", "aria-multiselectable": "true" },
      this.head, this.rows);
    this.root.addEventListener("scroll", () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.#soon()).observe(this.root);
    this.rows.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.#point(event));
  }

  /** @param {() => void} listener of the cursor and the selection */
  onChange(listener) {
    this.#listeners.add(listener);
  }

  /** Show these; the cursor stays on its song, or at its place. @param {SongRow[]} songs @param {Partial<import("./song_row.js").Look>} [look] */
  show(songs, look) {
    if (look) {
      Object.assign(this.look, look);
      this.#forget();
    }
    this.#shown = songs;
    this.#placeOf = new Map(songs.map((song, place) => [song.id, place]));
    for (const id of this.#selected) if (!this.#placeOf.has(id)) this.#selected.delete(id);
    this.#cursor.place = this.#placeOf.get(this.#cursor.song) ?? Math.max(0, Math.min(this.#cursor.place, songs.length - 1));
    this.#cursor.song = songs[this.#cursor.place]?.id ?? 0;
    this.#cursor.column = Math.min(this.#cursor.column, this.look.columns.length - 1);
    this.root.style.setProperty("--charts", String(Math.max(1, this.look.columns.length)));
    this.root.setAttribute("aria-rowcount", String(songs.length + 1));
    this.rows.style.height = `${songs.length * ROW_PIXELS}px`;
    this.#drawHead();
    this.#soon();
    this.#tell();
  }

  /** Draw rows of these charts' songs anew. @param {Iterable<number>} songIds */
  refresh(songIds) {
    for (const id of songIds) {
      this.#drawn.get(id)?.row.remove();
      this.#drawn.delete(id);
    }
    this.#soon();
  }

  /** Where the cursor is. */
  cursor() {
    const song = this.#shown[this.#cursor.place];
    const column = this.look.columns[this.#cursor.column];
    return { song, chart: song && column && song.state === "ready" ? chartIn(song, column) : undefined };
  }

  /** The cursor as what `goTo` takes, to come back to it. */
  mark() {
    return { song: this.#cursor.song, column: this.#cursor.column };
  }

  /** @param {{song: number, column: number}} mark */
  goTo({ song, column }) {
    const place = this.#placeOf.get(song);
    if (place !== undefined) this.#set(place, column);
  }

  /** @returns {SongRow[]} in the order shown */
  selection() {
    return this.#shown.filter((song) => this.#selected.has(song.id));
  }

  /** @param {number} rows @param {number} [columns] */
  move(rows, columns = 0) {
    this.#set(this.#cursor.place + rows, this.#cursor.column + columns);
  }

  /** How many rows there is room for. */
  get page() {
    return Math.max(1, Math.floor(this.root.clientHeight / ROW_PIXELS) - 2);
  }

  /** @param {number} rows select on from the cursor */
  extend(rows) {
    if (!this.#selected.size) this.#anchor = this.#cursor.place;
    this.move(rows);
    this.#selectBetween(this.#anchor, this.#cursor.place);
  }

  /** Take the cursor's song into the selection, or out of it. */
  toggle() {
    const { song } = this.cursor();
    if (!song) return;
    if (!this.#selected.delete(song.id)) this.#selected.add(song.id);
    this.#anchor = this.#cursor.place;
    this.#marks();
  }

  /** Select all that are shown. */
  selectAll() {
    this.#selected = new Set(this.#shown.map((song) => song.id));
    this.#marks();
  }

  /** Select none. */
  clear() {
    this.#selected.clear();
    this.#marks();
  }

  /** Go to the next chart for which this holds, after the cursor and round. @param {(chart: import("./filters.js").ChartRow) => boolean} wanted @returns {boolean} */
  seek(wanted) {
    const { columns } = this.look;
    const cells = this.#shown.length * columns.length;
    const from = this.#cursor.place * columns.length + this.#cursor.column;
    for (let step = 1; step <= cells; step += 1) {
      const cell = (from + step) % cells;
      const [place, column] = [Math.floor(cell / columns.length), cell % columns.length];
      const chart = chartIn(this.#shown[place], columns[column]);
      if (chart && wanted(chart)) {
        this.#set(place, column);
        return true;
      }
    }
    return false;
  }

  /** @param {number} place @param {number} column */
  #set(place, column) {
    if (!this.#shown.length) return;
    const now = Math.max(0, Math.min(place, this.#shown.length - 1));
    this.#cursor = { song: this.#shown[now].id, place: now, column: Math.max(-1, Math.min(column, this.look.columns.length - 1)) };
    this.#reveal(now);
    this.#draw();
    this.#marks();
  }

  /** @param {number} place */
  #reveal(place) {
    const room = this.root.clientHeight - this.head.offsetHeight;
    const top = place * ROW_PIXELS;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    else if (top + ROW_PIXELS > this.root.scrollTop + room) this.root.scrollTop = top + ROW_PIXELS - room;
  }

  /** @param {SongRow} song @param {MouseEvent} event */
  #pick(song, event) {
    const place = this.#placeOf.get(song.id) ?? 0;
    if (event.shiftKey) this.#selectBetween(this.#anchor, place);
    else {
      if (!this.#selected.delete(song.id)) this.#selected.add(song.id);
      this.#anchor = place;
    }
    this.#set(place, this.#cursor.column);
  }

  /** @param {number} from @param {number} to */
  #selectBetween(from, to) {
    for (let place = Math.min(from, to); place <= Math.max(from, to); place += 1) {
      const song = this.#shown[place];
      if (song) this.#selected.add(song.id);
    }
    this.#marks();
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const row = /** @type {HTMLElement | null} */ (target.closest(".row"));
    if (!row || event.button !== 0) return;
    const cell = target.closest(".cell");
    const cells = [...row.querySelectorAll(".cell.of-chart")];
    this.#set(this.#placeOf.get(Number(row.dataset.song)) ?? 0, cell ? cells.indexOf(cell) : -1);
  }

  #forget() {
    for (const { row } of this.#drawn.values()) row.remove();
    this.#drawn.clear();
  }

  #drawHead() {
    const several = this.look.columns.some((column) => column.nth > 0);
    fill(this.head,
      el("div", { class: "cell pick", role: "columnheader" }, this.all),
      el("div", { class: "cell", role: "columnheader" }, "Song"),
      el("div", { class: "cell length", role: "columnheader" }, "Length"),
      this.look.columns.map(({ slot, nth }) =>
        el("div", { class: `cell slot ${slot}`, role: "columnheader" }, capital(slot), several && slot === "edit" ? ` ${nth + 1}` : "")),
      !this.look.columns.length && el("div", { class: "cell", role: "columnheader" }, "Charts"),
      el("div", { class: "cell time", role: "columnheader", title: "Time that people worked on its charts" }, "Time"));
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const [first, end] = visible(this.root.scrollTop, this.root.clientHeight, this.#shown.length);
    const wanted = this.#shown.slice(first, end);
    const ids = new Set(wanted.map((song) => song.id));
    for (const [id, { row }] of this.#drawn) {
      if (ids.has(id)) continue;
      row.remove();
      this.#drawn.delete(id);
    }
    wanted.forEach((song, index) => {
      let drawn = this.#drawn.get(song.id);
      if (drawn?.song !== song) {
        const row = songRow(song, this.look, this.acts);
        if (drawn) drawn.row.replaceWith(row);
        else this.rows.append(row);
        drawn = { song, row };
        this.#drawn.set(song.id, drawn);
      }
      drawn.row.style.transform = `translateY(${(first + index) * ROW_PIXELS}px)`;
      drawn.row.setAttribute("aria-rowindex", String(first + index + 2));
    });
    this.#mark();
  }

  #marks() {
    this.#mark();
    this.#tell();
  }

  /** Cursor and selection, on what is drawn. */
  #mark() {
    let active = "";
    for (const [id, { song, row }] of this.#drawn) {
      const [onIt, selected] = [id === this.#cursor.song, this.#selected.has(id)];
      row.classList.toggle("cursor", onIt);
      row.classList.toggle("selected", selected);
      row.setAttribute("aria-selected", String(selected));
      /** @type {HTMLInputElement} */ (row.querySelector(".pick input")).checked = selected;
      row.querySelector(".at")?.classList.remove("at");
      if (!onIt) continue;
      const column = this.look.columns[this.#cursor.column];
      const chart = column && song.state === "ready" ? chartIn(song, column) : undefined;
      active = chart ? `chart-${chart.id}` : `song-${id}`;
      row.querySelector(`#${active}`)?.classList.add("at");
    }
    if (active) this.root.setAttribute("aria-activedescendant", active);
    else this.root.removeAttribute("aria-activedescendant");
    this.all.checked = this.#selected.size > 0 && this.#selected.size === this.#shown.length;
    this.all.indeterminate = this.#selected.size > 0 && !this.all.checked;
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}

/**
 * Which rows are in sight, or nearly so.
 * @param {number} top  pixels scrolled
 * @param {number} height  of the window on them
 * @param {number} n  rows in all
 * @returns {[number, number]} the first, and the one after the last
 */
function visible(top, height, n) {
  const first = Math.max(0, Math.floor(top / ROW_PIXELS) - OVERSCAN);
  return [Math.min(first, n), Math.min(n, Math.ceil((top + height) / ROW_PIXELS) + OVERSCAN)];
}
