// Reads [{timing, ticks, seconds}] from stdin; writes what the page's Timing says of each.

import { readFileSync } from "node:fs";

import { Timing } from "../../../charter/review/pages/js/player/timing.js";

const answers = JSON.parse(readFileSync(0, "utf-8")).map(({ timing, ticks, seconds }) => {
  const read = new Timing(timing);
  return {
    seconds: ticks.map((tick) => read.secondsAt(tick)),
    ticks: seconds.map((second) => read.tickAt(second)),
    hittable: ticks.map((tick) => read.hittable(Math.floor(tick))),
  };
});
process.stdout.write(JSON.stringify(answers));
