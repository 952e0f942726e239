/** Files on their way to the server, a few at a time. Knows no page: how one is sent is given. */

import { messageOf } from "./words.js";

/**
 * @typedef {object} Upload
 * @property {number} id
 * @property {{name: string, size: number}} file
 * @property {"waiting" | "sending" | "done" | "failed" | "cancelled"} state
 * @property {number} share  that is sent, 0 to 1
 * @property {string} error
 * @property {number} tries
 */

/**
 * @typedef {(file: any, options: {onProgress: (share: number) => void, signal: AbortSignal}) => Promise<any>} Send
 *   rejects with an error whose `passing` says that it is worth another try
 */

const MOST_TRIES = 4;

/** A queue of uploads. */
export class UploadQueue {
  /** @type {Upload[]} */
  #all = [];
  /** @type {Map<number, AbortController>} */
  #sending = new Map();
  #next = 1;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /**
   * @param {Send} send
   * @param {{atOnce?: number, onDone?: (answer: any) => void, pause?: (seconds: number) => Promise<void>}} [options]
   */
  constructor(send, { atOnce = 2, onDone = () => {}, pause = sleep } = {}) {
    this.send = send;
    this.atOnce = atOnce;
    this.onDone = onDone;
    this.pause = pause;
  }

  /** @param {Iterable<any>} files */
  add(files) {
    for (const file of files) {
      this.#all.push({ id: this.#next++, file, state: "waiting", share: 0, error: "", tries: 0 });
    }
    this.#go();
  }

  /** @returns {readonly Upload[]} */
  all() {
    return this.#all;
  }

  /** Whether some are neither sent nor given up. */
  get busy() {
    return this.#all.some((each) => each.state === "waiting" || each.state === "sending");
  }

  /** Share of all bytes that is sent, 0 to 1; what was cancelled or failed does not count. */
  get share() {
    const counted = this.#all.filter((each) => each.state !== "cancelled" && each.state !== "failed");
    const bytes = counted.reduce((total, each) => total + each.file.size, 0);
    return bytes ? counted.reduce((total, each) => total + each.file.size * each.share, 0) / bytes : 1;
  }

  /** @param {number} id */
  cancel(id) {
    const upload = this.#all.find((each) => each.id === id);
    if (!upload || (upload.state !== "waiting" && upload.state !== "sending")) return;
    upload.state = "cancelled";
    this.#sending.get(id)?.abort();
    this.#go();
  }

  /** Cancel all that is not yet sent. */
  cancelAll() {
    const sending = this.#all.filter((upload) => upload.state === "sending");
    for (const upload of this.#all) if (upload.state === "waiting") upload.state = "cancelled";
    for (const upload of sending) this.cancel(upload.id);
    this.#tell();
  }

  /** Send those that failed once more. */
  retryFailed() {
    for (const upload of this.#all) {
      if (upload.state === "failed") Object.assign(upload, { state: "waiting", share: 0, error: "", tries: 0 });
    }
    this.#go();
  }

  /** Forget what is done with. */
  clear() {
    this.#all = this.#all.filter((each) => each.state === "waiting" || each.state === "sending");
    this.#tell();
  }

  /** @param {() => void} listener @returns {() => void} what ends it */
  onChange(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }

  #go() {
    for (const upload of this.#all) {
      if (this.#sending.size >= this.atOnce) break;
      if (upload.state === "waiting" && !this.#sending.has(upload.id)) void this.#one(upload);
    }
    this.#tell();
  }

  /** @param {Upload} upload */
  async #one(upload) {
    const control = new AbortController();
    this.#sending.set(upload.id, control);
    upload.state = "sending";
    const onProgress = (/** @type {number} */ share) => {
      upload.share = share;
      this.#tell();
    };
    try {
      const answer = await this.#patiently(upload, onProgress, control.signal);
      Object.assign(upload, { state: "done", share: 1 });
      this.onDone(answer);
    } catch (error) {
      if (stateOf(upload) !== "cancelled") {
        Object.assign(upload, { state: "failed", error: messageOf(error) });
      }
    } finally {
      this.#sending.delete(upload.id);
      this.#go();
    }
  }

  /** Sent, with more tries where the server was only busy. @param {Upload} upload @param {(share: number) => void} onProgress @param {AbortSignal} signal */
  async #patiently(upload, onProgress, signal) {
    for (;;) {
      upload.tries += 1;
      try {
        return await this.send(upload.file, { onProgress, signal });
      } catch (error) {
        const passing = /** @type {{passing?: boolean}} */ (error)?.passing === true;
        if (signal.aborted || !passing || upload.tries >= MOST_TRIES) throw error;
        await this.pause(2 ** (upload.tries - 1));
        if (signal.aborted) throw error;
        onProgress(0);
      }
    }
  }
}

/** Read anew, as it may have changed over an await. @param {Upload} upload @returns {string} */
function stateOf(upload) {
  return upload.state;
}

/** @param {number} seconds @returns {Promise<void>} */
function sleep(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Ends of names of files that are certainly no music: charts, pictures, texts, archives, programs. */
const NO_MUSIC = new Set(
  `sm ssc sma dwi ksf bms bme osu osz qua mid midi jpg jpeg png gif webp bmp svg psd txt md pdf html htm ini json lrc lua
  csv xml yml yaml log doc docx zip rar 7z gz tar smzip exe dll db py js cue m3u m3u8 url lnk ds_store`.split(/\s+/),
);

/**
 * Files that may be music (the server decides by decoding), and those that are certainly none.
 * @template {{name: string, size: number, type?: string}} F
 * @param {Iterable<F>} files
 * @returns {{music: F[], other: F[]}}
 */
export function sortFiles(files) {
  /** @type {{music: F[], other: F[]}} */
  const sorted = { music: [], other: [] };
  for (const file of files) {
    const end = file.name.toLowerCase().split(".").pop() ?? "";
    const told = /^(image|text|font)\//.test(file.type ?? "");
    sorted[NO_MUSIC.has(end) || told || file.size === 0 ? "other" : "music"].push(file);
  }
  return sorted;
}
