// How many rows a second, through the song.

/**
 * Rows a second in each of `count` equal parts of the song, smoothed a little.
 * @param {number[]} seconds  of the rows, in order
 * @param {number} duration
 * @param {number} count
 * @returns {Float32Array}
 */
export function densityCurve(seconds, duration, count) {
  const curve = new Float32Array(count);
  const width = Math.max(duration / count, 4); // shorter windows only show the rhythm
  let [low, high] = [0, 0];
  for (let part = 0; part < count; part += 1) {
    const middle = ((part + 0.5) / count) * duration;
    while (high < seconds.length && seconds[high] < middle + width / 2) high += 1;
    while (low < high && seconds[low] < middle - width / 2) low += 1;
    curve[part] = (high - low) / width;
  }
  return curve;
}
