// The song as a sound chip plays it.

import { api } from "../api.js";
import { followJob } from "../jobs.js";
import { tellError, toast } from "../toast.js";

/**
 * The address of a song's chiptune, made if there is none yet.
 * @param {any} song as GET /api/songs/{song}
 * @param {import("../live.js").Live} live
 * @returns {Promise<string|null>} null where it cannot be made, which is told
 */
export async function chipOf(song, live) {
  if (song.sound?.chip) return song.sound.chip;
  const done = toast("The chiptune is being made; that takes a moment", { seconds: Infinity });
  try {
    const job = await followJob(await api.post(`/api/songs/${song.id}/chiptune`), live).over;
    if (job.state !== "done") throw new Error(job.error || job.state);
    song.sound.chip = job.result.url;
    return job.result.url;
  } catch (error) {
    tellError(error, "No chiptune");
    return null;
  } finally {
    done();
  }
}
