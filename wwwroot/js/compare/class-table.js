// The table of classes beside the panes: its cells of the image that is shown, and the class that is picked out in it.

export class ClassTable {
  #root;
  #onClick;

  /**
   * @param {HTMLElement | null} root around panes and table, which Blazor renders when it has the scores
   * @param {(name: string) => void} onSelect
   */
  constructor(root, onSelect) {
    this.#root = root;
    this.#onClick = event => {
      const button = event.target.closest("[data-select]");
      if (button) onSelect(button.dataset.select);
    };
    root?.addEventListener("click", this.#onClick);
  }

  /** @param {import("./comparison.js").Comparison} comparison; @param {string | null} selected name of a class */
  write(comparison, selected) {
    for (const cell of this.#root?.querySelectorAll("[data-image-iou]") ?? []) {
      const [source, label] = cell.dataset.imageIou.split("/");
      const iou = label === "mean" ? comparison.iou(Number(source))?.mean : comparison.iou(Number(source))?.byLabel.get(Number(label));
      cell.textContent = Number.isFinite(iou) ? (100 * iou).toFixed(1) : "–";
    }
    for (const button of this.#root?.querySelectorAll("[data-select]") ?? [])
      button.setAttribute("aria-pressed", String(button.dataset.select === selected));
  }

  dispose() {
    this.#root?.removeEventListener("click", this.#onClick);
  }
}
