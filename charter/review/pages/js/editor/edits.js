// Changes of a chart: made, taken back, tried on what stands there.
// {notes: [[tick, panel, was, now], …], fields: {meter: [was, now], …}}, or {shift: ticks} of a whole chart.

import { HOLD, PANELS, ROLL, TAP, cellOf, placeOf, sameValue } from "./notes.js";

/** @typedef {import("./notes.js").Value} Value */
/** @typedef {[number, number, Value|null, Value|null]} Change */
/** @typedef {{notes?: Change[], fields?: Object<string, [any, any]>, shift?: number}} Changes */

const SHORTENED_BY = 12; // a hold that is cut ends a 16th before what cuts it

/**
 * @param {Changes} changes
 * @returns {boolean}
 */
export const isEmpty = (changes) =>
  !changes.notes?.length && !Object.keys(changes.fields ?? {}).length && !changes.shift;

/**
 * What takes the changes back.
 * @param {Changes} changes
 * @returns {Changes}
 */
export function inverted(changes) {
  const fields = Object.entries(changes.fields ?? {}).map(([name, [was, now]]) => [name, [now, was]]);
  const inverse = { notes: (changes.notes ?? []).map(([tick, panel, was, now]) => [tick, panel, now, was]) };
  inverse.fields = Object.fromEntries(fields);
  if (changes.shift) inverse.shift = -changes.shift;
  return inverse;
}

/**
 * The same changes where everything lies `ticks` later.
 * @param {Changes} changes
 * @param {number} ticks
 * @returns {Changes}
 */
export function shifted(changes, ticks) {
  const later = (value) => (value && value[1] !== null ? [value[0], value[1] + ticks] : value);
  const notes = changes.notes?.map(([tick, panel, was, now]) => [tick + ticks, panel, later(was), later(now)]);
  return notes ? { ...changes, notes } : changes;
}

/**
 * Put changes into cells and fields, whatever stood there.
 * @param {Map<number, Value>} cells changed
 * @param {Object<string, any>} fields changed
 * @param {Changes} changes
 */
export function apply(cells, fields, changes) {
  if (changes.shift) shiftCells(cells, changes.shift);
  for (const [tick, panel, , now] of changes.notes ?? []) {
    if (now) cells.set(cellOf(tick, panel), now);
    else cells.delete(cellOf(tick, panel));
  }
  for (const [name, [, now]] of Object.entries(changes.fields ?? {})) fields[name] = now;
}

function shiftCells(cells, ticks) {
  const moved = [...cells].map(([cell, [kind, end]]) => [cell + ticks * PANELS, [kind, end === null ? null : end + ticks]]);
  cells.clear();
  for (const [cell, value] of moved) cells.set(cell, value);
}

/**
 * Where the changes do not find what they count on.
 * @param {Map<number, Value>} cells
 * @param {Object<string, any>} fields
 * @param {Changes} changes
 * @returns {{cells: Set<number>, fields: string[]}}
 */
export function misfits(cells, fields, changes) {
  const wrong = new Set();
  for (const [tick, panel, was] of changes.notes ?? []) {
    if (!sameValue(cells.get(cellOf(tick, panel)) ?? null, was)) wrong.add(cellOf(tick, panel));
  }
  const other = Object.entries(changes.fields ?? {}).filter(([name, [was]]) => !sameField(fields[name], was));
  return { cells: wrong, fields: other.map(([name]) => name) };
}

/**
 * @param {any} a a field's value
 * @param {any} b
 * @returns {boolean}
 */
export const sameField = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * The changes less those on some cells and fields.
 * @param {Changes} changes
 * @param {{cells: Set<number>, fields: string[]}} without
 * @returns {Changes}
 */
export function reduced(changes, without) {
  return {
    ...changes,
    notes: (changes.notes ?? []).filter(([tick, panel]) => !without.cells.has(cellOf(tick, panel))),
    fields: Object.fromEntries(Object.entries(changes.fields ?? {}).filter(([name]) => !without.fields.includes(name))),
  };
}

/**
 * The changes after which `wanted` stands in the chart. What is in its way on its own panel goes: a note under a new
 * hold is taken out, a hold that reaches over a new note ends before it.
 * @param {Map<number, Value>} cells what stands there
 * @param {Map<number, Value|null>} wanted null takes a note out
 * @returns {Changes}
 */
export function changesTo(cells, wanted) {
  const after = new Map(wanted);
  const panels = new Set([...wanted.keys()].map((cell) => cell % PANELS));
  for (const panel of panels) clearWay(cells, wanted, panel, after);
  const notes = [];
  for (const cell of [...after.keys()].sort((a, b) => a - b)) {
    const [was, now] = [cells.get(cell) ?? null, after.get(cell)];
    if (!sameValue(was, now)) notes.push([...placeOf(cell), was, now]);
  }
  return { notes, fields: {} };
}

function clearWay(cells, wanted, panel, after) {
  const ordered = [];
  for (const [cell, value] of cells) {
    if (cell % PANELS === panel && !wanted.has(cell)) ordered.push({ cell, value, isNew: false });
  }
  for (const [cell, value] of wanted) {
    if (value && cell % PANELS === panel) ordered.push({ cell, value, isNew: true });
  }
  ordered.sort((a, b) => a.cell - b.cell);
  let before = null;
  for (const item of ordered) {
    const tick = placeOf(item.cell)[0];
    if (before && (before.value[1] ?? -1) >= tick) {
      if (item.isNew) after.set(before.cell, cut(before, tick));
      else if (before.isNew) {
        after.set(item.cell, null);
        continue;
      }
    }
    before = item;
  }
}

function cut({ cell, value: [kind] }, tick) {
  const end = tick - SHORTENED_BY;
  const isHeld = (kind === HOLD || kind === ROLL) && end > placeOf(cell)[0];
  return isHeld ? [kind, end] : [TAP, null];
}
