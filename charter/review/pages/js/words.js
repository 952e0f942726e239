/** Numbers, times, counts and mistakes as people read them; and what the panels are called, here and in style sheets. */

/** In the order of a chart's columns. */
export const PANEL_NAMES = ["left", "down", "up", "right"];

/**
 * A length as `3:07` or `1:02:45`.
 * @param {number} seconds
 * @returns {string}
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * A place in a song as `3:07`: the second that is under way, so that every clock of a page says the same.
 * @param {number} seconds  below 0 before the recording begins
 * @returns {string}
 */
export function moment(seconds) {
  const whole = Math.floor(seconds + 1e-6);
  return whole < 0 ? `−${clock(-whole)}` : clock(whole);
}

/**
 * Time that was spent, as `40 s`, `12 min` or `3 h 05`.
 * @param {number} seconds
 * @returns {string}
 */
export function spent(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

/**
 * Time that was spent, where there is little room: `40 s`, `12 m` or `3 h`.
 * @param {number} seconds
 * @returns {string}
 */
export function brief(seconds) {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return seconds < 3570 ? `${Math.round(seconds / 60)} m` : `${Math.round(seconds / 3600)} h`;
}

/**
 * When something was, as `just now`, `5 min ago`, `yesterday` or a date.
 * @param {string} at  ISO 8601
 * @param {number} [now]  milliseconds since 1970
 * @returns {string}
 */
export function ago(at, now = Date.now()) {
  const then = Date.parse(at);
  if (Number.isNaN(then)) return "";
  const seconds = (now - then) / 1000;
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 2 * 86_400) return "yesterday";
  return new Date(then).toLocaleDateString(undefined, { year: "numeric", month: "short", day: "numeric" });
}

/**
 * A count with its noun: `1 song`, `3 songs`.
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 * @returns {string}
 */
export function count(n, one, many = `${one}s`) {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/**
 * A text with its first letter large: `Hard` for the slot `hard`.
 * @param {string} text
 * @returns {string}
 */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * What went wrong, in the error's own line.
 * @param {unknown} error  whatever was thrown
 * @returns {string}
 */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/**
 * A share as `37 %`; a share above 0 is never written 0, one below 1 never 100.
 * @param {number} share  0 to 1
 * @returns {string}
 */
export function percent(share) {
  if (share > 0 && share < 0.01) return "< 1 %";
  if (share < 1 && share > 0.99) return "> 99 %";
  return `${Math.round(share * 100)} %`;
}

/**
 * Up to two letters that stand for a name.
 * @param {string} name
 * @returns {string}
 */
export function initials(name) {
  const words = name.trim().split(/[\s._-]+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  const first = letters.map((word) => [...word][0]).join("");
  return (first.length > 1 ? first : [...(words[0] ?? "?")].slice(0, 2).join("")).toUpperCase();
}

/**
 * The hue that a person has on every page, in degrees.
 * @param {number} id
 * @returns {number}
 */
export function hueOf(id) {
  return Math.round((id * 137.508 + 200) % 360); // the golden angle: neighbours lie far apart
}
