// The image that was asked about and its ground truth, each with what is laid over it. Zoom, opacity and hidden classes move without asking.
import { AddressWriter, readDrawing } from "/js/compare/address.js";
import { ClassChips } from "/js/compare/legend.js";
import { labelColours } from "/js/compare/palette.js";
import { Pane } from "/js/compare/pane.js";
import { Viewport } from "/js/compare/viewport.js";
import { encodeLabels } from "./indexed-png.js";
import { paintLabels } from "./paint.js";

export class TrialPicture {
  #root;
  #view;
  #compose;
  #describe;
  #drawing = readDrawing();
  #address = new AddressWriter();
  #viewport = new Viewport(() => this.#onViewport());
  #panes;
  #chips;
  #observer = new ResizeObserver(() => this.#schedule());
  #keepsZoom;
  #size = null;
  #photo = null;
  #overlay = null;
  #truthOverlay = null;
  #point = null;
  #frame = 0;
  #stale = false;

  /**
   * @param {HTMLElement} root
   * @param {() => OffscreenCanvas} compose what is laid over the image, as threshold and choices are now
   * @param {(point: {x: number, y: number}) => string} describe what there is under the pointer
   * @param {{keepsZoom?: boolean}} settings keepsZoom: the address holds the zoom
   */
  constructor(root, compose, describe, { keepsZoom = false } = {}) {
    [this.#root, this.#compose, this.#describe, this.#keepsZoom] = [root, compose, describe, keepsZoom];
    this.#view = this.#part("view");
    this.#chips = new ClassChips(this.#part("classes"), this.#drawing.hide, hide => this.#choose({ hide }));
    this.#panes = [this.#part("canvas"), this.#part("truth")].map(canvas => new Pane(canvas));
    if (keepsZoom) this.#viewport.restore(this.#drawing.zoom);
    for (const { canvas } of this.#panes) {
      this.#observer.observe(canvas);
      this.#viewport.bind(canvas, () => this.#size, point => {
        this.#point = point && point.x >= 0 && point.y >= 0 && point.x < point.width && point.y < point.height ? point : null;
        this.#schedule();
      });
    }
    const opacity = this.#control("opacity");
    opacity.value = this.#drawing.opacity;
    opacity.addEventListener("input", () => this.#choose({ opacity: Number(opacity.value) }));
    this.#control("reset").addEventListener("click", () => this.#viewport.reset());
  }

  /** Hidden labels of this image. */
  get hidden() { return this.#chips.hidden; }

  /**
   * Another image, or another answer of the same.
   * @param {{name: string, facts: string, size: {width: number, height: number}, photo: ImageBitmap,
   *   truth: {width: number, height: number, labels: Uint8Array} | null, truthColours: string[],
   *   present: {label: number, name: string, colour: string}[]}} image truthColours: by label; present: the classes that can be hidden
   */
  show({ name, facts, size, photo, truth, truthColours, present }) {
    [this.#size, this.#photo] = [size, photo];
    this.#truthOverlay = truth && paintLabels(truth, truth.labels, labelColours(truthColours, new Set()));
    this.#part("truth-box").hidden = !truth;
    this.#part("title").textContent = name;
    this.#part("facts").textContent = facts;
    this.#view.style.setProperty("--shape", Math.min(8, Math.max(1 / 8, size.width / size.height)));
    this.#chips.show(present);
    this.redraw();
  }

  /** The address is to hold these choices. */
  keep(choices) { this.#address.later(choices); }

  /** Everything that depends on the threshold and the choices, in the next frame. */
  redraw() {
    this.#stale = true;
    this.#schedule();
  }

  /** Saves labels of the image's own size under its name. */
  async download(labels) {
    const link = document.createElement("a"), url = URL.createObjectURL(await encodeLabels(this.#size, labels));
    link.href = url;
    link.download = `${this.#part("title").textContent.split("/").pop().replace(/\.[^.]*$/, "")}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // the download reads it a little later
  }

  dispose() {
    cancelAnimationFrame(this.#frame);
    this.#address.stop();
    this.#observer.disconnect();
    this.#viewport.dispose();
  }

  #part(name) { return this.#root.querySelector(`[data-part=${name}]`); }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #choose(changes) {
    Object.assign(this.#drawing, changes);
    this.keep(changes);
    this.redraw();
  }

  #onViewport() {
    this.#view.dataset.zoomed = !this.#viewport.isWhole;
    this.#control("reset").hidden = this.#viewport.isWhole;
    if (this.#keepsZoom) this.keep({ zoom: this.#viewport.text });
    this.#schedule();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#photo) return;
      if (this.#stale) this.#overlay = this.#compose();
      this.#stale = false;
      this.#draw();
    });
  }

  #draw() {
    const view = { opacity: this.#drawing.opacity / 100, point: this.#point };
    [this.#overlay, this.#truthOverlay].forEach((overlay, i) => {
      if (!overlay) return;
      this.#panes[i].fit();
      this.#panes[i].draw(this.#viewport, this.#photo, this.#size, [{ source: { overlay }, from: 0, to: 1 }], view);
    });
    this.#part("value").textContent = this.#point ? this.#describe(this.#point) : "";
  }
}
