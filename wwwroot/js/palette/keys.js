// What the keys do: everywhere, and on the open page, which names its own in data-keys.

const EVERYWHERE = [
  ["Ctrl K", "Search runs, pages, options and actions"], ["/", "Find on this page"], ["?", "Show the keys"], ["Esc", "Close what is open"],
];

const PARTS = [
  {
    where: "[data-charts]", title: "Charts",
    keys: [["← →", "Move the cursor of the chart in focus"], ["+", "Zoom in"], ["− or Esc", "Show the whole curve"]],
  },
];

/** Writes them into an element. Pages name theirs as [["J", "Next image"], ...]. */
export function writeKeys(place) {
  const groups = [
    { title: "Everywhere", keys: EVERYWHERE },
    ...PARTS.filter(part => document.querySelector(part.where)),
    ...[...document.querySelectorAll("[data-keys]")].map(element =>
      ({ title: element.dataset.keysTitle ?? "This page", keys: JSON.parse(element.dataset.keys) })),
  ];
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
  const fields = "input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable=true]";
  return target instanceof Element && target.closest(fields) !== null;
}
