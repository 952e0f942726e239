// Run by test_scripts.py: the register of keys, before a page that only hears presses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const heard = {};
globalThis.HTMLElement = class {};
globalThis.document = { addEventListener: (type, listener) => (heard[type] = listener), querySelector: () => null };
globalThis.window = { addEventListener: () => {} };
const { keys } = await import(pathToFileURL(`${process.env.CHARTER_PAGES}/js/keys.js`));

let done = [];
for (const name of ["-", "/", "=", "3", "6", "Q", "?"]) keys.add({ keys: [name], does: name, group: "All", run: () => done.push(name) });

const pressed = (key, code, more = {}) => {
  done = [];
  heard.keydown({ key, code, preventDefault: () => {}, ...more });
  return done;
};

test("in the digit row a digit wins over the sign that the layout has there", () => {
  assert.deepEqual(pressed("-", "Digit6"), ["6"]); // French
  assert.deepEqual(pressed("-", "Digit3"), ["3"]); // Thai
  assert.deepEqual(pressed("/", "Digit2"), ["/"]); // no digit of this page
  assert.deepEqual(pressed("-", "Minus"), ["-"]);
  assert.deepEqual(pressed("=", "Digit0", { shiftKey: true }), ["="]); // German
});

test("the keypad writes digits where it writes digits, and else moves about", () => {
  assert.deepEqual(pressed("3", "Numpad3"), ["3"]);
  assert.deepEqual(pressed("PageDown", "Numpad3"), []);
  assert.deepEqual(pressed("ArrowRight", "Numpad6", { shiftKey: true }), []);
});

test("signs of no script say nothing of the keyboard", () => {
  assert.deepEqual(pressed("¡", "Equal"), []); // Spanish
  assert.deepEqual(pressed("€", "KeyE"), []); // AltGr, which Linux does not tell
  assert.deepEqual(pressed("µ", "KeyM"), []);
  assert.deepEqual(pressed("?", "KeyM", { shiftKey: true }), ["?"]); // French
  assert.deepEqual(pressed("؟", "Slash", { shiftKey: true }), ["?"]); // Arabic
});

test("signs on a letter's key do nothing else once the keyboard is known to write another script", () => {
  assert.deepEqual(pressed("ק", "KeyE"), []);
  assert.deepEqual(pressed("/", "KeyQ"), ["Q"]);
  assert.deepEqual(pressed("'", "KeyW"), []);
  assert.deepEqual(pressed("?", "Slash", { shiftKey: true }), ["?"]);
  assert.deepEqual(pressed("q", "KeyQ"), ["Q"]); // back to English
  assert.deepEqual(pressed("/", "Slash"), ["/"]);
});
