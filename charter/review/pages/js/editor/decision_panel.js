// Accept, send back, reject: always in sight, with who decided last.

import { api } from "../api.js";
import { el, fill } from "../dom.js";
import { chord } from "../help.js";
import { tellError, toast } from "../toast.js";
import { ago, capital, count as counted } from "../words.js";
import { isGrave } from "../player/margin.js";
import { ask, askText } from "./dialogs.js";
import { beatText } from "./notes.js";

const MOST = 4;

/**
 * What stands against accepting a chart.
 * @param {any[]} findings
 * @param {any[]} comments
 * @returns {{title: string, lines: string[], isGrave: boolean}} no lines where nothing does
 */
function leftOf(findings, comments) {
  const grave = findings.filter((finding) => !finding.dismissed && isGrave(finding));
  const said = comments.filter(({ resolved }) => !resolved);
  const place = (tick) => (tick === null ? "" : `Beat ${beatText(tick)}: `);
  const lines = [
    ...grave.map(({ tick, message }) => `${place(tick)}${message}`),
    ...said.map(({ tick, author, text }) => `${place(tick)}${author?.name ?? "charter"} says “${text.length > 80 ? `${text.slice(0, 79)}…` : text}”`),
  ];
  const title = [grave.length && counted(grave.length, "finding"), said.length && `${counted(said.length, "comment")} not resolved`];
  const rest = lines.length - MOST;
  return { title: title.filter(Boolean).join(", "), lines: rest > 1 ? [...lines.slice(0, MOST), `and ${rest} more`] : lines, isGrave: grave.length > 0 };
}

/** @param {any} desk @param {HTMLElement} root */
export function makeDecision(desk, root) {
  const { session, marks } = desk;
  let people = [];
  const state = el("div", { class: "state", role: "status" });
  const said = el("blockquote", { hidden: true });
  const reviewer = el("select", { "aria-label": "Who reviews this chart", onchange: assign });
  const acceptButton = el("button", { class: "accept", onclick: () => accept() }, "✓ Accept", chord(["Ctrl", "Enter"]));
  const backButton = el("button", { class: "back", onclick: sendBack, title: "Needs more work: say what. Ctrl+Backspace" }, "↩ Send back…");
  const rejectButton = el("button", { class: "danger", onclick: reject, title: "Not to be used at all. Ctrl+Delete" }, "✕ Reject…");
  const openButton = el("button", { class: "reopen", onclick: () => decide("open", "") }, "Open again");
  const buttons = el("div", { class: "verdicts" }, acceptButton, backButton, rejectButton, openButton);
  fill(root, el("div", { class: "line" }, state, el("label", { class: "line reviewer" }, "Reviewer", reviewer)), said, buttons, desk.next.root);

  async function decide(verdict, text) {
    if (session.conflict) return toast("Settle first what two people changed", { kind: "bad" });
    if (!(await session.settled())) return toast("Some edits are not saved yet; decide when they are", { kind: "bad" });
    for (const button of buttons.children) button.disabled = true;
    if (verdict === "open") desk.reopening.agreeTo([desk.chart]);
    try {
      desk.row(await api.post(`/api/charts/${desk.chart.id}/decisions`, { verdict, text, version: desk.document.version, song_version: session.songDocument.version }));
      if (text) loadReason();
      if (verdict !== "open") toast({ accepted: "Accepted", "sent back": "Sent back", rejected: "Rejected" }[verdict], { kind: "good" });
    } catch (error) {
      if (error.status === 409) await session.catchUp().catch(() => {});
      tellError(error, error.status === 409 ? "Not decided; look at it again" : "Not decided");
    }
    for (const button of buttons.children) button.disabled = false;
    return undefined;
  }

  async function accept() {
    if (desk.chart.status === "accepted") return;
    const left = leftOf(marks.findings, marks.allComments);
    if (left.lines.length) {
      const choices = [{ id: "accept", label: "Accept all the same" }, { id: "leave", label: "Look at them first" }];
      if ((await ask({ title: left.title, text: left.lines.join("\n"), choices })) !== "accept") {
        if (left.isGrave) desk.panels.findings.step(1);
        else desk.tabs.show("comments");
        return;
      }
    }
    await decide("accepted", "");
  }

  /** To whom a chart goes that is sent back; without a reviewer the server notes down who decides. */
  function goesTo() {
    const { assignee } = desk.chart;
    if (!assignee) return "Nobody is assigned: the list shows it under “Sent back”, with you as its reviewer until someone else is.";
    return assignee.id === desk.me.id ? "You are its reviewer, so it stays with you." : `It goes back to ${assignee.name}, its reviewer.`;
  }

  async function sendBack() {
    if (desk.chart.status === "sent back") return;
    const text = await askText({ title: "Send back", text: `${goesTo()} Whoever works on it next reads this. Places are best said as comments on their beats.`, label: "What is to change", action: "Send back" });
    if (text !== null) await decide("sent back", text);
  }

  async function reject() {
    if (desk.chart.status === "rejected") return;
    const text = await askText({ title: "Reject this chart", text: "It is left out for good, until someone opens it again.", label: "Why", action: "Reject" });
    if (text !== null) await decide("rejected", text);
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
    fill(state, el("span", { class: `status ${status.replace(" ", "-")}` }, capital(status)),
      isDecided && el("span", { class: "soft" }, `${decided.author?.name ?? "someone"}, ${ago(decided.at)}${decided.version === desk.document.version ? "" : `, version ${decided.version}`}`));
    acceptButton.hidden = status === "accepted";
    backButton.hidden = status === "sent back";
    rejectButton.hidden = status === "rejected";
    openButton.hidden = status === "open";
    if (status === "open") said.hidden = true;
    if (assignee && people.every(({ id }) => id !== assignee.id)) listPeople([...people, assignee]); // who came since
    reviewer.value = assignee ? String(assignee.id) : "";
  }

  function listPeople(known) {
    people = known;
    fill(reviewer, el("option", { value: "" }, "nobody yet"), people.map(({ id, name }) => el("option", { value: id }, name)));
  }

  api.get("/api/people").then((known) => {
    listPeople(known);
    show();
  }, tellError);
  if (desk.chart.status !== "open") loadReason();
  show();
  return { accept, sendBack, reject, show, heard: loadReason };
}
