// The controls of how the panes are drawn: what each chooses, and how it shows what is chosen.
import { writeKey } from "./legend.js";

export class DrawingControls {
  #root;

  /** @param {object} drawing as address.js reads it; @param {(changes: object, event?: Event) => void} choose */
  constructor(root, drawing, choose) {
    this.#root = root;
    for (const button of root.querySelectorAll("[data-mode]")) button.addEventListener("click", () => choose({ mode: button.dataset.mode }));
    this.#part("opacity").value = drawing.opacity;
    this.#part("opacity").addEventListener("input", event => choose({ opacity: Number(event.target.value) }, event));
    for (const name of ["contours", "tied"]) this.#part(name).addEventListener("change", event => choose({ [name]: event.target.checked }));
    this.#part("columns").addEventListener("change", event => choose({ columns: Number(event.target.value) || null }));
    for (const side of ["left", "right"]) this.#part(side).addEventListener("change", event => choose({ [side]: Number(event.target.value) }));
  }

  /** Buttons whose work is not only a choice. */
  on(name, listener) { this.#part(name).addEventListener("click", listener); }

  /** The sources that the two sides of the divider may show, and the columns that they can stand in. */
  offer(sources, drawing) {
    const columns = this.#part("columns");
    columns.replaceChildren(new Option("auto", ""), ...sources.map((_, i) => new Option(i + 1)));
    columns.value = drawing.columns === null ? "" : Math.min(drawing.columns, sources.length);
    for (const side of ["left", "right"]) {
      const select = this.#part(side);
      select.replaceChildren(...sources.map((source, i) => new Option(`${source.letter} · ${source.name}`, i)));
      select.value = drawing[side];
    }
    this.#part("swipe").disabled = this.#part("blink").disabled = sources.length < 2;
  }

  write({ mode, swipe, solo, contours, tied }, { hasTruth, hasIgnored, isWhole }) {
    for (const button of this.#root.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    this.#part("swipe").setAttribute("aria-pressed", String(swipe));
    this.#part("contours").checked = contours;
    this.#part("tied").checked = tied;
    this.#part("reset").disabled = isWhole;
    this.#root.classList.toggle("is-swiping", swipe);
    this.#root.classList.toggle("is-staged", swipe || solo !== null);
    writeKey(this.#root.querySelector("[data-part=key]"), mode, { hasTruth, hasIgnored });
  }

  #part(name) { return this.#root.querySelector(`[data-control=${name}]`); }
}
