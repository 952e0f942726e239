/** The bar at the top of every page: where one is, who is here, who one is, and the keys. */

import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { chord, showHelp } from "./help.js";
import { tellError } from "./toast.js";
import { PANEL_NAMES, hueOf, initials } from "./words.js";

/** @typedef {{id: number, name: string}} Who */

/**
 * @typedef {object} Header
 * @property {HTMLElement} root
 * @property {HTMLElement} tools  where a page puts controls of its own, between the path and the people
 * @property {(crumbs: {text: string, href?: string}[]) => void} path  where one is, outermost first
 * @property {(people: Who[], me: Who) => void} people  who is here besides oneself
 * @property {(me: Who) => void} me
 * @property {(lost: boolean) => void} lost  whether the server is out of reach
 */

/**
 * The bar, put in front of all else in the page.
 * @returns {Header}
 */
export function makeHeader() {
  const path = el("nav", { class: "path", "aria-label": "Where you are" });
  const tools = el("div", { class: "tools" });
  const people = el("ul", { class: "people", "aria-label": "People here" });
  const account = el("div", { class: "account" });
  const lost = el("span", { class: "lost", role: "status" });
  const keysButton = el("button", { class: "quiet", title: "Every key of this page", onclick: showHelp },
    chord(["?"]), " Keys");
  const root = el("header", { class: "bar" },
    el("a", { class: "brand", href: "/", title: "All runs" }, mark(), "charter"),
    path, tools, lost, people, keysButton, account);
  document.body.prepend(root);
  return {
    root,
    tools,
    path(crumbs) {
      fill(path, crumbs.map(({ text, href }) => [
        el("span", { class: "slash", "aria-hidden": "true" }, "/"),
        href ? el("a", { href }, text) : el("span", { class: "here", "aria-current": "page" }, text),
      ]));
    },
    people(all, me) {
      const others = [...new Map(all.filter((each) => each.id !== me.id).map((each) => [each.id, each])).values()];
      fill(people, others.slice(0, 6).map((each) => el("li", {}, avatar(each, `${each.name} is here`))),
        others.length > 6 && el("li", { class: "more" }, `+${others.length - 6}`));
    },
    me(me) {
      fill(account, avatar(me, `You are ${me.name}`), el("span", { class: "name" }, me.name),
        el("button", { class: "quiet small", onclick: signOut }, "Sign out"));
    },
    lost(isLost) {
      fill(lost, isLost ? "Connection lost, trying again…" : "");
    },
  };
}

/**
 * A round mark with someone's initials, in the colour that they have on every page.
 * @param {Who} who
 * @param {string} [title]
 * @returns {HTMLElement}
 */
export function avatar(who, title = who.name) {
  return el("span", { class: "avatar", title, role: "img", "aria-label": title, style: { "--hue": String(hueOf(who.id)) } },
    initials(who.name));
}

/** Four panels, the sign of the house. */
function mark() {
  return el("span", { class: "mark", "aria-hidden": "true" }, PANEL_NAMES.map((panel) => el("i", { class: panel })));
}

async function signOut() {
  try {
    await api.post("/api/logout");
    location.assign("/login");
  } catch (error) {
    tellError(error, "Not signed out");
  }
}
