// Colours of the page as the charts need them: canvas cannot read CSS variables by itself.

/** @param {Element} element where the variables are in force */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const variable = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return {
    text: variable("--chart-text", "#444"),
    grid: variable("--chart-grid", "#ddd"),
    background: variable("--chart-background", "#fff"),
    marker: variable("--chart-marker", "#888"),
    series: Array.from({ length: 8 }, (_, i) => variable(`--s${i + 1}`, "#0072b2")),
  };
}

/** Calls back when light and dark are switched. @returns a function that ends it */
export function onThemeChange(listener) {
  document.documentElement.addEventListener("themechange", listener);
  return () => document.documentElement.removeEventListener("themechange", listener);
}

/** A colour, more transparent. */
export const fade = (colour, alpha) => `color-mix(in srgb, ${colour} ${100 * alpha}%, transparent)`;
