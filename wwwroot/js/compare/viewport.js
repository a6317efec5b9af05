// The part of the image that all panes show, and the gestures that move it: wheel, drag, two fingers, keys, double click.

const MAX_ZOOM = 32;
const WHEEL_STEP = 1.0015;
const KEY_STEP = 1.25;
const KEY_PAN = 0.1;

export class Viewport {
  /** How much larger than the whole image, from 1. */
  zoom = 1;
  /** What stands in the middle, in image widths and heights. */
  x = 0.5;
  y = 0.5;
  #onChange;
  #ends = [];

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  get isWhole() { return this.zoom === 1; }

  /** Where an image of a size lies on a canvas of a size: scale, and the place of its corner. */
  place(canvas, width, height) {
    const scale = Math.min(canvas.width / width, canvas.height / height) * this.zoom;
    return { scale, left: canvas.width / 2 - this.x * width * scale, top: canvas.height / 2 - this.y * height * scale };
  }

  set({ zoom, x, y }) {
    this.zoom = Math.min(MAX_ZOOM, Math.max(1, zoom));
    // Nobody loses the image: its edge stays at the pane's edge.
    const margin = 0.5 / this.zoom;
    [this.x, this.y] = [x, y].map(value => Math.min(1 - margin, Math.max(margin, value)));
    this.#onChange();
  }

  reset() { this.set({ zoom: 1, x: 0.5, y: 0.5 }); }

  /** Zooms so that a place of the image stays where it is on the screen. */
  zoomAt(factor, x, y) {
    const zoom = Math.min(MAX_ZOOM, Math.max(1, this.zoom * factor)), kept = this.zoom / zoom;
    this.set({ zoom, x: x + (this.x - x) * kept, y: y + (this.y - y) * kept });
  }

  /** As it stands in the address; null shows the whole image. */
  get text() { return this.isWhole ? null : [this.zoom, this.x, this.y].map(value => value.toFixed(3)).join(","); }

  restore(text) {
    const [zoom, x, y] = (text ?? "").split(",").map(Number);
    if ([zoom, x, y].every(Number.isFinite)) this.set({ zoom, x, y });
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {() => {width: number, height: number} | null} size of the image
   * @param {(at: {x: number, y: number} | null) => void} onPoint the image pixel under the pointer; null when it leaves
   */
  bind(canvas, size, onPoint) {
    const pointers = new Map();
    const listen = (type, listener, options) => {
      canvas.addEventListener(type, listener, options);
      this.#ends.push(() => canvas.removeEventListener(type, listener, options));
    };
    const at = (clientX, clientY) => {
      const image = size(), box = canvas.getBoundingClientRect();
      if (!image || !box.width) return null;
      const { scale, left, top } = this.place({ width: box.width, height: box.height }, image.width, image.height);
      return { x: (clientX - box.left - left) / scale, y: (clientY - box.top - top) / scale, ...image };
    };
    const share = point => [point.x / point.width, point.y / point.height];

    listen("wheel", event => {
      const point = at(event.clientX, event.clientY);
      // The whole image lets the page scroll on.
      if (!point || (this.isWhole && event.deltaY > 0)) return;
      event.preventDefault();
      this.zoomAt(WHEEL_STEP ** -(event.deltaMode === 1 ? 16 * event.deltaY : event.deltaY), ...share(point));
    }, { passive: false });
    listen("pointerdown", event => {
      pointers.set(event.pointerId, event);
      canvas.setPointerCapture(event.pointerId);
      onPoint(at(event.clientX, event.clientY));
    });
    listen("pointermove", event => {
      const before = pointers.get(event.pointerId);
      onPoint(at(event.clientX, event.clientY));
      if (!before) return;
      pointers.set(event.pointerId, event);
      if (pointers.size === 1) this.#drag(at(before.clientX, before.clientY), at(event.clientX, event.clientY));
      else this.#pinch(at, [...pointers.values()].find(other => other.pointerId !== event.pointerId), before, event);
    });
    const leave = event => pointers.delete(event.pointerId);
    listen("pointerup", leave);
    listen("pointercancel", leave);
    listen("pointerleave", () => onPoint(null));
    listen("dblclick", () => this.reset());
    listen("keydown", event => this.#onKey(event));
  }

  dispose() {
    this.#ends.forEach(end => end());
  }

  #drag(from, to) {
    if (!from || !to || this.isWhole) return;
    this.set({ zoom: this.zoom, x: this.x - (to.x - from.x) / to.width, y: this.y - (to.y - from.y) / to.height });
  }

  #pinch(at, still, before, now) {
    const distance = event => Math.hypot(event.clientX - still.clientX, event.clientY - still.clientY);
    const point = at((now.clientX + still.clientX) / 2, (now.clientY + still.clientY) / 2);
    if (point && distance(before) > 0) this.zoomAt(distance(now) / distance(before), point.x / point.width, point.y / point.height);
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pan = (dx, dy) => this.set({ zoom: this.zoom, x: this.x + (dx * KEY_PAN) / this.zoom, y: this.y + (dy * KEY_PAN) / this.zoom });
    const actions = {
      "+": () => this.zoomAt(KEY_STEP, this.x, this.y),
      "=": () => this.zoomAt(KEY_STEP, this.x, this.y),
      "-": () => this.zoomAt(1 / KEY_STEP, this.x, this.y),
      0: () => this.reset(),
      ...(this.isWhole ? {} : {
        Escape: () => this.reset(), ArrowLeft: () => pan(-1, 0), ArrowRight: () => pan(1, 0), ArrowUp: () => pan(0, -1), ArrowDown: () => pan(0, 1),
      }),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    // Escape would close what the pane lies in.
    event.stopPropagation();
    actions[event.key]();
  }
}
