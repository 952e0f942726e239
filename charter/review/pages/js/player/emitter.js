// Who wants to hear of what.

/** Something that others listen to by type. */
export class Emitter {
  constructor() {
    this._listeners = new Map();
  }

  /**
   * Calls `listener` at every event of this type.
   * @param {string} type
   * @param {(value: any) => void} listener
   * @returns {() => void} ends it
   */
  on(type, listener) {
    if (!this._listeners.has(type)) this._listeners.set(type, new Set());
    this._listeners.get(type).add(listener);
    return () => this._listeners.get(type).delete(listener);
  }

  /** Calls the listeners of this type. */
  emit(type, value) {
    for (const listener of [...(this._listeners.get(type) ?? [])]) listener(value);
  }
}
