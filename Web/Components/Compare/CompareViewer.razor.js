// The panes of the Compare page. Everything here is drawn from files that the browser holds: no choice asks the server.
import { AddressWriter, choicesOf, readDrawing } from "/js/compare/address.js";
import { recordLatency } from "/js/compare/latency.js";
import { ClassTable } from "/js/compare/class-table.js";
import { ClassChips } from "/js/compare/legend.js";
import { Comparison } from "/js/compare/comparison.js";
import { DrawingControls } from "/js/compare/drawing-controls.js";
import { bindKeys } from "/js/compare/keys.js";
import { Pane } from "/js/compare/pane.js";
import { PaneCaption } from "/js/compare/pane-caption.js";
import { cssColour } from "/js/compare/palette.js";
import { writePixelBars } from "/js/compare/pixel-bars.js";
import { Stage } from "/js/compare/stage.js";
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
  #controls;
  #chips;
  #table;
  #stage;
  #observer;

  constructor(root, dotnet) {
    this.#root = root;
    this.#dotnet = dotnet;
    const drawing = this.#drawing;
    this.#controls = new DrawingControls(root, drawing, (changes, event) => this.#choose(changes, event));
    this.#controls.on("swipe", () => this.#swipe());
    this.#controls.on("blink", () => this.#blink());
    this.#controls.on("reset", () => this.#viewport.reset());
    this.#chips = new ClassChips(this.#part("classes"), drawing.hide, hide => this.#choose({ hide }));
    this.#table = new ClassTable(root.closest("[data-compare]"), name => this.#choose({ select: name === drawing.select ? null : name }));
    this.#stage = new Stage(this.#part("stage"), drawing.divider, divider => this.#choose({ divider }));
    this.#observer = new ResizeObserver(() => this.#schedule());
    this.#observer.observe(this.#stage.pane.canvas);
    this.#bindCanvas(this.#stage.pane.canvas);
    this.#viewport.restore(drawing.zoom);
    const onPop = () => this.#keepChoices();
    window.addEventListener("popstate", onPop);
    this.#ends.push(() => window.removeEventListener("popstate", onPop), () => this.#table.dispose(), bindKeys({
      step: step => void this.#dotnet.invokeMethodAsync("StepAsync", step),
      solo: source => this.#solo(source),
      layer: mode => this.#choose({ mode }),
      swipe: () => this.#swipe(),
      blink: () => this.#blink(),
      leave: () => this.#leave(),
    }));
  }

  /** After Blazor has rendered: another image, other sources, or curves that have been computed since. */
  async show(model) {
    const before = this.#model;
    this.#model = model;
    const sameSources = before && before.sources.map(source => source.key).join() === model.sources.map(source => source.key).join();
    if (!sameSources) this.#thresholds = model.sources.map(source => source.threshold);
    this.#attachPanes(model);
    const last = model.sources.length - 1, drawing = this.#drawing;
    const solo = drawing.solo > last ? null : drawing.solo;
    Object.assign(drawing, { left: Math.min(drawing.left, last), right: Math.min(drawing.right, last), solo });
    this.#controls.offer(model.sources, drawing);
    this.#root.inert = false;
    this.#showInFilm();
    if (!sameSources || before.image !== model.image) await this.#load(model);
    else {
      this.#stale.add("paint");
      this.#schedule();
    }
  }

  /** After Blazor has rendered the table of classes: this image's cells, which it leaves empty. */
  writeTable() {
    this.#table.write(this.#comparison, this.#drawing.select);
  }

  /** Where the strip of images scrolls by itself, the chosen one stays in sight. */
  #showInFilm() {
    const chosen = this.#root.closest("[data-compare]")?.querySelector(".images .chosen"), list = chosen?.parentElement;
    if (!list || list.scrollHeight <= list.clientHeight) return;
    const above = chosen.offsetTop - list.offsetTop - list.scrollTop;
    if (above < 0 || above + chosen.offsetHeight > list.clientHeight) list.scrollTop += above - (list.clientHeight - chosen.offsetHeight) / 2;
  }

  /** An image was chosen in the strip, which may lie far below. */
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

  /** Every choice: kept, drawn in the next frame, written to the address a little later. */
  #choose(changes, event = null) {
    Object.assign(this.#drawing, changes);
    this.#address.later(choicesOf(this.#drawing, Object.keys(changes)));
    if (!("opacity" in changes || "divider" in changes)) this.#stale.add("paint");
    this.#schedule(event);
  }

  /** The browser went back to another image: how it is drawn stays as it is. */
  #keepChoices() {
    const thresholds = this.#model ? this.#thresholdChoices() : {};
    this.#address.later({ ...choicesOf(this.#drawing, Object.keys(this.#drawing)), zoom: this.#viewport.text, ...thresholds });
  }

  #solo(source) {
    if (source >= (this.#model?.sources.length ?? 0)) return false;
    this.#choose({ solo: this.#drawing.solo === source ? null : source, swipe: false });
  }

  #swipe() {
    if ((this.#model?.sources.length ?? 0) < 2) return false;
    this.#choose({ swipe: !this.#drawing.swipe, solo: null });
  }

  /** The two sides of the swipe in turn, in one place. */
  #blink() {
    const { left, right, solo } = this.#drawing;
    if ((this.#model?.sources.length ?? 0) < 2) return false;
    this.#choose({ solo: solo === left ? right : left, swipe: false });
  }

  #leave() {
    const { solo, swipe, select } = this.#drawing;
    if (solo === null && !swipe && select === null) return false;
    this.#choose(solo === null && !swipe ? { select: null } : { solo: null, swipe: false });
  }

  #onViewport() {
    this.#root.dataset.zoomed = !this.#viewport.isWhole;
    this.#stale.add("controls");
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
      const known = this.#captions.find(caption => caption.figure === figure)
        ?? new PaneCaption(figure, () => this.#solo(Number(figure.dataset.pane)));
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

  #moveThreshold(index, threshold, event) {
    const { sources } = this.#model;
    this.#thresholds = this.#thresholds.map((value, i) => (sources[i].kind === "maps" && (i === index || this.#drawing.tied) ? threshold : value));
    sources.forEach((source, i) => source.kind === "maps" && (i === index || this.#drawing.tied) && this.#stale.add(i));
    this.#schedule(event);
  }

  #thresholdChoices(changed = this.#changedThresholds()) {
    return { t: changed.every(value => value === null) ? null : changed.map(value => value ?? "").join() };
  }

  #changedThresholds() { return this.#thresholds.map((value, i) => (value === this.#model.sources[i].own ? null : value)); }

  /** The slider rests: the address and the grid follow. */
  #settleThresholds() {
    const changed = this.#changedThresholds();
    this.#address.later(this.#thresholdChoices(changed));
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
    this.#chips.show(this.#comparison.labelsPresent().map(label =>
      ({ label, name: model.labels[label] ?? `label ${label}`, colour: cssColour(model.colours, label) })));
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
      recordLatency(started, this.#events.splice(0));
    });
  }

  #draw() {
    if (!this.#model) return;
    const { mode, opacity, contours, solo, select } = this.#drawing, comparison = this.#comparison, { sources, labels, colours } = this.#model;
    const hidden = this.#chips.hidden, selected = labels.indexOf(select) > 0 ? labels.indexOf(select) : null;
    sources.forEach((_, i) => this.#stale.has(i) && comparison.threshold(i, this.#thresholds[i]));
    if (this.#stale.size) {
      comparison.paint(mode, hidden, selected, i => this.#stale.has(i) || this.#stale.has("paint"));
      this.#controls.write(this.#drawing, {
        hasTruth: Boolean(comparison.truth), hasIgnored: comparison.hasIgnored, isWhole: this.#viewport.isWhole,
      });
    }
    const staged = Stage.layers(this.#drawing);
    const view = {
      opacity: opacity / 100,
      point: this.#point,
      contours: contours && (mode === "labels" || mode === "heat") ? { colourOf: label => cssColour(colours, label), hidden, selected } : null,
    };
    for (const [pane, shown] of staged ? [[this.#stage.pane, staged]] : this.#panes.map((pane, i) => [pane, [[i, 0, 1]]])) {
      pane.fit();
      const parts = shown.filter(([i]) => comparison.sources[i]).map(([i, from, to]) => ({ source: comparison.sources[i], from, to }));
      if (comparison.size)
        pane.draw(this.#viewport, comparison.photo, comparison.size, parts, view);
    }
    this.#captions.forEach((caption, i) => {
      caption.writeValues(comparison.describe(i, this.#point, labels));
      if (this.#stale.has(i)) caption.writeScores(this.#thresholds[i], comparison.iou(i));
      caption.writeProblem(comparison.problems[i]);
      caption.writeShown(staged?.some(([shown]) => shown === i) ?? true, solo === i);
    });
    this.#stage.write(staged, sources, comparison);
    if (this.#stale.size) {
      this.writeTable();
      writePixelBars(this.#part("pixels"), sources, i => comparison.iou(i)?.pixels ?? null);
    }
    this.#stale.clear();
  }
}
