// Who else is here, and how long one works.

const CURSOR_MS = 400;
const ACTIVE_MS = 15_000;
const IDLE_MS = 60_000;

/**
 * @param {any} desk
 * @param {import("../live.js").Live} live
 * @param {import("../header.js").Header} header
 */
export function makePresence(desk, live, header) {
  const { view, marks, me, stage } = desk;
  let timer = 0;
  let last = Date.now();
  let told = Date.now();
  const here = () => live.send({ type: "here", chart: desk.chart.id, tick: view.cursor });
  view.on("change", (changed) => {
    if (!changed.includes("cursor") || timer) return;
    timer = setTimeout(() => {
      timer = 0;
      here();
    }, CURSOR_MS);
  });
  live.on("people", ({ people }) => {
    header.people(people, me);
    marks.setPeople(people.filter(({ id, chart }) => id !== me.id && chart === desk.chart.id).map(({ name, tick, id }) => ({ name, tick, id })));
  });
  for (const type of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    document.addEventListener(type, () => (last = Date.now()), { passive: true });
  }
  setInterval(() => {
    const now = Date.now();
    const isAtWork = document.visibilityState === "visible" && (now - last < IDLE_MS || stage.player.playing);
    if (isAtWork) live.send({ type: "active", chart: desk.chart.id, seconds: Math.round((now - told) / 1000) });
    told = now;
  }, ACTIVE_MS);
  here();
}
