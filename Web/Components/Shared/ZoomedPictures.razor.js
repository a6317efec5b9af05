// Pictures that are zoomed together.
import { Viewport } from "/js/compare/viewport.js";

export function init(root) {
  return new ZoomedPictures(root);
}

class ZoomedPictures {
  #root;
  #viewport = new Viewport(() => this.#place());
  #bound = new Set();

  constructor(root) {
    this.#root = root;
    this.bind();
    root.inert = false;
  }

  /** After Blazor has rendered: pictures that have come since. */
  bind() {
    for (const frame of this.#root.querySelectorAll(".frame")) {
      if (this.#bound.has(frame)) continue;
      this.#bound.add(frame);
      this.#viewport.bind(frame, () => sizeOf(frame), () => {});
    }
    this.#place();
  }

  dispose() {
    this.#viewport.dispose();
  }

  /** The picture fills its frame as far as it fits; from there it is magnified around what stands in the middle. */
  #place() {
    const { zoom, x, y, isWhole } = this.#viewport;
    this.#root.dataset.zoomed = !isWhole;
    for (const frame of this.#root.querySelectorAll(".frame")) {
      const size = sizeOf(frame), { clientWidth, clientHeight } = frame;
      if (!size) continue;
      const fit = Math.min(clientWidth / size.width, clientHeight / size.height);
      const left = clientWidth / 2 - zoom * ((clientWidth - fit * size.width) / 2 + x * fit * size.width);
      const top = clientHeight / 2 - zoom * ((clientHeight - fit * size.height) / 2 + y * fit * size.height);
      frame.firstElementChild.style.transform = isWhole ? "" : `translate(${left}px, ${top}px) scale(${zoom})`;
    }
  }
}

function sizeOf(frame) {
  const { naturalWidth: width, naturalHeight: height } = frame.firstElementChild;
  return width ? { width, height } : null;
}
