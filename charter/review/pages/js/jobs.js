/** What a worker process does, followed to its end: told as it happens, and asked for in case that is not heard. */

import { api, ApiError } from "./api.js";
import { messageOf } from "./words.js";

const ASK_AGAIN_MS = 1500;
const OVER = new Set(["done", "failed", "cancelled"]);

/**
 * Whether nothing more comes of a job.
 * @param {{state: string}} job
 * @returns {boolean}
 */
export const isOver = (job) => OVER.has(job.state);

/**
 * @typedef {object} Following
 * @property {Promise<any>} over  the job as it ended; never, where it is followed no longer
 * @property {(job: any) => void} hear  take what an answer says of the job
 * @property {() => void} stop  follow it no longer
 */

/**
 * Follow a job.
 * @param {any} job  as the server has just answered it
 * @param {import("./live.js").Live} live
 * @param {(job: any) => void} [changed]  hears of every change, the last too
 * @returns {Following}
 */
export function followJob(job, live, changed = () => {}) {
  let now = job;
  let timer = 0;
  let going = !isOver(job);
  let resolve = (/** @type {any} */ _) => {};
  const over = new Promise((settle) => (resolve = settle));
  const stop = () => {
    going = false;
    off();
    clearTimeout(timer);
  };
  const hear = (/** @type {any} */ next) => {
    if (next.id !== job.id || !going) return;
    now = next;
    if (isOver(now)) stop();
    changed(now);
    if (isOver(now)) resolve(now);
  };
  const off = live.on("job", (event) => hear(event.job));
  const ask = async () => {
    const next = await api.get(`/api/jobs/${job.id}`).catch((error) =>
      // Gone with its song or run; else out of reach, and asked for again.
      error instanceof ApiError && error.status === 404 ? { ...now, state: "failed", error: messageOf(error) } : null);
    if (next) hear(next);
    if (going) timer = setTimeout(ask, ASK_AGAIN_MS);
  };
  if (going) timer = setTimeout(ask, ASK_AGAIN_MS);
  else {
    stop();
    resolve(job);
  }
  return { over, hear, stop };
}
