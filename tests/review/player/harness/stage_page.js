// The stage without an editor: /data/model.json is shown, what happens is in `window.harness`.

import { Emitter } from "/js/player/emitter.js";
import { createStage } from "/js/player/stage.js";
import { Timing } from "/js/player/timing.js";
import { addPlayerKeys } from "/js/player/player_keys.js";
import { measure } from "/harness/measure.js";
import { inPieces } from "/harness/pieces.js";

class View extends Emitter {
  cursor = 0;
  selection = null;
  snap = 12;
  spacing = 128;
  background = "wave";
  sideBySide = false;
  locks = [];
  ghosts = null;
  diff = null;

  set(patch) {
    const changed = Object.keys(patch).filter((name) => this[name] !== patch[name]);
    Object.assign(this, patch);
    if (changed.length) this.emit("change", changed);
  }
}

const value = await (await fetch("/data/model.json")).json();
const model = new Emitter();
Object.assign(model, {
  song: { sound: value.sound },
  timing: new Timing(value.timing),
  document: Object.assign(new Emitter(), { notes: value.notes }),
  others: value.others,
  loadOthers: async () => {},
  marks: Object.assign(new Emitter(), value.marks),
  footing: value.footing,
  view: new View(),
});
const stage = createStage(document.getElementById("stage"), model);
const errors = [];
stage.player.on("error", (error) => errors.push(String(error)));
addPlayerKeys(stage, model.view);
window.harness = { stage, model, errors, pointers: [], measure, inPieces };
stage.onPointer((event) => window.harness.pointers.push(event));
document.body.dataset.ready = "yes";
