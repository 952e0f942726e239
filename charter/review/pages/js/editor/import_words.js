// What a file from another editor would change, in words.

import { capital } from "../words.js";

const PARTS = ["kept", "moved", "added", "removed", "rewritten"];

/**
 * A chart that a file changes.
 * @param {any} made as `POST /api/songs/{song}/charts` tells of it
 * @returns {string}
 */
export function chartWords(made) {
  const rows = PARTS.filter((part) => made[part]).map((part) => `${made[part]} ${part}`);
  const fields = Object.entries(made.fields ?? {}).map(([name, [was, now]]) => `${name} ${was || "none"} → ${now || "none"}`);
  const isOther = PARTS.slice(1).some((part) => made[part]);
  return `${capital(made.slot)}: ${[`rows ${isOther ? rows.join(", ") : "as they are"}`, ...fields].join(", ")}`;
}

/**
 * The charts here that a file does not have.
 * @param {{slot: string, meter: number}[]} missing
 * @returns {string[]}
 */
export const missingWords = (missing) => missing.map(({ slot, meter }) => `${capital(slot)} ${meter}: not in the file, and stays as it is`);

/**
 * The meters and descriptions that a file has otherwise; empty for none.
 * @param {any[]} changed charts
 * @returns {string}
 */
export function metersWords(changed) {
  const said = changed.flatMap(({ slot, fields }) => Object.entries(fields ?? {}).map(([name, [was, now]]) => `${capital(slot)} ${name === "meter" ? "meter" : "description"} ${was || "none"} → ${now || "none"}`));
  return said.length ? `its levels: ${said.join(", ")}` : "";
}

/**
 * A field of the song that a file has otherwise.
 * @param {string} field @param {any} was @param {any} now
 * @returns {string}
 */
export function fieldWords(field, was, now) {
  if (field === "timing") return `its timing: ${timingWords(was, now)}. All charts of the song get it`;
  if (field === "preview") return `its preview: ${previewWords(was)} → ${previewWords(now)}`;
  return `its ${field}: ${now || "none"} (here: ${was || "none"})`;
}

const previewWords = (preview) => (preview ? `${round(preview[0])} s for ${round(preview[1])} s` : "none");

function timingWords(was, now) {
  const tempos = (timing) => `${round(timing.tempos[0][1])} BPM${timing.tempos.length > 1 ? ` and ${timing.tempos.length - 1} changes` : ""}`;
  const ms = Math.round((now.offset - was.offset) * 1000);
  const stops = now.stops.length === was.stops.length ? "" : `, stops ${was.stops.length} → ${now.stops.length}`;
  return `${tempos(was)} → ${tempos(now)}, offset ${ms < 0 ? "−" : "+"}${Math.abs(ms)} ms${stops}`;
}

const round = (value) => String(Math.round(value * 1000) / 1000);

/**
 * What was brought in.
 * @param {string} name of the file @param {any[]} changed charts @param {string[]} fields of the song
 * @returns {string}
 */
export function toldWords(name, changed, fields) {
  const charts = changed.length ? `${changed.map(chartWords).join("; ")}` : "";
  const song = fields.length ? `taken: ${fields.join(", ")}` : "";
  return `${name} is brought in. ${[charts, song].filter(Boolean).join("; ") || "It changed nothing"}`;
}
