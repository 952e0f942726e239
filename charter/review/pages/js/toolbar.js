/** The controls that say which songs are shown, and what is done with those that are selected. */

import { el, fill } from "./dom.js";
import { FINDINGS, SLOTS, SORTS, TABS } from "./filters.js";
import { icon } from "./icons.js";
import { capital, count } from "./words.js";

const ALWAYS = ["all", "open", "accepted"]; // tabs that are there even where they hold nothing

/** @typedef {import("./filters.js").Filter} Filter */

/**
 * @typedef {object} Toolbar
 * @property {HTMLElement} root
 * @property {(filter: Filter, counts: Record<string, number>, shown: number) => void} draw
 * @property {(people: {id: number, name: string}[]) => void} people  who can be a reviewer
 * @property {() => void} search  put the keyboard into the search field
 */

/**
 * The controls; a change is told by what it changes of the filter.
 * @param {(change: Partial<Filter>) => void} changed
 * @returns {Toolbar}
 */
export function makeToolbar(changed) {
  const tabs = el("div", { class: "tabs", role: "group", "aria-label": "Songs shown" });
  const search = el("input", { type: "search", placeholder: "Search title, artist, reviewer", "aria-label": "Search songs" });
  search.addEventListener("input", () => changed({ text: search.value }));
  search.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Enter" || event.key === "ArrowDown" || (event.key === "Escape" && !search.value)) {
      event.preventDefault();
      /** @type {HTMLElement | null} */ (document.querySelector(".list"))?.focus();
    }
  });
  const select = (/** @type {string} */ label, /** @type {[string, string][]} */ options, /** @type {keyof Filter} */ name) => {
    const made = el("select", { "aria-label": label }, options.map(([value, text]) => el("option", { value }, text)));
    made.addEventListener("change", () => changed({ [name]: made.value }));
    return made;
  };
  const slot = select("Difficulty", [["", "Any difficulty"], ...SLOTS.map((each) => /** @type {[string, string]} */ ([each, capital(each)]))], "slot");
  const findings = select("Findings", Object.entries(FINDINGS).map(([value, { label }]) => [value, label]), "findings");
  const reviewer = select("Reviewer", [], "reviewer");
  const sort = select("Sorted by", Object.entries(SORTS).map(([value, { label }]) => [value, label]), "sort");
  const way = el("button", { class: "icon", onclick: () => changed({ down: way.getAttribute("aria-pressed") !== "true" }) });
  const shownLine = el("output", { class: "soft" });
  const root = el("div", { class: "toolbar" }, tabs,
    el("div", { class: "controls" },
      el("span", { class: "search" }, icon("search"), search, el("kbd", { "aria-hidden": "true" }, "/")),
      slot, findings, reviewer, el("span", { class: "sort" }, el("span", { class: "soft" }, "Sort"), sort, way), shownLine));
  return {
    root,
    draw(filter, counts, shown) {
      const names = Object.keys(TABS).filter((name) => counts[name] || ALWAYS.includes(name) || filter.tab === name);
      const focused = document.activeElement?.closest(".tabs button")?.getAttribute("data-tab");
      fill(tabs, el("span", { class: "soft of" }, "Songs:"), names.map((name) =>
        el("button", { class: `tab ${name}`, title: tabTitle(name, counts[name]), "aria-pressed": String(filter.tab === name), dataset: { tab: name }, onclick: () => changed({ tab: name }) },
          TABS[/** @type {keyof typeof TABS} */ (name)].label, el("span", { class: "count" }, counts[name].toLocaleString("en")))));
      if (focused) /** @type {HTMLElement | null} */ (tabs.querySelector(`[data-tab="${focused}"]`))?.focus();
      if (search.value !== filter.text) search.value = filter.text;
      slot.value = filter.slot;
      findings.value = filter.findings;
      reviewer.value = filter.reviewer;
      sort.value = filter.sort;
      for (const each of [slot, findings, reviewer]) each.classList.toggle("set", each.value !== "");
      way.setAttribute("aria-pressed", String(filter.down));
      way.title = filter.down ? "Last first" : "First first";
      way.setAttribute("aria-label", "The other way round");
      fill(way, filter.down ? "↓" : "↑");
      fill(shownLine, shown === counts.all ? "" : `${shown.toLocaleString("en")} of ${count(counts.all, "song")}`);
    },
    people(people) {
      const was = reviewer.value;
      fill(reviewer, [["", "Any reviewer"], ["me", "Me"], ["none", "No one yet"], ...people.map((who) => [String(who.id), who.name])]
        .map(([value, text]) => el("option", { value }, text)));
      reviewer.value = was;
    },
    search() {
      search.focus();
      search.select();
    },
  };
}

/** What a tab counts, which is songs, not charts. @param {string} name @param {number} n */
function tabTitle(name, n) {
  const tab = TABS[/** @type {keyof typeof TABS} */ (name)];
  return "status" in tab ? `${count(n, "song")} with a chart that is ${tab.status === "open" ? "to be reviewed" : tab.status}` : count(n, "song");
}

/**
 * What can be done with the selected songs, shown while there are some.
 * @param {{label: string, key: string, run: () => void, when?: (songs: any[]) => boolean}[]} acts
 * @param {() => void} clear
 */
export function makeSelectionBar(acts, clear) {
  const root = el("div", { class: "selection", hidden: true, role: "toolbar", "aria-label": "Selected songs" });
  return {
    root,
    /** @param {any[]} songs  selected */
    draw(songs) {
      root.hidden = songs.length === 0;
      fill(root, el("b", {}, `${count(songs.length, "song")} selected`),
        acts.filter((act) => !act.when || act.when(songs)).map((act) =>
          el("button", { class: "small", onclick: act.run }, act.label, el("kbd", { "aria-hidden": "true" }, act.key))),
        el("button", { class: "quiet small", onclick: clear }, "Select none", el("kbd", { "aria-hidden": "true" }, "Esc")));
    },
  };
}
