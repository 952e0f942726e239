// Files of a song, as bytes.

/**
 * @param {string} url
 * @param {string} what  for people, should it not come: "the song's sound"
 * @returns {Promise<Uint8Array>}  throws an error for people
 */
export async function bytesOf(url, what) {
  let answer;
  try {
    answer = await fetch(url);
  } catch {
    throw new Error(`${what} did not come: no answer from the server`);
  }
  if (!answer.ok) throw new Error(`${what} did not come: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}
