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

/** Where these stand on the keyboards whose letters ours are. */
const PLACES = { ",": "Comma", ".": "Period", "/": "Slash", "?": "Slash", "-": "Minus", "=": "Equal", "+": "Equal" };
const SHIFTED = new Set(["?", "+"]);

/** Letters of another script, and the signs that go with one (the Arabic comma and question mark); `€`, `µ` and `¡` are of none. */
const OTHER_SCRIPT = /^[^\p{ASCII}\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]$|^[،؛؟]$/u;

/**
 * @typedef {{key: string, code?: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean}} Press
 */

/**
 * Whether the keyboard writes another script than ours, as far as the letters tell that were pressed on it so far.
 * Browsers do not say, and of a letter's key that writes `/` or `;` one cannot see whether it is Hebrew, Greek or Dvorak.
 */
export class Script {
  isOther = false;

  /** @param {Press} press */
  see({ key, code = "", ctrlKey, metaKey, altKey }) {
    if (!code.startsWith("Key") || ctrlKey || metaKey || altKey) return;
    if (OTHER_SCRIPT.test(key)) this.isOther = true;
    else if (/^\p{Script=Latin}$/u.test(key) && key === key.toLowerCase()) this.isOther = false; // Hebrew has capitals of ours
  }
}

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

/** Whether a key is a digit, which counts by its place. @param {Key} key */
export const isDigit = ({ name }) => /^[0-9]$/.test(name);

/**
 * Whether a press is of a key. Letters count by what the layout writes, and by their place where it writes another
 * script than ours; digits by their place (so that Shift and layouts with shifted digits do not matter). Of other
 * characters Shift is the layout's affair; they count as letters do, but never on a letter's key of another script:
 * what Hebrew has on Q is no `/`.
 * @param {Key} key
 * @param {Press} press
 * @param {boolean} [isOther]  whether the keyboard is known to write another script
 * @returns {boolean}
 */
export function matches(key, press, isOther = false) {
  if (key.ctrl !== Boolean(press.ctrlKey || press.metaKey) || key.alt !== Boolean(press.altKey)) return false;
  const shift = Boolean(press.shiftKey);
  const { name } = key;
  const writesOther = OTHER_SCRIPT.test(press.key);
  const isLetter = /^[a-z]$/i;
  // Of the keypad the same keys are arrows and pages, where it does not write digits.
  if (isDigit(key)) return key.shift === shift && (press.code === `Digit${name}` || (press.code === `Numpad${name}` && press.key === name));
  if (isLetter.test(name)) {
    const same = press.key.toLowerCase() === name.toLowerCase();
    const isByPlace = key.alt || writesOther || (isOther && !isLetter.test(press.key));
    return key.shift === shift && (same || (isByPlace && press.code === `Key${name.toUpperCase()}`));
  }
  if (name.length > 1) return key.shift === shift && press.key === (name === "Space" ? " " : name);
  if (key.shift && !shift) return false;
  if (writesOther) return press.code === PLACES[/** @type {keyof typeof PLACES} */ (name)] && SHIFTED.has(name) === shift;
  return press.key === name && !(isOther && press.code?.startsWith("Key"));
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
