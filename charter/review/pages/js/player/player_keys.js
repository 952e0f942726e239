// Keys of the player and the stage beside those that the page gives to its own buttons.

import { keys } from "../keys.js";
import { openCalibration } from "./calibrate.js";

/**
 * Registers them.
 * @param {import("./stage.js").Stage} stage
 * @param {object} view
 * @returns {() => void} takes them away
 */
export function addPlayerKeys(stage, view) {
  const { player } = stage;
  return keys.add(
    { keys: ["0"], does: "at the song's own speed", group: "Play", run: () => player.setRate(1) },
    { keys: ["K"], does: "match sound and picture by tapping along", group: "Play", run: () => openCalibration(player) },
    { keys: ["F"], does: "which foot takes each note", group: "See", run: () => view.set({ feet: !view.feet }) },
    { keys: ["J"], does: "rows stand by beat, or by time", group: "See",
      run: () => view.set({ scroll: view.scroll === "time" ? "beat" : "time" }) },
  );
}
