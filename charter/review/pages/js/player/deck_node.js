// A deck that sounds: on the audio thread, or on the page's own where the browser gives a page no audio thread.

import { Deck } from "./deck.js";

const FALLBACK_FRAMES = 2048; // a shorter buffer stutters while the page draws

/**
 * A deck in a context. Browsers have audio worklets only on https and on this machine; elsewhere (a team's server by
 * plain http) the older ScriptProcessorNode does the same work.
 * @param {AudioContext} context
 * @param {(told: object) => void} tell
 * @returns {Promise<{node: AudioNode, order: (order: object, transfer?: Transferable[]) => void}>}
 */
export async function deckNode(context, tell) {
  return context.audioWorklet ? onAudioThread(context, tell) : onPage(context, tell);
}

async function onAudioThread(context, tell) {
  await context.audioWorklet.addModule(new URL("./stretch_worklet.js", import.meta.url));
  const node = new AudioWorkletNode(context, "charter-deck", { numberOfInputs: 0, outputChannelCount: [2] });
  node.port.onmessage = ({ data }) => tell(data);
  return { node, order: (order, transfer = []) => node.port.postMessage(order, transfer) };
}

function onPage(context, tell) {
  const deck = new Deck(context.sampleRate, tell);
  const node = context.createScriptProcessor(FALLBACK_FRAMES, 0, 2);
  node.onaudioprocess = ({ outputBuffer, playbackTime }) => {
    const channels = [outputBuffer.getChannelData(0), outputBuffer.getChannelData(1)];
    deck.process(channels, outputBuffer.length, Math.round(playbackTime * context.sampleRate));
  };
  return { node, order: (order) => deck.hear(order) };
}
