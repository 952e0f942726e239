// Hears clicks in what is played: tells the output's frame of each, 60 ms apart at least.

/* global AudioWorkletProcessor, registerProcessor, sampleRate, currentFrame */

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this._quietFrom = 0;
  }

  process([input]) {
    const [samples] = input;
    for (let at = 0; samples && at < samples.length; at += 1) {
      const frame = currentFrame + at;
      if (frame < this._quietFrom || Math.abs(samples[at]) < 0.3) continue;
      this._quietFrom = frame + 0.06 * sampleRate;
      this.port.postMessage(frame);
    }
    return true;
  }
}

registerProcessor("recorder", Recorder);
