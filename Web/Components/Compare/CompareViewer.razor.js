// The panes of the Compare page. Everything here is drawn from files that the browser holds: no choice asks the server.
import { AddressWriter, readDrawing } from "/js/compare/address.js";
import { ClassChips, writeKey } from "/js/compare/legend.js";
import { Comparison } from "/js/compare/comparison.js";
import { Divider } from "/js/compare/divider.js";
import { Pane } from "/js/compare/pane.js";
import { PaneCaption } from "/js/compare/pane-caption.js";
import { Viewport } from "/js/compare/viewport.js";

export function init(root, dotnet) {
  return new Viewer(root, dotnet);
}

class Viewer {
  #root;
  #dotnet;
  #drawing = readDrawing();
  #viewport = new Viewport(() => this.#onViewport());
  #comparison = new Comparison();
  #model = null;
  #panes = [];
  #captions = [];
  #thresholds = [];
  #point = null;
  #frame = 0;
  #stale = new Set();
  #events = [];
  #address = new AddressWriter();
  #loading = null;
  #ends = [];
  #chips;
  #swipePane;
  #divider;
  #observer;

  constructor(root, dotnet) {
    this.#root = root;
    this.#dotnet = dotnet;
    window.compareLatency ??= [];
    this.#chips = new ClassChips(this.#part("classes"), this.#drawing.hide, hide => this.#choose({ hide }));
    this.#swipePane = new Pane(root.querySelector("[data-part=swipe] canvas"));
    this.#divider = new Divider(root.querySelector("[data-part=divider]"), this.#drawing.divider, divider => this.#choose({ divider }));
    this.#bindControls();
    this.#observer = new ResizeObserver(() => this.#schedule());
    this.#observer.observe(this.#swipePane.canvas);
    this.#bindCanvas(this.#swipePane.canvas);
    this.#viewport.restore(this.#drawing.zoom);
  }

  /** After Blazor has rendered: another image, other sources, or curves that have been computed since. */
  async show(model) {
    const before = this.#model;
    this.#model = model;
    const sameSources = before && before.sources.map(source => source.key).join() === model.sources.map(source => source.key).join();
    if (!sameSources) this.#thresholds = model.sources.map(source => source.threshold);
    this.#attachPanes(model);
    this.#writeSwipeChoices(model);
    this.#root.inert = false;
    if (!sameSources || before.image !== model.image) await this.#load(model);
    else this.#schedule();
  }

  /** After Blazor has rendered the table of classes: this image's cells, which it leaves empty. */
  writeTable() {
    const cells = this.#root.closest("[data-compare]")?.querySelectorAll("[data-image-iou]") ?? [];
    for (const cell of cells) {
      const [source, label] = cell.dataset.imageIou.split("/").map(Number);
      const iou = this.#comparison.iou(source)?.byLabel.get(label);
      cell.textContent = iou === undefined ? "–" : (100 * iou).toFixed(1);
    }
  }

  /** An image was chosen in the grid, which may lie far below. */
  reveal() {
    this.#root.scrollIntoView({ block: "start" });
  }

  dispose() {
    cancelAnimationFrame(this.#frame);
    this.#address.stop();
    this.#loading?.abort();
    this.#observer.disconnect();
    this.#viewport.dispose();
    this.#ends.forEach(end => end());
  }

  #part(name) { return this.#root.querySelector(`[data-part=${name}]`); }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #bindControls() {
    const drawing = this.#drawing;
    for (const button of this.#root.querySelectorAll("[data-mode]")) button.addEventListener("click", () => this.#choose({ mode: button.dataset.mode }));
    this.#control("opacity").value = drawing.opacity;
    this.#control("opacity").addEventListener("input", event => this.#choose({ opacity: Number(event.target.value) }, event));
    this.#control("swipe").addEventListener("click", () => this.#choose({ swipe: !drawing.swipe }));
    this.#control("tied").checked = drawing.tied;
    this.#control("tied").addEventListener("change", event => this.#choose({ tied: event.target.checked }));
    this.#control("reset").addEventListener("click", () => this.#viewport.reset());
    for (const side of ["left", "right"]) this.#control(side).addEventListener("change", event => this.#choose({ [side]: Number(event.target.value) }));
    const onKey = event => {
      const step = { n: 1, p: -1 }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=range]):not([type=checkbox]), select, textarea")) return;
      this.#dotnet.invokeMethodAsync("StepAsync", step);
    };
    document.addEventListener("keydown", onKey);
    this.#ends.push(() => document.removeEventListener("keydown", onKey));
  }

  /** Every choice: kept, drawn in the next frame, written to the address a little later. */
  #choose(changes, event = null) {
    Object.assign(this.#drawing, changes);
    this.#address.later(changes);
    if (!("opacity" in changes || "divider" in changes)) this.#stale.add("paint");
    this.#schedule(event);
  }

  #onViewport() {
    this.#root.dataset.zoomed = !this.#viewport.isWhole;
    this.#control("reset").disabled = this.#viewport.isWhole;
    this.#address.later({ zoom: this.#viewport.text });
    this.#schedule();
  }

  #bindCanvas(canvas) {
    this.#viewport.bind(canvas, () => this.#comparison.size, point => {
      this.#point = point && point.x >= 0 && point.y >= 0 && point.x < point.width && point.y < point.height ? point : null;
      this.#schedule();
    });
  }

  /** One pane a figure that Blazor has rendered. */
  #attachPanes(model) {
    const figures = [...this.#root.querySelectorAll("[data-pane]")];
    this.#captions = figures.map((figure, i) => {
      const known = this.#captions.find(caption => caption.figure === figure) ?? new PaneCaption(figure);
      known.show(model.sources[i], this.#thresholds[i], {
        onMove: (threshold, event) => this.#moveThreshold(i, threshold, event),
        onSettled: () => this.#settleThresholds(),
      });
      return known;
    });
    this.#panes = figures.map(figure => {
      const canvas = figure.querySelector("canvas");
      const known = this.#panes.find(pane => pane.canvas === canvas);
      if (known) return known;
      this.#bindCanvas(canvas);
      this.#observer.observe(canvas);
      return new Pane(canvas);
    });
  }

  #writeSwipeChoices(model) {
    for (const side of ["left", "right"]) {
      const select = this.#control(side);
      select.replaceChildren(...model.sources.map((source, i) => new Option(`${source.letter} · ${source.name}`, i)));
      this.#drawing[side] = Math.min(this.#drawing[side], model.sources.length - 1);
      select.value = this.#drawing[side];
    }
  }

  #moveThreshold(index, threshold, event) {
    const { sources } = this.#model;
    this.#thresholds = this.#thresholds.map((value, i) => (sources[i].kind === "maps" && (i === index || this.#drawing.tied) ? threshold : value));
    sources.forEach((source, i) => source.kind === "maps" && (i === index || this.#drawing.tied) && this.#stale.add(i));
    this.#schedule(event);
  }

  /** The slider rests: the address and the grid follow. */
  #settleThresholds() {
    const changed = this.#thresholds.map((value, i) => (value === this.#model.sources[i].own ? null : value));
    this.#address.later({ t: changed.every(value => value === null) ? null : changed.map(value => value ?? "").join() });
    this.#dotnet.invokeMethodAsync("SetThresholdsAsync", changed);
  }

  async #load(model) {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    this.#root.setAttribute("aria-busy", "true");
    try {
      const loaded = await Comparison.load(model, loading.signal);
      if (loading.signal.aborted) return;
      this.#comparison = loaded;
    } finally {
      if (this.#loading === loading) this.#root.removeAttribute("aria-busy");
    }
    this.#part("message").textContent = this.#comparison.problem ?? "";
    this.#root.style.setProperty("--shape", this.#comparison.size ? this.#comparison.size.width / this.#comparison.size.height : 1);
    this.#root.dataset.image = model.image;
    this.#chips.show(this.#comparison.labelsPresent().map(label => ({ label, name: model.labels[label] ?? `label ${label}` })));
    model.sources.forEach((_, i) => this.#stale.add(i));
    this.#schedule();
    // The next image is there before it is asked for.
    for (const url of model.ahead) fetch(url, { priority: "low", signal: loading.signal }).catch(() => {});
  }

  /** Draws once in the next frame, whatever comes until then. */
  #schedule(event = null) {
    if (event) this.#events.push(event.timeStamp);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      const started = performance.now();
      this.#draw();
      this.#recordLatency(started, this.#events.splice(0));
    });
  }

  /** From the event to the end of the drawing of its frame, and the drawing alone; both in milliseconds. */
  #recordLatency(started, events) {
    const now = performance.now();
    for (const event of events) window.compareLatency.push({ frame: now - event, drawing: now - started });
    window.compareLatency.splice(0, window.compareLatency.length - 10000);
    if (events.length) performance.measure("compare: event to frame", { start: events[0], end: now });
  }

  #draw() {
    if (!this.#model) return;
    const { mode, opacity, swipe, left, right, divider } = this.#drawing, comparison = this.#comparison;
    const hidden = this.#chips.hidden;
    this.#model.sources.forEach((_, i) => this.#stale.has(i) && comparison.threshold(i, this.#thresholds[i]));
    if (this.#stale.size) {
      comparison.paint(mode, hidden, i => this.#stale.has(i) || this.#stale.has("paint"));
      this.#writeControls();
    }
    const layers = swipe ? [[left, 0, divider / 100], [right, divider / 100, 1]] : null;
    const view = { opacity: opacity / 100, point: this.#point };
    for (const [pane, shown] of swipe ? [[this.#swipePane, layers]] : this.#panes.map((pane, i) => [pane, [[i, 0, 1]]])) {
      pane.fit();
      if (comparison.size)
        pane.draw(this.#viewport, comparison.photo, comparison.size, shown.filter(([i]) => comparison.sources[i]).map(([i, from, to]) => ({ source: comparison.sources[i], from, to })), view);
    }
    this.#captions.forEach((caption, i) => {
      caption.writeValues(comparison.describe(i, this.#point, this.#model.labels));
      if (this.#stale.has(i)) caption.writeScores(this.#thresholds[i], comparison.iou(i));
      caption.writeProblem(comparison.problems[i]);
    });
    if ([...this.#stale].some(Number.isInteger)) this.writeTable();
    this.#stale.clear();
  }

  #writeControls() {
    const { mode, swipe } = this.#drawing;
    for (const button of this.#root.querySelectorAll("[data-mode]")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    this.#control("swipe").setAttribute("aria-pressed", String(swipe));
    this.#root.classList.toggle("is-swiping", swipe);
    writeKey(this.#part("key"), mode, Boolean(this.#comparison.truth));
  }
}
