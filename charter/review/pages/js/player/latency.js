// How much later than the screen the listener hears: kept in this browser, found from taps.

const NAME = "charter.latency";
const MOST_SECONDS = 0.5;

/** The latency that was kept, in seconds; 0 where there is none. */
export function keptLatency(storage = localStorage) {
  try {
    const value = Number(storage.getItem(NAME));
    return Number.isFinite(value) && Math.abs(value) <= MOST_SECONDS ? value : 0;
  } catch {
    return 0; // a browser that keeps nothing
  }
}

/** @param {number} seconds */
export function keepLatency(seconds, storage = localStorage) {
  try {
    storage.setItem(NAME, String(seconds));
  } catch {
    // it then counts until the page is left
  }
}

/**
 * By how much taps are late, in seconds (the median), and how far they scatter; null for fewer than six taps.
 * @param {number[]} taps  times
 * @param {number[]} signs  times of what was tapped along to
 * @returns {null|{late: number, scatter: number}}
 */
export function lateness(taps, signs) {
  const offs = taps.map((tap) => signs.reduce((best, sign) => (Math.abs(tap - sign) < Math.abs(best) ? tap - sign : best), Infinity));
  const near = offs.filter((off) => Math.abs(off) < 0.3).sort((a, b) => a - b);
  if (near.length < 6) return null;
  const late = near[near.length >> 1];
  const scatter = near.map((off) => Math.abs(off - late)).sort((a, b) => a - b)[near.length >> 1];
  return { late, scatter };
}
