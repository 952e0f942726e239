/** Signing in: a name, and a token where the server wants one. */

import { ApiError, api } from "./api.js";
import { byId, el, fill } from "./dom.js";
import { nextPage } from "./next_page.js";
import { PANEL_NAMES, messageOf } from "./words.js";

const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
const after = nextPage(new URLSearchParams(location.search).get("next"));
if (token) history.replaceState(null, "", location.pathname + location.search); // it must not stay in the address bar

await start();

async function start() {
  try {
    await api.get("/api/me");
    location.replace(after); // signed in already
  } catch (error) {
    const known = error instanceof ApiError && error.status === 401;
    show(known ? Boolean(error.body.needs_token) : true, known ? "" : messageOf(error));
  }
}

/** @param {boolean} needsToken @param {string} problem */
function show(needsToken, problem) {
  const name = el("input", { name: "name", required: true, maxlength: "60", autocomplete: "username", spellcheck: "false" });
  const secret = el("input", { name: "token", type: "password", required: true, autocomplete: "current-password", value: token });
  const error = el("p", { class: "error", role: "alert" }, problem);
  const go = el("button", { type: "submit", class: "main" }, "Sign in");
  const form = el("form", { class: "card" },
    el("p", { class: "logo", "aria-hidden": "true" }, PANEL_NAMES.map((panel) => el("i", { class: panel }))),
    el("h1", {}, "charter"),
    el("p", { class: "soft" }, "Listen to charts, put them right, sign them off."),
    el("label", { class: "field" }, "Your name", name, el("small", {}, "It stands beside what you change and decide.")),
    needsToken && !token && el("label", { class: "field" }, "Token", secret, el("small", {}, "Whoever runs this server has it: it is in the link that the server printed.")),
    error, go);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    go.disabled = true;
    fill(error);
    try {
      await api.post("/api/login", { name: name.value.trim(), ...(needsToken ? { token: secret.value.trim() } : {}) });
      location.replace(after);
    } catch (failure) {
      fill(error, messageOf(failure));
      go.disabled = false;
      (needsToken && !token ? secret : name).select();
    }
  });
  fill(byId("page"), form);
  name.focus();
}
