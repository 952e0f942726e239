/** What changes on the server, heard as it happens over one WebSocket that comes back by itself. */

import { api } from "./api.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * @typedef {object} Live
 * @property {(type: string, listener: (event: any) => void) => () => void} on
 *   Hear events of a type of the server's (`edit`, `chart`, `song`, `job`, …), or `*` for all of those; of the
 *   connection itself: `lost`, `connected` (every time) and `reconnected` (not the first time: what happened meanwhile
 *   was missed, so ask the server again). Returns what ends it.
 * @property {(message: any) => boolean} send  false where it could not be sent now. The last `here` is said again
 *   after a reconnect.
 * @property {() => boolean} connected
 * @property {() => void} close
 */

/**
 * Hear of changes of a run.
 * @param {number | string} runId
 * @returns {Live}
 */
export function connect(runId) {
  /** @type {Map<string, Set<(event: any) => void>>} */
  const listeners = new Map();
  /** @type {WebSocket | null} */
  let socket = null;
  let wait = FIRST_WAIT_MS;
  let timer = 0;
  let opened = false; // ever
  let closed = false;
  /** @type {any} */
  let here = null;

  const tell = (/** @type {string} */ type, /** @type {any} */ event) => {
    for (const listener of listeners.get(type) ?? []) {
      try {
        listener(event);
      } catch (error) {
        console.error(error); // one listener's mistake must not keep the others from hearing
      }
    }
  };
  const isOpen = () => socket !== null && socket.readyState === WebSocket.OPEN;

  const open = () => {
    clearTimeout(timer);
    if (closed || isOpen() || socket?.readyState === WebSocket.CONNECTING) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(`${scheme}//${location.host}/api/live?run=${encodeURIComponent(runId)}`);
    socket = mine;
    let wasOpen = false;
    mine.onopen = () => {
      wasOpen = true;
      wait = FIRST_WAIT_MS;
      if (here) mine.send(JSON.stringify(here));
      tell("connected", {});
      if (opened) tell("reconnected", {});
      opened = true;
    };
    mine.onmessage = (message) => {
      const event = JSON.parse(message.data);
      tell(event.type, event);
      tell("*", event);
    };
    mine.onclose = () => {
      if (closed) return;
      if (wasOpen) tell("lost", {});
      else api.get("/api/me").catch(() => {}); // signed out meanwhile: that leads to the login page
      timer = setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    };
  };
  const hurry = () => {
    wait = FIRST_WAIT_MS;
    open();
  };
  const seen = () => document.visibilityState === "visible" && hurry();
  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", seen);
  open();

  return {
    on(type, listener) {
      const heard = listeners.get(type) ?? new Set();
      listeners.set(type, heard.add(listener));
      return () => heard.delete(listener);
    },
    send(message) {
      if (message.type === "here") here = message;
      if (!isOpen()) return false;
      socket?.send(JSON.stringify(message));
      return true;
    },
    connected: isOpen,
    close() {
      closed = true;
      clearTimeout(timer);
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", seen);
      socket?.close();
    },
  };
}
