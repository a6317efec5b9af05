// Light or dark: the cookie's word, else the system's. Runs before the first paint, so nothing flashes.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  const show = theme => {
    root.dataset.theme = theme;
    root.dispatchEvent(new CustomEvent("themechange", { detail: theme }));
  };

  const remembered = () => /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];

  show(remembered() ?? (system.matches ? "dark" : "light"));
  system.addEventListener("change", () => remembered() ?? show(system.matches ? "dark" : "light"));

  document.addEventListener("click", event => {
    if (!event.target.closest("[data-toggle-theme]")) return;
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    show(theme);
  });
})();
