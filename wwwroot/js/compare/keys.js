// The keys of the Compare page. Whoever types, or is in a dialog, keeps all of them.

const STEPS = { j: 1, n: 1, k: -1, p: -1 };
const LAYERS = { l: "labels", s: "heat", e: "errors", d: "disagreement" };
const TYPED_INTO = "input:not([type=range], [type=checkbox], [type=radio]), select, textarea, [contenteditable=true]";
const PRESSED_BY_SPACE = "button, summary, input, [role=slider], [role=button]";

/**
 * @param {KeyboardEvent} event
 * @param {{step, solo, layer, swipe, blink, leave: Function}} actions each does its work and tells with false that it had none
 * @returns {boolean} whether the key was one of ours
 */
export function press(event, actions) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPED_INTO)) return false;
  const key = event.key.toLowerCase();
  if (key in STEPS) return actions.step(STEPS[key]) !== false;
  if (key in LAYERS) return actions.layer(LAYERS[key]) !== false;
  if (/^[1-4]$/.test(key)) return actions.solo(Number(key) - 1) !== false;
  if (key === "x") return actions.swipe() !== false;
  if (key === " ") return !event.target.closest(PRESSED_BY_SPACE) && actions.blink() !== false;
  return key === "escape" && actions.leave() !== false;
}

/** @returns a function that ends it */
export function bindKeys(actions) {
  const onKey = event => {
    if (!document.querySelector("dialog[open], [aria-modal=true], .mud-dialog") && press(event, actions)) event.preventDefault();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
