// Watches the stage while it plays: what was drawn when, and what the audio thread says was played when.

/**
 * Plays for some seconds.
 * @param {{rate: number, seconds: number, from: number}} how  from: seconds of the song
 * @returns {Promise<object>} drawn: [milliseconds, song seconds] of each picture; costs: milliseconds of drawing each;
 *   gaps: between pictures; stamps: [output seconds, milliseconds] by the browser; ahead: milliseconds of the output's
 *   clock over the page's, 50 a second from before it plays; played: [output frame, song frame, speed] by the audio
 *   thread; clicks: output frames at which the output clicked; sampleRate
 */
export async function measure({ rate, seconds, from }) {
  const { stage } = window.harness;
  const { player } = stage;
  await player.load();
  const context = player._context;
  await context.audioWorklet.addModule("/harness/recorder_worklet.js");
  const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
  const found = { drawn: [], costs: [], gaps: [], stamps: [], ahead: [], played: [], clicks: [], sampleRate: context.sampleRate };
  const watch = setInterval(() => found.ahead.push(ahead(context.getOutputTimestamp())), 20);
  recorder.port.onmessage = ({ data }) => found.clicks.push(data);
  player._deck.node.connect(recorder);
  await context.audioWorklet.addModule("/harness/deck_record.js");
  player._deck.node.port.addEventListener("message", ({ data }) => data.type === "record" && found.played.push(...data.rows));
  player.setRate(rate);
  player.seek(from);
  await player.play();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await watched(stage, context, found, seconds);
  clearInterval(watch);
  player.pause();
  await new Promise((resolve) => setTimeout(resolve, 300));
  player._deck.node.disconnect(recorder);
  return found;
}

const ahead = ({ contextTime, performanceTime }) => contextTime * 1000 - performanceTime;

function watched(stage, context, found, seconds) {
  const draw = stage._draw;
  stage._draw = function timed() {
    const start = performance.now();
    draw.call(this);
    found.costs.push(performance.now() - start);
    found.drawn.push([this.drawn.at, this.drawn.seconds]);
    const stamp = context.getOutputTimestamp();
    found.stamps.push([stamp.contextTime, stamp.performanceTime]);
  };
  return new Promise((resolve) => {
    const first = performance.now();
    let last = null;
    const look = (now) => {
      if (last !== null) found.gaps.push(now - last);
      last = now;
      if (performance.now() - first < 1000 * seconds) requestAnimationFrame(look);
      else {
        stage._draw = draw;
        resolve();
      }
    };
    requestAnimationFrame(look);
  });
}
