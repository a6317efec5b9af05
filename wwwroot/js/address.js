// The page's address holds the visitor's choices: a copied link shows the same, and a reload loses nothing.

/** Changes choices in place: a list has an entry for each of its items; null, false and what is usual leave the address. */
export function writeChoices(changes, usual = {}) {
  // Blazor keeps its own entry in history.state.
  history.replaceState(history.state, "", changed(changes, usual));
}

function changed(changes, usual) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) {
    url.searchParams.delete(name);
    if (Array.isArray(value)) value.forEach(item => url.searchParams.append(name, item));
    else if (value === true) url.searchParams.set(name, "1");
    else if (value !== null && value !== false && value !== usual[name]) url.searchParams.set(name, value);
  }
  // Commas and colons are legal in a query, and a link is read by people.
  url.search = url.search.replaceAll("%2C", ",").replaceAll("%3A", ":");
  return url;
}

/** What the server changes on a page that may have been left meanwhile. */
export function writeChoicesOf(page, changes) {
  if (location.pathname === page) writeChoices(changes);
}

/** The same as a step of its own, which the browser's way back undoes. Blazor takes it for the same visit. */
export function pushChoicesOf(page, changes) {
  if (location.pathname !== page) return;
  const url = changed(changes, {});
  if (url.href !== location.href) history.pushState(history.state, "", url);
}
