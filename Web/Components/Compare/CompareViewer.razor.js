// The panes of the Compare page. Everything here is drawn from files that the browser holds: no choice asks the server.
import { AddressWriter, choicesOf, readDrawing } from "/js/compare/address.js";
import { recordLatency } from "/js/compare/latency.js";
import { ClassTable } from "/js/compare/class-table.js";
import { ClassChips } from "/js/compare/legend.js";
import { Comparison } from "/js/compare/comparison.js";
import { DrawingControls } from "/js/compare/drawing-controls.js";
import { bindKeys } from "/js/compare/keys.js";
import { cssColour } from "/js/compare/palette.js";
import { Panes } from "/js/compare/panes.js";
import { writePixelBars } from "/js/compare/pixel-bars.js";
import { Stage } from "/js/compare/stage.js";
import * as staging from "/js/compare/staging.js";
import { Thresholds } from "/js/compare/thresholds.js";
import { Viewport } from "/js/compare/viewport.js";

/** Milliseconds without a move after which a slider rests. */
const REST = 120;

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
  #thresholds = new Thresholds();
  #point = null;
  #frame = 0;
  #stale = new Set();
  #events = [];
  /** Sources whose sliders move. To follow their contours takes as long as all else in the frame: they have a line of pixels until they rest. */
  #moving = new Set();
  #rest = 0;
  #isLetGo = false;
  #address = new AddressWriter();
  #loading = null;
  #ends = [];
  #controls;
  #chips;
  #table;
  #stage;
  #panes;
  #observer;

  constructor(root, dotnet) {
    this.#root = root;
    this.#dotnet = dotnet;
    const drawing = this.#drawing;
    this.#controls = new DrawingControls(root, drawing, (changes, event) => this.#choose(changes, event));
    const stage = changes => changes && this.#choose(changes);
    const onStage = {
      solo: source => stage(staging.solo(drawing, source, this.#count)),
      swipe: () => stage(staging.swipe(drawing, this.#count)),
      blink: () => stage(staging.blink(drawing, this.#count)),
      leave: () => stage(staging.leave(drawing)),
    };
    this.#controls.on("swipe", onStage.swipe);
    this.#controls.on("blink", onStage.blink);
    this.#controls.on("reset", () => this.#viewport.reset());
    this.#chips = new ClassChips(this.#part("classes"), drawing.hide, hide => this.#choose({ hide }));
    this.#table = new ClassTable(root.closest("[data-compare]"), name => this.#choose({ select: name === drawing.select ? null : name }));
    this.#stage = new Stage(this.#part("stage"), drawing.divider, divider => this.#choose({ divider }));
    this.#observer = new ResizeObserver(() => this.#schedule());
    this.#bindCanvas(this.#stage.pane.canvas);
    this.#panes = new Panes(root, {
      onCanvas: canvas => this.#bindCanvas(canvas),
      onSolo: onStage.solo,
      onMove: (source, threshold, event) => this.#moveThreshold(source, threshold, event),
      onSettled: () => this.#settleThresholds(),
    });
    this.#viewport.restore(drawing.zoom);
    const onPop = () => this.#keepChoices();
    window.addEventListener("popstate", onPop);
    this.#ends.push(() => window.removeEventListener("popstate", onPop), () => this.#table.dispose(), bindKeys({
      step: step => void this.#dotnet.invokeMethodAsync("StepAsync", step),
      layer: mode => this.#choose({ mode }),
      ...onStage,
    }));
  }

  /** After Blazor has rendered: another image, other sources, or curves that have been computed since. */
  async show(model) {
    const before = this.#model;
    this.#model = model;
    const sameSources = before && before.sources.map(source => source.key).join() === model.sources.map(source => source.key).join();
    this.#thresholds.show(model.sources, Boolean(sameSources));
    this.#panes.attach(model.sources, this.#thresholds.values);
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
    clearTimeout(this.#rest);
    this.#address.stop();
    this.#loading?.abort();
    this.#observer.disconnect();
    this.#panes.dispose();
    this.#viewport.dispose();
    this.#ends.forEach(end => end());
  }

  get #count() { return this.#model?.sources.length ?? 0; }

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
    const thresholds = this.#model ? this.#thresholds.choices : {};
    this.#address.later({ ...choicesOf(this.#drawing, Object.keys(this.#drawing)), zoom: this.#viewport.text, ...thresholds });
  }

  #onViewport() {
    this.#root.dataset.zoomed = !this.#viewport.isWhole;
    this.#stale.add("controls");
    this.#address.later({ zoom: this.#viewport.text });
    this.#schedule();
  }

  #bindCanvas(canvas) {
    this.#observer.observe(canvas);
    this.#viewport.bind(canvas, () => this.#comparison.size, point => {
      this.#point = point && point.x >= 0 && point.y >= 0 && point.x < point.width && point.y < point.height ? point : null;
      this.#schedule();
    });
  }

  #moveThreshold(index, threshold, event) {
    for (const i of this.#thresholds.move(index, threshold, this.#drawing.tied)) {
      this.#stale.add(i);
      this.#moving.add(i);
    }
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#onRest(), REST);
    this.#schedule(event);
  }

  #onRest() {
    this.#rest = 0;
    this.#moving.forEach(i => this.#stale.add(i));
    this.#moving.clear();
    this.#schedule();
    if (this.#isLetGo) this.#settleThresholds();
  }

  /** The slider was let go, as it is after every press of a key: once it rests, the address and the grid follow. */
  #settleThresholds() {
    this.#isLetGo = this.#rest !== 0;
    if (this.#isLetGo) return;
    this.#address.later(this.#thresholds.choices);
    this.#dotnet.invokeMethodAsync("SetThresholdsAsync", this.#thresholds.changed);
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
    const { mode, opacity, columns, solo, select } = this.#drawing, { sources, labels, colours } = this.#model;
    const comparison = this.#comparison;
    const hidden = this.#chips.hidden, selected = labels.indexOf(select) > 0 ? labels.indexOf(select) : null;
    const contours = this.#drawing.contours && (mode === "labels" || mode === "heat");
    sources.forEach((_, i) => this.#stale.has(i) && comparison.threshold(i, this.#thresholds.values[i]));
    if (this.#stale.size) {
      comparison.paint(mode, hidden, selected, i => this.#stale.has(i) || this.#stale.has("paint"));
      if (contours) this.#moving.forEach(i => comparison.sources[i]?.paintEdges(hidden));
      this.#controls.write(this.#drawing, {
        hasTruth: Boolean(comparison.truth), hasIgnored: comparison.hasIgnored, isWhole: this.#viewport.isWhole,
      });
    }
    const staged = Stage.layers(this.#drawing);
    this.#panes.arrange(columns, comparison.size ? comparison.size.width / comparison.size.height : 1, Boolean(staged));
    const view = {
      opacity: opacity / 100,
      point: this.#point,
      contours: contours ? { colourOf: label => cssColour(colours, label), hidden, selected } : null,
    };
    for (const [pane, shown] of staged ? [[this.#stage.pane, staged]] : this.#panes.panes.map((pane, i) => [pane, [[i, 0, 1]]])) {
      pane.fit();
      const parts = shown.filter(([i]) => comparison.sources[i]).map(([i, from, to]) =>
        ({ source: comparison.sources[i], from, to, hasEdges: this.#moving.has(i) }));
      if (comparison.size)
        pane.draw(this.#viewport, comparison.photo, comparison.size, parts, view);
    }
    this.#panes.captions.forEach((caption, i) => {
      caption.writeValues(comparison.describe(i, this.#point, labels));
      if (this.#stale.has(i)) caption.writeScores(this.#thresholds.values[i], comparison.iou(i));
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
