// Accept, send back, reject: always in sight, with who decided last.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { chord } from "../help.js";
import { tellError, toast } from "../toast.js";
import { ago } from "../words.js";
import { ask, askText } from "./dialogs.js";
import { counted } from "./notes.js";

/** @param {any} desk @param {HTMLElement} root */
export function makeDecision(desk, root) {
  const { session, marks } = desk;
  const state = el("div", { class: "state", role: "status" });
  const said = el("blockquote", { hidden: true });
  const reviewer = el("select", { "aria-label": "Who reviews this chart", onchange: assign });
  const acceptButton = el("button", { class: "accept", onclick: () => accept() }, "✓ Accept", chord(["Ctrl", "Enter"]));
  const backButton = el("button", { class: "back", onclick: sendBack, title: "Needs more work: say what. Ctrl+Backspace" }, "↩ Send back…");
  const rejectButton = el("button", { class: "danger", onclick: reject, title: "Not to be used at all. Ctrl+Delete" }, "✕ Reject…");
  const openButton = el("button", { onclick: () => decide("open", "") }, "Open again");
  const buttons = el("div", { class: "verdicts" }, acceptButton, backButton, rejectButton, openButton);
  fill(root, el("div", { class: "line" }, state, el("label", { class: "line reviewer" }, "Reviewer", reviewer)), said, buttons);

  async function decide(verdict, text) {
    if (session.conflict) return toast("Settle first what two people changed", { kind: "bad" });
    if (!(await session.settled())) return toast("Some edits are not saved yet; decide when they are", { kind: "bad" });
    for (const button of buttons.children) button.disabled = true;
    try {
      desk.row(await api.post(`/api/charts/${desk.chart.id}/decisions`, { verdict, text, version: desk.document.version }));
      if (text) loadReason();
      if (verdict !== "open") tellNext(verdict);
    } catch (error) {
      if (error.status === 409) await session.catchUp().catch(() => {});
      tellError(error, error.status === 409 ? "Not decided; look at it again" : "Not decided");
    }
    for (const button of buttons.children) button.disabled = false;
    return undefined;
  }

  async function accept() {
    if (desk.chart.status === "accepted") return;
    const grave = marks.findings.filter(({ severity, dismissed }) => !dismissed && (severity === "violation" || severity === "fault"));
    if (grave.length) {
      const choices = [{ id: "accept", label: "Accept all the same" }, { id: "leave", label: "Look at them first" }];
      const choice = await ask({ title: `${counted(grave.length, "finding")} left`, text: grave.slice(0, 4).map(({ message }) => message).join(" · "), choices });
      if (choice !== "accept") {
        desk.panels.findings.step(1);
        return;
      }
    }
    await decide("accepted", "");
  }

  async function sendBack() {
    if (desk.chart.status === "sent back") return;
    const text = await askText({ title: "Send back", text: "Whoever works on it next reads this. Places are best said as comments on their beats.", label: "What is to change", action: "Send back", isNeeded: true });
    if (text !== null) await decide("sent back", text);
  }

  async function reject() {
    if (desk.chart.status === "rejected") return;
    const text = await askText({ title: "Reject this chart", text: "It is left out for good, until someone opens it again.", label: "Why", action: "Reject", isNeeded: false });
    if (text !== null) await decide("rejected", text);
  }

  function tellNext(verdict) {
    const next = desk.siblings().find(({ status }) => status === "open");
    const action = next
      ? { label: `Next: ${next.slot} ${next.meter}`, run: () => location.assign(`/chart/${next.id}`) }
      : { label: "To the list", run: () => location.assign(`/run/${desk.song.run}`) };
    toast({ accepted: "Accepted", "sent back": "Sent back", rejected: "Rejected" }[verdict], { kind: "good", action, seconds: 10 });
  }

  async function assign() {
    try {
      desk.row(await api.patch(`/api/charts/${desk.chart.id}`, { assignee: reviewer.value ? Number(reviewer.value) : null }));
    } catch (error) {
      tellError(error, "Not assigned");
      show();
    }
  }

  async function loadReason() {
    try {
      const last = (await api.get(`/api/charts/${desk.chart.id}/decisions`)).at(-1);
      said.textContent = last?.text ?? "";
      said.hidden = !last?.text || last.verdict !== desk.chart.status;
    } catch (error) {
      tellError(error);
    }
  }

  function show() {
    const { status, decided, assignee } = desk.chart;
    const isDecided = status !== "open" && decided;
    fill(state, el("span", { class: `status ${status.replace(" ", "-")}` }, status),
      isDecided && el("span", { class: "soft" }, `${decided.author?.name ?? "someone"}, ${ago(decided.at)}${decided.version === desk.document.version ? "" : `, version ${decided.version}`}`));
    acceptButton.hidden = status === "accepted";
    backButton.hidden = status === "sent back";
    rejectButton.hidden = status === "rejected";
    openButton.hidden = status === "open";
    if (status === "open") said.hidden = true;
    reviewer.value = assignee ? String(assignee.id) : "";
  }

  api.get("/api/people").then((people) => {
    fill(reviewer, el("option", { value: "" }, "nobody yet"), people.map(({ id, name }) => el("option", { value: id }, name)));
    show();
  }, tellError);
  if (desk.chart.status !== "open") loadReason();
  show();
  return { accept, sendBack, reject, show, heard: loadReason };
}
