// The panes beside each other: one for each figure that Blazor has rendered, and in how many columns they stand.
import { Pane } from "./pane.js";
import { PaneCaption } from "./pane-caption.js";

/** As in CompareViewer.razor.css: the viewer is as high as the window lets it. */
const DESK = "(min-width: 1180px) and (min-height: 600px)";

/** A further row has to show the panes larger by this much. */
const GAIN = 1.05;

/**
 * The number of columns that shows the panes largest.
 * @param {{width: number, height: number, shape: number, chrome: number[], gap: number}} room
 *   width and height of all panes together, shape of the image (width by height), chrome: what each pane needs in height beside the image
 */
export function columnsFor({ width, height, shape, chrome, gap }) {
  const count = chrome.length;
  let best = { columns: count, size: 0 };
  for (let rows = 1; rows <= count; rows++) {
    const columns = Math.ceil(count / rows);
    // Panes beside each other are as high as the one that needs most.
    let beside = gap * (rows - 1);
    for (let first = 0; first < count; first += columns) beside += Math.max(...chrome.slice(first, first + columns));
    const size = Math.min((width - gap * (columns - 1)) / columns, (shape * (height - beside)) / rows);
    if (size > GAIN * best.size) best = { columns, size };
  }
  return best.columns;
}

export class Panes {
  panes = [];
  captions = [];
  #root;
  #handlers;
  #observer;
  #layout = "";
  #choice = null;

  /** @param {{onCanvas, onSolo, onMove, onSettled: Function}} handlers onCanvas: a canvas has come; the others by number of the pane */
  constructor(root, handlers) {
    this.#root = root;
    this.#handlers = handlers;
    this.#observer = new ResizeObserver(() => this.#arrange());
    this.#observer.observe(root);
  }

  /** After Blazor has rendered. */
  attach(sources, thresholds) {
    const figures = [...this.#root.querySelectorAll("[data-pane]")], { onCanvas, onSolo, onMove, onSettled } = this.#handlers;
    this.captions = figures.map((figure, i) => {
      const known = this.captions.find(caption => caption.figure === figure) ?? new PaneCaption(figure, () => onSolo(Number(figure.dataset.pane)));
      known.show(sources[i], thresholds[i], { onMove: (threshold, event) => onMove(i, threshold, event), onSettled });
      return known;
    });
    this.panes = figures.map(figure => {
      const canvas = figure.querySelector("canvas"), known = this.panes.find(pane => pane.canvas === canvas);
      if (!known) onCanvas(canvas);
      return known ?? new Pane(canvas);
    });
  }

  /** @param {number | null} columns as chosen; null: as shows them largest; @param {number} shape of the image: width by height */
  arrange(columns, shape, isStaged) {
    const layout = [columns, shape, isStaged, this.panes.length].join();
    if (layout === this.#layout) return;
    this.#layout = layout;
    this.#choice = { columns, shape, isStaged };
    this.#arrange();
  }

  dispose() {
    this.#observer.disconnect();
  }

  #arrange() {
    const count = this.panes.length;
    if (!count || !this.#choice || this.#choice.isStaged) return;
    const columns = this.#choice.columns ? Math.min(this.#choice.columns, count) : matchMedia(DESK).matches ? columnsFor(this.#room()) : null;
    const { style } = this.#root;
    if (columns === null) ["--columns", "--rows"].forEach(name => style.removeProperty(name));
    else {
      style.setProperty("--columns", columns);
      style.setProperty("--rows", Math.ceil(count / columns));
    }
  }

  /** What is left between what stands above the panes and the line of keys at the bottom, less the shares of pixels. */
  #room() {
    const [panes, pixels, keys] = [".panes", ".pixels", ".keys"].map(name => this.#root.querySelector(name));
    const style = getComputedStyle(panes), below = pixels.hidden ? 0 : pixels.offsetHeight + parseFloat(getComputedStyle(pixels).marginTop);
    // Not the whole figure's: without a slider it is stretched to the height of its neighbours.
    const chromeOf = figure => [...figure.children].reduce((sum, part) =>
      sum + (part.localName === "canvas" || !part.childElementCount ? 0 : part.offsetHeight), figure.offsetHeight - figure.clientHeight);
    return {
      width: panes.clientWidth,
      height: keys.offsetTop - panes.offsetTop - below,
      shape: this.#choice.shape,
      chrome: [...panes.querySelectorAll("figure")].map(chromeOf),
      gap: parseFloat(style.columnGap),
    };
  }
}
