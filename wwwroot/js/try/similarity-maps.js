// The classes' similarity maps as small pictures, the best-scored first; one square a patch.
import { heatColours } from "/js/compare/palette.js";
import { paint } from "./paint.js";

const SHOWN = 12;
const SIDE = 160;

/** A class's cosines as heat, from its own lowest to its highest. @returns {OffscreenCanvas} of one pixel a patch */
export function paintSimilarity(segmentation, row) {
  const { width, height } = segmentation.grid, values = segmentation.similarity(row);
  const lowest = values.reduce((least, value) => Math.min(least, value)), highest = values.reduce((most, value) => Math.max(most, value));
  return paint({ width, height }, index => heatColours[Math.round(highest > lowest ? (255 * (values[index] - lowest)) / (highest - lowest) : 0)]);
}

/** A candidate's map as heat, at the size that the model saw. */
export function paintMap(segmentation, { map }) {
  return paint(segmentation.seen, index => heatColours[map[index]]);
}

export class SimilarityMaps {
  #root;
  #more;
  #onChoose;
  #segmentation = null;
  #photo = null;
  #buttons = [];

  /** @param {(row: number | null) => void} onChoose a class's map is to be seen large; null: none */
  constructor(root, more, onChoose) {
    this.#root = root;
    this.#more = more;
    this.#onChoose = onChoose;
    more.addEventListener("click", () => this.#list(this.#buttons.length <= SHOWN));
  }

  show(segmentation, photo) {
    [this.#segmentation, this.#photo] = [segmentation, photo];
    this.#list(false);
  }

  choose(row) {
    for (const button of this.#buttons) button.setAttribute("aria-pressed", String(Number(button.dataset.row) === row));
  }

  #list(all) {
    const { ranking } = this.#segmentation;
    this.#buttons = (all ? ranking : ranking.slice(0, SHOWN)).map(row => this.#button(row));
    this.#root.replaceChildren(...this.#buttons);
    this.#more.hidden = ranking.length <= SHOWN;
    this.#more.textContent = all ? `The best ${SHOWN} only` : `All ${ranking.length} maps`;
  }

  #button(row) {
    const { names, scores, size } = this.#segmentation;
    const button = document.createElement("button"), canvas = document.createElement("canvas"), caption = document.createElement("span");
    button.type = "button";
    button.dataset.row = row;
    button.setAttribute("aria-pressed", "false");
    const scale = SIDE / Math.max(size.width, size.height);
    [canvas.width, canvas.height] = [size.width, size.height].map(side => Math.max(1, Math.round(scale * side)));
    const context = canvas.getContext("2d");
    context.drawImage(this.#photo, 0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = false;
    context.globalAlpha = 0.75;
    context.drawImage(paintSimilarity(this.#segmentation, row), 0, 0, canvas.width, canvas.height);
    caption.className = "caption";
    caption.textContent = `${names[row]} ${scores[row].toFixed(2)}`;
    button.title = `The map of ${names[row]}, large`;
    button.append(canvas, caption);
    button.addEventListener("click", () => this.#onChoose(button.getAttribute("aria-pressed") === "true" ? null : row));
    return button;
  }
}
