// Beside the lanes: findings, comments, and where the others are.

import { clipped } from "./canvas.js";

const ROW = 24;
const GRAVE = new Set(["violation", "fault"]);

/** Whether a finding stands against accepting the chart. @param {{severity: string}} finding */
export const isGrave = ({ severity }) => GRAVE.has(severity);

/** All marks that have a row, in order of it: {tick, text, colour, icon}. */
export function marksInOrder({ findings, comments, people }, palette) {
  const all = [
    ...findings.filter((finding) => !finding.dismissed)
      .map((finding) => ({ tick: finding.tick, text: finding.message, colour: isGrave(finding) ? palette.bad : palette.warn, icon: "▲" })),
    ...comments.filter((comment) => !comment.resolved)
      .map(({ tick, text, author }) => ({ tick, text: author ? `${author.name}: ${text}` : text, colour: palette.accent, icon: "●" })),
    ...people.map(({ tick, name }) => ({ tick, text: name, colour: palette.good, icon: "◀" })),
  ];
  return all.filter(({ tick }) => Number.isFinite(tick)).sort((a, b) => a.tick - b.tick);
}

/** Draws them to the right of the lanes, each with a line to its row. */
export function drawMargin(context, scroll, place, marks, width) {
  const lane = place.x + 2 * place.pitch;
  const left = lane + 34;
  const room = Math.min(320, width - left - 12);
  const seen = marks.filter(({ tick }) => tick >= scroll.first && tick <= scroll.last);
  let free = -Infinity;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = "13px system-ui, sans-serif";
  for (const { tick, text, colour, icon } of seen) {
    const row = scroll.y(tick);
    const y = Math.max(row, free);
    free = y + ROW;
    context.strokeStyle = colour;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(lane + 4, row);
    context.lineTo(left - 6, y);
    context.stroke();
    const words = room > 60 ? clipped(context, text.replaceAll("\n", " "), room - 34) : "";
    const wide = words ? context.measureText(words).width + 34 : 24;
    context.fillStyle = "rgb(14 17 23 / .86)";
    context.beginPath();
    context.roundRect(left - 6, y - 11, wide, 22, 6);
    context.fill();
    context.stroke();
    context.fillStyle = colour;
    context.fillText(icon, left + 1, y + 1);
    context.fillStyle = "#eaeef5";
    context.fillText(words, left + 19, y + 1);
  }
}
