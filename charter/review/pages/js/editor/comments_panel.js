// What people say to each other about a place of the chart or the whole of it.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { avatar } from "../header.js";
import { chord } from "../help.js";
import { tellError } from "../toast.js";
import { ago } from "../words.js";
import { beatText } from "./notes.js";
import { snapped } from "./selection.js";

/** @param {any} desk @param {HTMLElement} root */
export function makeComments(desk, root) {
  const { marks, view, tabs, session } = desk;
  const area = el("textarea", { rows: 3, maxlength: 4000, placeholder: "What should change here?", "aria-label": "Comment" });
  const pinned = el("input", { type: "checkbox", checked: true });
  let pin = null; // tick on which the writing began: the cursor may go on meanwhile
  const place = el("span", {});
  const here = el("button", { class: "quiet small", type: "button", hidden: true, onclick: () => setPin(now()) }, "Pin at the cursor");
  const send = el("button", { class: "main small", type: "submit" }, "Comment", chord(["Ctrl", "Enter"]));
  const list = el("ul", { class: "entries" });
  const form = el("form", { class: "write", onsubmit: post }, area,
    el("div", { class: "line" }, el("label", { class: "check" }, pinned, place), here, send));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) post(event);
    if (event.key === "Escape") area.blur();
  });
  area.addEventListener("focus", () => pin === null && setPin(now()));
  area.addEventListener("blur", () => area.value.trim() || setPin(null));
  fill(root, form, list);

  /** The row at the receptors: while the song plays, the nearest of the snap. */
  const now = () => (desk.stage.player.playing ? snapped(view.cursor, view.snap) : view.cursor);

  function setPin(tick) {
    pin = tick;
    showPlace();
  }

  async function post(event) {
    event.preventDefault();
    if (send.disabled) return undefined;
    const text = area.value.trim();
    if (!text) return area.focus();
    send.disabled = true;
    try {
      marks.comment(await api.post(`/api/charts/${desk.chart.id}/comments`, { tick: pinned.checked ? (pin ?? now()) : null, text }));
      area.value = "";
      setPin(null);
    } catch (error) {
      tellError(error, "The comment is not saved");
    }
    send.disabled = false;
    return area.blur();
  }

  async function resolve(comment) {
    try {
      marks.comment(await api.post(`/api/comments/${comment.id}/resolved`, { resolved: !comment.resolved }));
    } catch (error) {
      tellError(error);
    }
  }

  function entry(comment) {
    const { author, at, tick, text, resolved, version } = comment;
    return el("li", { class: `entry comment ${resolved ? "resolved" : ""}` },
      el("div", { class: "line" }, author && avatar(author), el("strong", {}, author?.name ?? "charter"), el("span", { class: "soft" }, `${ago(at)} · version ${version}`)),
      el("p", { class: "text" }, text),
      el("div", { class: "line" },
        tick === null ? el("span", { class: "soft" }, "the whole chart") : el("button", { class: "quiet small", onclick: () => desk.goTo(tick) }, `⚑ beat ${beatText(tick)}`),
        el("button", { class: "quiet small", onclick: () => resolve(comment) }, resolved ? "Open again" : "✓ Resolve")));
  }

  function show() {
    const placed = [...marks.allComments].sort((a, b) => Boolean(a.resolved) - Boolean(b.resolved) || (a.tick ?? -1) - (b.tick ?? -1));
    fill(list, placed.length ? placed.map(entry) : el("li", { class: "soft" }, "No comments yet. They are pinned to beats and seen by all at once."));
    tabs.badge("comments", placed.filter(({ resolved }) => !resolved).length);
    showPlace();
  }

  function showPlace() {
    const text = `pin to beat ${beatText(pin ?? now())}`;
    if (place.textContent !== text) place.textContent = text;
    here.hidden = pin === null || desk.stage.player.playing || pin === view.cursor;
  }

  view.on("change", (changed) => changed.includes("cursor") && showPlace());
  session.on("shift", (ticks) => pin !== null && setPin(Math.max(0, pin + ticks)));
  desk.stage.player.on("state", showPlace);
  marks.on("change", show);
  show();
  return {
    write() {
      if (!area.value.trim()) setPin(now());
      tabs.show("comments");
      area.focus();
    },
  };
}
