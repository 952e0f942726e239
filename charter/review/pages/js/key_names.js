/** Names of keys, as `Ctrl+Shift+Z`, `Space`, `ArrowUp`, `?` or `4`: which press they mean and how they are written. */

const LABELS = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Delete: "Del",
  PageUp: "PgUp",
  PageDown: "PgDn",
};

const OTHER_SCRIPT = /^[^\p{ASCII}\p{Script=Latin}]$/u;

/**
 * @typedef {object} Key
 * @property {string} name  the key without what is held: one character or a name as `KeyboardEvent.key` has it
 * @property {boolean} ctrl  Ctrl, or Cmd on a Mac
 * @property {boolean} alt
 * @property {boolean} shift
 */

/**
 * Take a name apart. Throws for a held key that there is none of.
 * @param {string} text
 * @returns {Key}
 */
export function parseKey(text) {
  const parts = text === "+" ? ["+"] : text.endsWith("++") ? [...text.slice(0, -2).split("+"), "+"] : text.split("+");
  const name = parts.pop() ?? "";
  const held = new Set(parts);
  const key = { name, ctrl: held.delete("Ctrl"), alt: held.delete("Alt"), shift: held.delete("Shift") };
  if (!name || held.size) throw new Error(`${text} is no key; one is written as Ctrl+Shift+Z`);
  return key;
}

/**
 * Whether a press is of a key. Letters count by what the layout writes, and by their place where it writes another
 * script than ours; digits by their place (so that Shift and layouts with shifted digits do not matter); of other
 * characters Shift is the layout's affair.
 * @param {Key} key
 * @param {{key: string, code?: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}} press
 * @returns {boolean}
 */
export function matches(key, press) {
  if (key.ctrl !== Boolean(press.ctrlKey || press.metaKey) || key.alt !== Boolean(press.altKey)) return false;
  const shift = Boolean(press.shiftKey);
  const { name } = key;
  if (/^[0-9]$/.test(name)) return key.shift === shift && (press.code === `Digit${name}` || press.code === `Numpad${name}`);
  if (/^[a-z]$/i.test(name)) {
    const same = press.key.toLowerCase() === name.toLowerCase();
    const isByPlace = key.alt || OTHER_SCRIPT.test(press.key);
    return key.shift === shift && (same || (isByPlace && press.code === `Key${name.toUpperCase()}`));
  }
  if (name.length === 1) return press.key === name && (!key.shift || shift);
  return key.shift === shift && press.key === (name === "Space" ? " " : name);
}

/**
 * How a key's name is shown, a piece for each thing to press.
 * @param {string} text
 * @returns {string[]}
 */
export function keyLabel(text) {
  const { name, ctrl, alt, shift } = parseKey(text);
  const written = name.length === 1 ? name.toUpperCase() : (LABELS[/** @type {keyof LABELS} */ (name)] ?? name);
  return [ctrl && "Ctrl", alt && "Alt", shift && "Shift", written].filter((piece) => typeof piece === "string");
}
