// A page of the editor without a screen.

import { ChartDocument } from "../../../charter/review/pages/js/editor/document.js";
import { historyOf } from "../../../charter/review/pages/js/editor/history.js";
import { Session } from "../../../charter/review/pages/js/editor/session.js";
import { SongDocument } from "../../../charter/review/pages/js/editor/song_document.js";
import { FakeStorage } from "./fake_server.mjs";

/** Let everything that waits for an answer go on. */
export const settle = async () => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((done) => setImmediate(done));
};

/** Open the chart in a browser; `timers` holds what waits for later. */
export function open(server, me, { storage = new FakeStorage(), ask = async () => "leave", isLive = false } = {}) {
  const timers = [];
  const told = [];
  const session = new Session({
    api: server.api(me), storage, me, chart: 1, song: 1, identity: "x", ask,
    document: new ChartDocument(server.chart()),
    songDocument: new SongDocument(server.songDetail()),
    history: historyOf(server.edits, server.songEdits, me.id, 1),
    later: (run) => timers.push(run),
  });
  session.on("told", (line) => told.push(line));
  session.recovered = session.recover(server.edits, server.songEdits);
  if (isLive) server.listeners.push((edit) => session.receive(edit));
  const wake = async () => {
    for (const run of timers.splice(0)) run();
    await settle();
  };
  return { session, document: session.document, storage, timers, told, wake };
}
