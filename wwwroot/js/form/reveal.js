// Goes to the field of an option, or to the head of a group, unfolding what it lies in.

/** @param {string} option its name, or that of a field, of an input run, or of a group's head */
export function reveal(option) {
  const field = ["option-", "", "input-"].map(prefix => document.getElementById(prefix + option)).find(Boolean);
  for (let fold = field?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  field?.focus({ preventScroll: true });
  field?.scrollIntoView({ block: field.matches("summary") ? "start" : "center" });
}
