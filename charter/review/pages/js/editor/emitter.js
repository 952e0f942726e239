// Something that others listen to.

export class Emitter {
  #listeners = new Map();

  /**
   * Call `listener` with each value told under `type`.
   * @param {string} type
   * @param {(value: any) => void} listener
   * @returns {() => void} ends it
   */
  on(type, listener) {
    if (!this.#listeners.has(type)) this.#listeners.set(type, new Set());
    this.#listeners.get(type).add(listener);
    return () => this.#listeners.get(type).delete(listener);
  }

  /**
   * @param {string} type
   * @param {any} [value]
   */
  emit(type, value) {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(value);
  }
}
