// What stands around a pane: its IoU, the values under the pointer, and for soft maps the threshold with the data set's curve.
import { SweepCurve } from "./curve.js";
import { percent } from "./iou.js";

export class PaneCaption {
  #curve = null;
  #points = null;
  #source = null;
  #handlers = null;

  /** @param {() => void} onSolo this source alone is wanted, or all again */
  constructor(figure, onSolo) {
    this.figure = figure;
    this.#part("solo").addEventListener("click", onSolo);
    const slider = this.#part("slider");
    slider?.addEventListener("input", event => this.#handlers.onMove(Number(slider.value), event));
    slider?.addEventListener("change", () => this.#handlers.onSettled());
    this.#part("own")?.addEventListener("click", event => {
      this.#handlers.onMove(this.#source.own, event);
      this.#handlers.onSettled();
    });
  }

  show(source, threshold, handlers) {
    [this.#source, this.#handlers] = [source, handlers];
    if (source.kind !== "maps" || JSON.stringify(source.curve) === this.#points) return;
    this.#points = JSON.stringify(source.curve);
    this.#curve = new SweepCurve(this.#part("curve"), source.curve);
    this.#writeThreshold(threshold);
  }

  /** @param {{mean: number} | null} iou */
  writeScores(threshold, iou) {
    this.#part("iou").textContent = this.#source.kind === "truth" || !iou ? "" : percent(iou.mean);
    if (this.#source.kind === "maps") this.#writeThreshold(threshold);
  }

  /** @param {boolean} shown its picture is seen, here or on the stage; @param {boolean} alone on the stage */
  writeShown(shown, alone) {
    this.figure.classList.toggle("is-aside", !shown);
    this.#part("solo").setAttribute("aria-pressed", String(alone));
  }

  writeProblem(problem) {
    this.#part("problem").textContent = problem ?? "";
  }

  /** @param {{colour: string, name: string, values: {name: string, value: number}[]} | null} point */
  writeValues(point) {
    const line = this.#part("value");
    if (!point) return line.replaceChildren();
    const swatch = Object.assign(document.createElement("span"), { className: "swatch" });
    swatch.style.setProperty("--colour", point.colour);
    line.replaceChildren(swatch, point.name, ...point.values.map(({ name, value }) => {
      const entry = document.createElement("span");
      entry.className = "soft";
      entry.textContent = `${name} ${value.toFixed(2)}`;
      return entry;
    }));
  }

  #part(name) { return this.figure.querySelector(`[data-part=${name}]`); }

  #writeThreshold(threshold) {
    const slider = this.#part("slider");
    if (Number(slider.value) !== threshold) slider.value = threshold;
    this.#part("threshold").textContent = threshold.toFixed(3).replace(/0$/, "");
    const miou = this.#curve?.move(threshold) ?? null;
    this.#part("miou").textContent = miou === null ? "" : percent(miou);
    this.#part("own").disabled = threshold === this.#source.own;
  }
}
