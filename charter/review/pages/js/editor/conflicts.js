// What to do where two people changed the same place.

import { apply, changesTo, isEmpty, misfits, reduced, sameField } from "./edits.js";
import { PANELS, cellOf, placeOf } from "./notes.js";

/** @typedef {import("./edits.js").Changes} Changes */
/** @typedef {import("./notes.js").Value} Value */
/** @typedef {{key: string, changes: Changes}} OwnEdit */
/**
 * @typedef {{cells: {tick: number, panel: number, mine: Value|null, theirs: Value|null}[],
 *   fields: {name: string, mine: any, theirs: any}[]}} Conflict
 */

/**
 * Where an edit cannot count as it is: its places are changed, or something that it does not change now stands in the way
 * of its notes. The rest of it counts.
 * @param {Map<number, Value>} cells what stands there now
 * @param {Object<string, any>} fields
 * @param {Changes} changes
 * @returns {{cells: Set<number>, fields: string[]}}
 */
export function troubles(cells, fields, changes) {
  const wrong = misfits(cells, fields, changes);
  let found;
  do {
    const rest = reduced(changes, wrong);
    const after = new Map(cells);
    apply(after, {}, { notes: rest.notes });
    found = collisions(after, new Set(rest.notes.map(([tick, panel]) => cellOf(tick, panel))));
    for (const cell of found) wrong.cells.add(cell); // what is left out there may be in the way of others of the edit
  } while (found.length);
  return wrong;
}

/** Those of `own` cells that share a moment of their panel with a cell which is not own. */
function collisions(cells, own) {
  const found = [];
  const reaches = Array.from({ length: PANELS }, () => ({ own: [-1], others: -1 })); // last ticks of holds so far
  for (const cell of [...cells.keys()].sort((a, b) => a - b)) {
    const [tick, panel] = placeOf(cell);
    const end = cells.get(cell)[1] ?? -1;
    const reach = reaches[panel];
    if (own.has(cell)) {
      if (reach.others >= tick) found.push(cell);
      if (end > reach.own[0]) reach.own = [end, cell];
    } else {
      if (reach.own[0] >= tick) found.push(reach.own[1]);
      reach.others = Math.max(reach.others, end);
    }
  }
  return [...new Set(found)];
}

/**
 * @param {Map<number, Value>} cells what stands there now
 * @param {Object<string, any>} fields
 * @param {Changes} changes of the edit that does not fit
 * @param {{cells: Set<number>, fields: string[]}} wrong
 * @returns {Conflict} both choices, side by side
 */
export function conflictOf(cells, fields, changes, wrong) {
  const mine = new Map((changes.notes ?? []).map(([tick, panel, , now]) => [cellOf(tick, panel), now]));
  return {
    cells: [...wrong.cells].sort((a, b) => a - b).map((cell) => {
      const [tick, panel] = placeOf(cell);
      return { tick, panel, mine: mine.get(cell) ?? null, theirs: cells.get(cell) ?? null };
    }),
    fields: wrong.fields.map((name) => ({ name, mine: changes.fields[name][1], theirs: fields[name] ?? null })),
  };
}

/**
 * The edits that wait, with what stands there now where they disagree.
 * @param {OwnEdit[]} pending
 * @param {{cells: Set<number>, fields: string[]}} wrong
 * @returns {OwnEdit[]} those that still do something
 */
export function keepTheirs(pending, wrong) {
  return pending
    .map((edit) => ({ ...edit, changes: reduced(edit.changes, wrong) }))
    .filter(({ changes }) => !isEmpty(changes));
}

/**
 * The edits that wait, made anew on what stands there now, so that all of them count.
 * @param {Map<number, Value>} cells what stands there now
 * @param {Object<string, any>} fields
 * @param {OwnEdit[]} pending
 * @returns {OwnEdit[]} those that still do something
 */
export function keepMine(cells, fields, pending) {
  const [nowCells, nowFields] = [new Map(cells), { ...fields }];
  const made = [];
  for (const edit of pending) {
    const wanted = new Map((edit.changes.notes ?? []).map(([tick, panel, , now]) => [cellOf(tick, panel), now]));
    const changes = { ...edit.changes, ...changesTo(nowCells, wanted) };
    const other = Object.entries(edit.changes.fields ?? {}).filter(([name, [, now]]) => !sameField(nowFields[name], now));
    changes.fields = Object.fromEntries(other.map(([name, [, now]]) => [name, [nowFields[name] ?? null, now]]));
    apply(nowCells, nowFields, { ...changes, shift: 0 });
    if (!isEmpty(changes)) made.push({ ...edit, changes });
  }
  return made;
}

/** Who else changed what, as far as this page has heard. */
export class Touched {
  #names = new Map(); // by cells, and by names of fields

  /** @param {string|undefined} name @param {Changes} changes */
  add(name, { notes = [], fields = {} }) {
    for (const [tick, panel] of notes) this.#names.set(cellOf(tick, panel), name);
    for (const field of Object.keys(fields)) this.#names.set(field, name);
  }

  /**
   * @param {{cells: Set<number>, fields: string[]}} places
   * @returns {string[]} names, each once
   */
  by({ cells, fields }) {
    return [...new Set([...cells, ...fields].map((place) => this.#names.get(place)).filter(Boolean))];
  }
}
