// One canvas: the image, over it what one source (or, swiped, two) paints, and the place that the pointer is at in any of the panes.

/** Screen pixels an image pixel, from which pixels are shown as the squares they are. */
const SQUARES_FROM = 6;

export class Pane {
  #context;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.#context = canvas.getContext("2d");
  }

  /** Makes the canvas as fine as the screen. @returns true when its size has changed */
  fit() {
    const { canvas } = this, ratio = devicePixelRatio;
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width === width && canvas.height === height) return false;
    [canvas.width, canvas.height] = [width, height];
    return true;
  }

  /**
   * @param {CanvasImageSource | null} photo
   * @param {{source: import("./source.js").Source, from: number, to: number, hasEdges: boolean}[]} layers each between two shares of the pane's
   *   width; what has painted edges gets no contours
   * @param {{opacity: number, point: {x: number, y: number} | null, contours: Contours | null}} view
   * @typedef {{colourOf: (label: number) => string, hidden: Set<number>, selected: number | null}} Contours
   */
  draw(viewport, photo, { width, height }, layers, { opacity, point, contours = null }) {
    const { canvas } = this, context = this.#context;
    const { scale, left, top } = viewport.place(canvas, width, height);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 1;
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingEnabled = scale < SQUARES_FROM * devicePixelRatio;
    if (photo) context.drawImage(photo, left, top, width * scale, height * scale);
    context.imageSmoothingEnabled = false;
    for (const { source, from, to, hasEdges } of layers) {
      context.save();
      context.beginPath();
      context.rect(from * canvas.width, 0, (to - from) * canvas.width, canvas.height);
      context.clip();
      context.globalAlpha = opacity;
      context.drawImage(source.overlay, left, top, width * scale, height * scale);
      context.globalAlpha = 1;
      if (contours && !hasEdges) this.#drawContours(source, scale, left, top, contours);
      context.restore();
    }
    if (point) this.#drawCross(left + (Math.floor(point.x) + 0.5) * scale, top + (Math.floor(point.y) + 0.5) * scale);
  }

  /** Each in its class's colour on a dark ground, the selected one in white; as thick at every zoom. */
  #drawContours(source, scale, left, top, { colourOf, hidden, selected }) {
    const context = this.#context;
    context.setTransform(scale, 0, 0, scale, left, top);
    context.lineCap = "square";
    for (const [label, path] of source.outline) {
      if (hidden.has(label)) continue;
      for (const [width, colour] of [[3, "rgb(0 0 0 / 55%)"], [1.5, label === selected ? "#fff" : colourOf(label)]]) {
        context.lineWidth = (width * devicePixelRatio) / scale;
        context.strokeStyle = colour;
        context.stroke(path);
      }
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
  }

  /** White within black: seen on any ground. */
  #drawCross(x, y) {
    const context = this.#context, arm = 7 * devicePixelRatio;
    for (const [width, colour] of [[3, "rgb(0 0 0 / 60%)"], [1, "#fff"]]) {
      context.lineWidth = width * devicePixelRatio;
      context.strokeStyle = colour;
      context.beginPath();
      context.moveTo(x - arm, y);
      context.lineTo(x + arm, y);
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
      context.stroke();
    }
  }
}
