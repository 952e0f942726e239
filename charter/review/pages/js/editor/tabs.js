// Panels of which one is seen, by tabs that keys and assistive technology know.

import { el, fill } from "../dom.js";

/**
 * @param {HTMLElement} root
 * @param {{id: string, label: string, key: string}[]} entries
 * @returns {{panel: (id: string) => HTMLElement, show: (id: string) => void, shown: () => string,
 *   badge: (id: string, count: number, kind?: string) => void, onShow: (listener: (id: string) => void) => void}}
 */
export function makeTabs(root, entries) {
  const listeners = [];
  const badges = new Map();
  const tabs = new Map();
  const panels = new Map();
  let shown = "";
  for (const { id, label, key } of entries) {
    const badge = el("span", { class: "badge", hidden: true });
    const tab = el("button", { role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, class: "quiet small", title: `Key ${key}`, onclick: () => show(id), onkeydown: (event) => move(event, id) },
      label, badge, el("span", { class: "hint" }, key));
    badges.set(id, badge);
    tabs.set(id, tab);
    panels.set(id, el("section", { role: "tabpanel", id: `panel-${id}`, "aria-labelledby": `tab-${id}`, class: `panel ${id}`, tabindex: "-1" }));
  }
  fill(root, el("div", { class: "tabs", role: "tablist", "aria-label": "Panels" }, [...tabs.values()]), [...panels.values()]);

  function show(id) {
    shown = id;
    for (const [each, tab] of tabs) {
      tab.setAttribute("aria-selected", String(each === id));
      tab.tabIndex = each === id ? 0 : -1;
      panels.get(each).hidden = each !== id;
    }
    for (const listener of listeners) listener(id);
  }

  function move(event, id) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const names = [...tabs.keys()];
    const next = names[(names.indexOf(id) + way + names.length) % names.length];
    show(next);
    tabs.get(next).focus();
  }

  show(entries[0].id);
  return {
    panel: (id) => panels.get(id),
    show,
    shown: () => shown,
    badge(id, count, kind = "") {
      const badge = badges.get(id);
      badge.hidden = !count;
      badge.textContent = String(count);
      badge.className = `badge ${kind}`;
    },
    onShow: (listener) => listeners.push(listener),
  };
}
