// The runs that this browser has looked at last. The title of a run's page names it.

const KEY = "recent-runs";
const MOST = 6;

/** @returns {{id: string, title: string}[]} the last one first */
export function recentRuns() {
  try {
    const runs = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(runs) ? runs.filter(run => typeof run?.id === "string" && typeof run?.title === "string") : [];
  } catch {
    return [];
  }
}

/** Watches the page's title until the function that it returns is called. */
export function rememberRuns() {
  const observer = new MutationObserver(remember);
  observer.observe(document.head, { subtree: true, childList: true, characterData: true });
  remember();
  return () => observer.disconnect();
}

function remember() {
  const id = /^\/runs\/([^/]+)$/.exec(location.pathname)?.[1];
  const named = /^(.+) · (Queued|Running|Finished|Failed|Cancelled|Interrupted|Damaged)$/.exec(document.title);
  if (!id || !named) return;
  const known = recentRuns();
  if (known[0]?.id === id && known[0].title === named[1]) return;
  const run = { id: decodeURIComponent(id), title: named[1] };
  localStorage.setItem(KEY, JSON.stringify([run, ...known.filter(other => other.id !== run.id)].slice(0, MOST)));
}
