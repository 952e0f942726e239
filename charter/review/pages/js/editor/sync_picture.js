// The picture of the sync: the music's attacks around every beat, the song from top to bottom, and their mean.

import { foldedOnsets } from "./timing_edits.js";

const REACH = 100; // ms
const ROWS = 220;
const CURVE = 64; // pixels at the foot

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array} onsets
 * @param {{rate: number, music: {start: number, end: number}}} sound
 * @param {any} timing of player/timing.js
 * @returns {number} ms by which the strongest attacks lie after the beats
 */
export function drawSync(canvas, onsets, { rate, music }, timing) {
  const folded = foldedOnsets(onsets, rate, timing, music, { rows: ROWS, reach: REACH });
  const width = Math.max(200, canvas.clientWidth) * devicePixelRatio;
  const height = Math.max(200, canvas.clientHeight) * devicePixelRatio;
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  const top = height - CURVE * devicePixelRatio;
  context.imageSmoothingEnabled = true;
  context.drawImage(imageOf(folded), 0, 0, width, top);
  drawCurve(context, folded.curve, width, top, height);
  drawScale(context, width, top, height);
  return folded.peak;
}

function imageOf({ image, rows, columns }) {
  const picture = new ImageData(columns, rows);
  image.forEach((value, index) => {
    const bright = Math.sqrt(value);
    picture.data.set([40 + 190 * bright * bright, 30 + 190 * bright, 60 + 195 * bright, 40 + 215 * bright], index * 4);
  });
  const canvas = new OffscreenCanvas(columns, rows);
  canvas.getContext("2d").putImageData(picture, 0, 0);
  return canvas;
}

function drawCurve(context, curve, width, top, bottom) {
  const [low, high] = [Math.min(...curve), Math.max(...curve)];
  const y = (value) => bottom - 4 - ((value - low) / Math.max(1e-9, high - low)) * (bottom - top - 10);
  context.beginPath();
  context.moveTo(0, bottom);
  curve.forEach((value, index) => context.lineTo((index / (curve.length - 1)) * width, y(value)));
  context.lineTo(width, bottom);
  context.fillStyle = "rgb(110 160 255 / .25)";
  context.fill();
  context.strokeStyle = "#8fb4ff";
  context.lineWidth = 1.5 * devicePixelRatio;
  context.stroke();
}

function drawScale(context, width, top, bottom) {
  context.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  context.textAlign = "center";
  for (const ms of [-50, 0, 50]) {
    const x = ((ms + REACH) / (2 * REACH)) * width;
    context.fillStyle = ms ? "rgb(255 255 255 / .18)" : "rgb(88 214 141 / .9)";
    context.fillRect(x, 0, devicePixelRatio, bottom);
    context.fillStyle = "rgb(255 255 255 / .75)";
    context.fillText(ms ? `${ms > 0 ? "+" : "−"}${Math.abs(ms)} ms` : "beat", x + (ms ? 0 : 18 * devicePixelRatio), top + 12 * devicePixelRatio);
  }
}
