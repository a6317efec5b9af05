// What the keys do: everywhere, and on the open page, whose controls name theirs in aria-keyshortcuts.

const EVERYWHERE = [["Ctrl K", "Search runs, pages, options and actions"], ["/", "Find on this page"], ["?", "Show the keys"], ["Esc", "Close what is open"]];

const PARTS = [
  { where: "[data-charts]", title: "Charts", keys: [["← →", "Move the cursor of the chart in focus"], ["+", "Zoom in"], ["− or Esc", "Show the whole curve"]] },
];

/** Of the controls of the page. */
function keysOfPage() {
  const keys = new Map();
  for (const control of document.querySelectorAll("main [aria-keyshortcuts]")) {
    const meaning = control.textContent.trim() || control.getAttribute("aria-label") || control.title.replace(/ \(.*\)$/, "");
    keys.set(control.getAttribute("aria-keyshortcuts").split(" ").map(key => (key.length === 1 ? key.toUpperCase() : key)).join(" or "), meaning);
  }
  return [...keys];
}

/** Writes them into an element. */
export function writeKeys(place) {
  const groups = [
    { title: "Everywhere", keys: EVERYWHERE },
    ...PARTS.filter(part => document.querySelector(part.where)),
    { title: "This page", keys: keysOfPage() },
  ].filter(group => group.keys.length > 0);
  place.replaceChildren(...groups.flatMap(group => {
    const list = document.createElement("dl");
    for (const [key, meaning] of group.keys) {
      const term = document.createElement("dt");
      term.append(Object.assign(document.createElement("kbd"), { textContent: key }));
      list.append(term, Object.assign(document.createElement("dd"), { textContent: meaning }));
    }
    return [Object.assign(document.createElement("h3"), { textContent: group.title }), list];
  }));
}

/** Whether what is typed now goes into a field. */
export function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable=true]") !== null;
}
