// The legend of a chart: names, colours, and the values under the cursor.
import { Points } from "./points.js";
import { formatValue } from "./format.js";

export class ChartLegend {
  #list;
  #toggle;

  /**
   * @param {HTMLElement} list holds one button a curve
   * @param {(key: string) => void} toggle shows or hides a curve
   */
  constructor(list, toggle) {
    this.#list = list;
    this.#toggle = toggle;
  }

  /**
   * @param {object[]} curves all of the chart's
   * @param {{curve: object, points: Points, x: ArrayLike<number>, smoothed: number[]}[]} drawn those that are shown
   * @param {number | null} hovered the place on the x axis under the cursor; null: the last values are shown
   * @param {string[]} hidden keys
   */
  write(curves, drawn, hovered, hidden, theme) {
    curves.forEach((curve, i) => {
      const item = this.#list.children[i] ?? this.#list.appendChild(this.#item());
      const shown = drawn.find(other => other.curve.key === curve.key);
      const at = !shown ? -1 : hovered === null ? shown.x.length - 1 : Points.indexAtOrBefore(shown.x, hovered);
      item.dataset.key = curve.key;
      item.setAttribute("aria-pressed", String(!hidden.includes(curve.key)));
      item.style.setProperty("--colour", theme.series[curve.colour]);
      item.style.setProperty("--dash", curve.dash ? "dashed" : "solid");
      item.children[1].textContent = curve.label;
      const [smoothed, raw] = at < 0 ? [null, null] : [shown.smoothed[at], shown.points.last[at]];
      item.children[2].textContent = at < 0 ? "" : formatValue(smoothed ?? raw);
      item.title = at < 0
        ? "Show or hide this curve"
        : `${curve.label}: measured ${formatValue(raw)}, drawn ${formatValue(smoothed)}. Click to show or hide.`;
    });
    while (this.#list.children.length > curves.length) this.#list.lastChild.remove();
  }

  #item() {
    const item = document.createElement("button");
    item.type = "button";
    item.append(...["swatch", "label", "value"].map(name => Object.assign(document.createElement("span"), { className: name })));
    item.addEventListener("click", () => this.#toggle(item.dataset.key));
    return item;
  }
}
