// The training step that the page is looking at: set by the snapshot timeline, marked in every chart.

const listeners = new Set();
let selected = null;

export const selectedStep = () => selected;

/** @param {number | null} step */
export function selectStep(step) {
  selected = step;
  for (const listener of listeners) listener(step);
}

/** @returns a function that ends the subscription */
export function onStepSelected(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
