// The order in which the charts of a run are reviewed.

/** @typedef {{id: number, song: number, title: string, slot: string, meter: number, status: string, assignee: any}} Entry */

/**
 * The next open chart: of the same song first, then on through the list and round; what others review comes last.
 * @param {Entry[]} charts of the run, in the list's order
 * @param {number} here id of the chart at hand
 * @param {number} me
 * @returns {Entry|null}
 */
export function nextToReview(charts, here, me) {
  const at = charts.findIndex(({ id }) => id === here);
  const round = [...charts.slice(at + 1), ...charts.slice(0, Math.max(0, at))];
  const open = round.filter(({ status, id }) => status === "open" && id !== here);
  const isOurs = ({ assignee }) => !assignee || assignee.id === me;
  const isHere = ({ song }) => song === charts[at]?.song;
  return open.find((each) => isHere(each) && isOurs(each)) ?? open.find(isOurs) ?? open[0] ?? null;
}
