// Where sounds strike: drums, plucks, the starts of words.

const BLOCK = 64;
const BEFORE = 20; // blocks that a strike has to stand out from, about 30 ms
const AFTER = 3; // blocks whose energy counts as the strike's
const LEAST_RISE = 4; // energy over the energy before
const APART_SECONDS = 0.045;
const FLOOR = 1e-4; // of the mean energy: softer ones nobody hears

/** Energy of every block of the mean of the channels: of the wave itself, or of its slope (which hears cymbals). */
function energies(channels, slope) {
  const blocks = Math.floor(channels[0].length / BLOCK);
  const energy = new Float32Array(blocks);
  const [left, right] = [channels[0], channels[1] ?? channels[0]];
  let last = 0;
  for (let block = 0, at = 0; block < blocks; block += 1) {
    let sum = 0;
    for (const end = at + BLOCK; at < end; at += 1) {
      const now = left[at] + right[at];
      const value = slope ? now - last : now;
      last = now;
      sum += value * value;
    }
    energy[block] = sum;
  }
  return energy;
}

/** How far each block's energy rises over what was before it. */
function rises(energy) {
  const rise = new Float32Array(energy.length);
  let mean = 0;
  for (const value of energy) mean += value / Math.max(energy.length, 1);
  const floor = mean * FLOOR + 1e-12;
  let before = 0;
  for (let block = 0; block < energy.length; block += 1) {
    let strike = 0;
    for (let next = block; next < Math.min(block + AFTER, energy.length); next += 1) strike += energy[next];
    const known = Math.min(block, BEFORE);
    rise[block] = (strike / AFTER + floor) / ((known ? before / known : 0) + floor * 10);
    before += energy[block] - (block >= BEFORE ? energy[block - BEFORE] : 0);
  }
  return rise;
}

/** The block at which the energy grows most, of those that count as one strike. */
function steepest(energy, first) {
  let best = first;
  for (let block = first + 1; block < Math.min(first + AFTER, energy.length); block += 1) {
    if (energy[block] - energy[block - 1] > energy[best] - (energy[best - 1] ?? 0)) best = block;
  }
  return best;
}

/**
 * The strikes of a sound, as frames in order, at least 45 ms apart; where two are nearer the stronger one stays.
 * @param {Float32Array[]} channels
 * @param {number} sampleRate
 * @returns {number[]}
 */
export function attacks(channels, sampleRate) {
  const slopes = energies(channels, true);
  const wave = rises(energies(channels, false));
  const slope = rises(slopes);
  const rise = wave.map((value, block) => Math.max(value, slope[block]));
  const apart = APART_SECONDS * sampleRate;
  const found = [];
  for (let block = 0; block < rise.length; block += 1) {
    const isPeak = rise[block] >= LEAST_RISE && rise[block] >= (rise[block - 1] ?? 0) && rise[block] > (rise[block + 1] ?? 0);
    if (!isPeak) continue;
    const strike = { frame: steepest(slopes, block) * BLOCK, rise: rise[block] };
    const last = found.at(-1);
    if (!last || strike.frame - last.frame >= apart) found.push(strike);
    else if (strike.rise > last.rise) found[found.length - 1] = strike;
  }
  return found.map(({ frame }) => frame);
}
