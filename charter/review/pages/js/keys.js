/** Every key of the page in one register: what is registered works, and the `?` page lists it. */

import { Script, isDigit, keyLabel, matches, parseKey } from "./key_names.js";

/**
 * @typedef {object} Binding
 * @property {string[]} keys  names as `Ctrl+Z`, `Space`, `1`; each of them does it
 * @property {string} does  what it does, for the `?` page: "play or stop"
 * @property {string} group  the heading it stands under there
 * @property {(event: KeyboardEvent) => unknown} run  on press; where it returns false, the browser does its own too
 * @property {(event: KeyboardEvent) => void} [up]  when the pressed key is let go, or the page loses the keyboard
 * @property {() => boolean} [when]  whether it counts now; the next binding of the key is tried otherwise
 * @property {boolean} [repeat]  whether holding the key repeats it
 * @property {boolean} [inDialog]  whether it counts while a modal dialog is open
 */

/** @type {{binding: Binding, parsed: import("./key_names.js").Key[]}[]} */
const registered = [];
const script = new Script();
/** @type {Map<string, {name: string, up: (event: any) => void}>} */
const held = new Map(); // by the code of the key, so that letting go counts whatever Shift says by then

export const keys = {
  /**
   * Register keys.
   * @param {...Binding} bindings
   * @returns {() => void} what takes them out again
   */
  add(...bindings) {
    const entries = bindings.map((binding) => ({ binding, parsed: binding.keys.map(parseKey) }));
    registered.push(...entries);
    return () => {
      for (const entry of entries) registered.splice(registered.indexOf(entry), 1);
    };
  },

  /**
   * All that is registered, by group, in the order it was registered.
   * @returns {Map<string, {does: string, labels: string[][]}[]>}  labels: for each key, what to press
   */
  groups() {
    const groups = new Map();
    for (const { binding } of registered) {
      const rows = groups.get(binding.group) ?? [];
      rows.push({ does: binding.does, labels: binding.keys.map(keyLabel) });
      groups.set(binding.group, rows);
    }
    return groups;
  },
};

/**
 * Whether what is typed there is its own, and no key of the page.
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

/** Whether the focused control has a use of its own for this key. @param {KeyboardEvent} event */
function isTheControls(event) {
  const { target } = event;
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (target instanceof HTMLInputElement && target.type === "range") return /^(Arrow|Page|Home|End)/.test(event.key);
  if (target instanceof HTMLInputElement && target.type === "radio") return /^(Arrow| )/.test(event.key);
  if (event.key !== "Enter" && event.key !== " ") return false;
  return target.closest("button, a[href], summary, input, [role=button], [role=menuitem], [role=option]") !== null;
}

/**
 * The first binding that counts now for a press. Digits come first: in the digit row of a French keyboard stands `-`, in
 * that of a Thai one `/`, and there they are 6 and 2.
 * @param {KeyboardEvent} event
 * @returns {Binding | undefined}
 */
function bindingOf(event) {
  const inDialog = document.querySelector("dialog:modal") !== null;
  const find = (/** @type {boolean} */ digits) => registered.find(({ binding, parsed }) =>
    (!inDialog || binding.inDialog) && parsed.some((key) => isDigit(key) === digits && matches(key, event, script.isOther)) && (binding.when?.() ?? true));
  return (find(true) ?? find(false))?.binding;
}

document.addEventListener("keydown", (event) => {
  script.see(event);
  if (event.defaultPrevented || event.isComposing) return;
  if (isTyping(event.target) || isTheControls(event)) return;
  const binding = bindingOf(event);
  if (!binding) return;
  if (event.repeat && !binding.repeat) {
    event.preventDefault(); // a held key that does something here must not scroll the page instead
    return;
  }
  if (binding.up && !event.repeat) held.set(event.code, { name: event.key, up: binding.up });
  if (binding.run(event) !== false) event.preventDefault();
});

document.addEventListener("keyup", (event) => {
  const was = held.get(event.code);
  held.delete(event.code);
  was?.up(event);
});

window.addEventListener("blur", () => {
  const all = [...held.entries()];
  held.clear();
  for (const [code, was] of all) was.up(new KeyboardEvent("keyup", { key: was.name, code }));
});
