// The deck on the audio thread.

import { Deck } from "./deck.js";

/* global AudioWorkletProcessor, registerProcessor, sampleRate, currentFrame */

class DeckProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this._deck = new Deck(sampleRate, (told) => this.port.postMessage(told));
    this.port.onmessage = ({ data }) => this._deck.hear(data);
  }

  process(_inputs, [output]) {
    this._deck.process(output, output[0].length, currentFrame);
    return true;
  }
}

registerProcessor("charter-deck", DeckProcessor);
