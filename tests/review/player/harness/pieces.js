// A long file decoded in pieces, against the whole.

import { Recording } from "/js/player/recording.js";

/** -> {pieces, length, whole: frames, farthest: greatest difference of two samples} */
export async function inPieces(url) {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const recording = new Recording(bytes);
  const context = new OfflineAudioContext(1, 1, recording.sampleRate);
  const whole = (await context.decodeAudioData(bytes.slice().buffer)).getChannelData(0);
  const pieces = [await recording.open(context)];
  const numbers = recording.piecesOf(0, recording.length);
  for (const number of numbers.slice(1)) pieces.push(await recording.piece(number));
  let farthest = 0;
  let next = 0;
  for (const { start, channels } of pieces) {
    if (start !== next) return { error: `a piece starts at ${start}, not at ${next}` };
    channels[0].forEach((value, at) => (farthest = Math.max(farthest, Math.abs(value - whole[start + at]))));
    next = start + channels[0].length;
  }
  return { pieces: pieces.length, length: next, whole: whole.length, farthest };
}
