function overlaps() {
  // What stands over another thing in the bars of a chart's page, is cut, or runs off the page.
  const wrong = [];
  const name = (element) => element.className || element.textContent;
  const isSeen = (element) => element.offsetParent !== null && element.getBoundingClientRect().width > 0;
  const boxes = (elements) => [...elements].filter(isSeen).map((each) => [each, each.getBoundingClientRect()]);

  function compare(one, a, other, b) {
    if (one === other || one.contains(other) || other.contains(one)) return;
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (across > 1 && down > 1) wrong.push(`${name(one)} over ${name(other)}`);
  }

  for (const bar of [".bar", "#transport", ".tabs"]) {
    const inside = bar === ".bar" ? document.querySelectorAll(".bar > *, .slot, .save") : document.querySelectorAll(`${bar} > *`);
    const all = boxes(inside);
    for (const [one, a] of all) {
      if (a.right > innerWidth + 1) wrong.push(`${name(one)} runs off the page`);
      if (one.scrollWidth > one.clientWidth + 2 && !one.matches(".path")) wrong.push(`${name(one)} is cut`);
      for (const [other, b] of all) compare(one, a, other, b);
    }
  }
  const transport = document.querySelector("#transport");
  if (transport.scrollWidth > transport.clientWidth) wrong.push("the transport is cut");
  return wrong;
}
