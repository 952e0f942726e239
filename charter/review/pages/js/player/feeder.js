// Keeps the deck fed with those pieces of a long recording that are heard soon.

const BEHIND_SECONDS = 10;
const AHEAD_SECONDS = 50;

/** Brings pieces to a deck and takes them away again. */
export class Feeder {
  /**
   * @param {import("./recording.js").Recording} recording  opened, in pieces
   * @param {string} name  of the deck's sound
   * @param {(order: object, transfer?: Transferable[]) => void} order
   * @param {(error: Error) => void} fail
   */
  constructor(recording, name, order, fail) {
    this._recording = recording;
    this._name = name;
    this._order = order;
    this._fail = fail;
    this._held = new Set([0]);
    this._wanted = [];
    this._busy = false;
  }

  /**
   * What is heard soon; the nearest comes first. Call it often: what is there costs nothing.
   * @param {number[]} positions  frames: where the song is, where a loop starts
   */
  want(positions) {
    const rate = this._recording.sampleRate;
    const near = positions.flatMap((at) => this._recording.piecesOf(at, at + AHEAD_SECONDS * rate));
    const kept = positions.flatMap((at) => this._recording.piecesOf(at - BEHIND_SECONDS * rate, at));
    this._wanted = [...new Set([...near, ...kept])];
    for (const index of this._held) {
      if (this._wanted.includes(index)) continue;
      this._held.delete(index);
      this._order({ type: "forget", name: this._name, start: this._recording.startOf(index) });
    }
    if (!this._busy) void this._bring();
  }

  async _bring() {
    this._busy = true;
    try {
      for (;;) {
        const index = this._wanted.find((wanted) => !this._held.has(wanted));
        if (index === undefined) return;
        const piece = await this._recording.piece(index);
        if (!this._wanted.includes(index)) continue;
        this._held.add(index);
        this._order({ type: "piece", name: this._name, ...piece }, piece.channels.map((channel) => channel.buffer));
      }
    } catch (error) {
      this._fail(error);
    } finally {
      this._busy = false;
    }
  }
}
