// The slider of the masks' opacity: they follow it at once; the server only learns where it was left.

export function init(root) {
  const listener = new AbortController();
  root.addEventListener("input", event => {
    if (!event.target.matches("[data-control=opacity]")) return;
    for (const element of document.querySelectorAll("[data-opacity]")) element.style.setProperty("--opacity", event.target.value / 100);
  }, listener);
  return { dispose: () => listener.abort() };
}
