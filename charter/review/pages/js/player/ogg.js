// Just so much of Ogg Vorbis that a long file can be decoded piece by piece: an hour of samples fills a gigabyte.

const FIRST_PAGE = 2; // flag
const HEADER_PACKETS = 3;

/**
 * @typedef {object} OggVorbis
 * @property {number} sampleRate
 * @property {Uint8Array} header  the pages before the music
 * @property {{start: number, end: number, granule: number}[]} pages  the music's; granule: frames up to its end, -1
 *   where no packet ends in it
 */

/**
 * Takes a file apart into pages; null for what is not one Ogg Vorbis stream.
 * @param {Uint8Array} bytes
 * @returns {OggVorbis|null}
 */
export function oggVorbis(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const all = [...rawPages(view)];
  const first = all[0];
  if (!first || all.some((page, index) => (page.flags & FIRST_PAGE) !== 0 && index > 0)) return null;
  const name = String.fromCharCode(...bytes.subarray(first.body, first.body + 7));
  if (name !== "\x01vorbis" || first.body + 16 > bytes.length) return null;
  let packets = 0;
  let headers = 0;
  while (packets < HEADER_PACKETS && headers < all.length) {
    packets += all[headers].packets;
    headers += 1;
  }
  const header = bytes.subarray(0, all[headers - 1].end);
  return { sampleRate: view.getUint32(first.body + 12, true), header, pages: all.slice(headers) };
}

function* rawPages(view) {
  let at = 0;
  while (at + 27 <= view.byteLength && view.getUint32(at, false) === 0x4f676753) {
    const segments = view.getUint8(at + 26);
    const body = at + 27 + segments;
    if (body > view.byteLength) return;
    let [end, packets] = [body, 0];
    for (let segment = 0; segment < segments; segment += 1) {
      const size = view.getUint8(at + 27 + segment);
      end += size;
      if (size < 255) packets += 1;
    }
    if (end > view.byteLength) return;
    const granule = Number(view.getBigInt64(at + 6, true));
    yield { start: at, body, end, packets, granule, flags: view.getUint8(at + 5) };
    at = end;
  }
}

/**
 * Cuts the music into runs of pages of about so many frames.
 * @param {OggVorbis} file
 * @param {number} frames
 * @returns {{first: number, last: number, end: number}[]}  pages [first, last], the frame behind the last one
 */
export function runs({ pages }, frames) {
  const cut = [];
  let first = 0;
  let start = 0;
  pages.forEach((page, index) => {
    const isLast = index === pages.length - 1;
    if (page.granule < 0 && !isLast) return;
    const end = page.granule < 0 ? start : page.granule;
    if (end - start < frames && !isLast) return;
    cut.push({ first, last: index, end });
    first = index + 1;
    start = end;
  });
  return cut;
}

/**
 * A file of these pages and of those before them that the decoder needs to get going.
 * @param {Uint8Array} bytes
 * @param {OggVorbis} file
 * @param {number} first
 * @param {number} last
 */
export function excerpt(bytes, { header, pages }, first, last) {
  let before = Math.max(0, first - 1);
  while (before > 0 && pages[before].granule < 0) before -= 1;
  const body = bytes.subarray(pages[before].start, pages[last].end);
  const out = new Uint8Array(header.length + body.length);
  out.set(header);
  out.set(body, header.length);
  return out.buffer;
}
