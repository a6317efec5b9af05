// One large pane in place of all: a source alone, or two on either side of a divider.
import { Divider } from "./divider.js";
import { percent } from "./iou.js";
import { Pane } from "./pane.js";

export class Stage {
  #corners;

  /** @param {number} divider per cent of the width; @param {(divider: number) => void} onDivider */
  constructor(root, divider, onDivider) {
    this.pane = new Pane(root.querySelector("canvas"));
    this.#corners = [...root.querySelectorAll("[data-part=corner]")];
    new Divider(root.querySelector("[data-part=divider]"), divider, onDivider);
  }

  /** Numbers of the sources with the shares of the width that they fill; null: each in its own pane. */
  static layers({ swipe, solo, left, right, divider }) {
    if (swipe) return [[left, 0, divider / 100], [right, divider / 100, 1]];
    return solo === null ? null : [[solo, 0, 1]];
  }

  /** Which source lies on which side, and its IoU on this image. */
  write(layers, sources, comparison) {
    this.#corners.forEach((corner, side) => {
      const i = layers?.[side]?.[0], iou = i === undefined ? null : comparison.iou(i);
      corner.textContent = i === undefined ? "" : `${sources[i].letter} ${sources[i].kind === "truth" ? "truth" : iou ? percent(iou.mean) : ""}`;
    });
  }
}
