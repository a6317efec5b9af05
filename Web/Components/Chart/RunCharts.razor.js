// The charts panel: reads its controls, feeds its charts, keeps the view in the address.
import { Chart } from "/js/live/chart.js";
import { curvesOf } from "/js/live/chart-curves.js";
import { RunCurves } from "/js/live/run-curves.js";
import { RunEvents } from "/js/live/run-events.js";
import { onStepSelected, selectedStep } from "/js/live/selected-step.js";
import { onThemeChange, readTheme } from "/js/live/theme.js";
import { readView, writeView } from "/js/live/view.js";

export function init(root, runs) {
  return new RunCharts(root, runs);
}

class RunCharts {
  view = readView();
  #root;
  #charts = new Map();
  #runs = [];
  #events;
  #paused = false;
  #frame = 0;
  #undrawn = [];
  #ends = [];

  /**
   * @param {{id: string, name: string, lastSeq: number, metrics: string[], stepsPerEpoch: number | null, started: string | null}[]} runs
   *   the page's run first
   */
  constructor(root, runs) {
    this.#root = root;
    if (this.#isByTime) Object.assign(this.view, { x: "time", from: null, to: null, log: false });
    this.theme = readTheme(root);
    window.dashboardLatency ??= [];
    this.#bindControls();
    this.#ends.push(
      onStepSelected(() => this.#charts.forEach(chart => chart.mark())),
      onThemeChange(() => ((this.theme = readTheme(root)), this.#draw())));
    this.#events = new RunEvents(status => (this.#root.dataset.status = status));
    this.#runs = runs.map((run, index) => Object.assign(new RunCurves(run), { index, name: run.name }));
    this.#start();
    root.inert = false;
  }

  /** After Blazor has rendered: a card may have come, a finished run may go on. */
  update() {
    this.#runs.forEach(run => run.reopen());
    this.#draw();
  }

  dispose() {
    cancelAnimationFrame(this.#frame);
    this.#ends.forEach(end => end());
    this.#runs.forEach(run => run.dispose());
    this.#events.dispose();
    this.#charts.forEach(chart => chart.dispose());
  }

  /** Of what is measured by the second, not by the step. */
  get #isByTime() { return this.#root.hasAttribute("data-by-time"); }

  // What a chart asks of its host.

  markedStep() { return this.#isByTime ? null : selectedStep(); }
  startOf(run) { return this.#run(run).started ?? 0; }
  stepsPerEpoch(run) { return this.#run(run).stepsPerEpoch; }

  toggle(key) {
    const hide = this.view.hide.includes(key) ? this.view.hide.filter(other => other !== key) : [...this.view.hide, key];
    this.#change({ hide });
  }

  async zoom(from, to) {
    if (this.#isByTime) return;
    this.#change({ from, to });
    await this.#report(Promise.all(this.#runs.map(run => run.zoom(from, to, this.#buckets()))));
    this.#draw();
  }

  resetZoom() {
    if (this.view.from === null) return;
    this.#runs.forEach(run => run.zoom(null));
    this.#change({ from: null, to: null });
  }

  async #start() {
    await this.#report(Promise.all(this.#runs.map(run =>
      run.start(this.#events, this.#buckets(), event => this.#onEvent(event), message => this.#say(message)))));
    this.#root.classList.add("is-loaded");
    if (this.view.from !== null) await this.zoom(this.view.from, this.view.to);
    this.#draw();
  }

  #onEvent(event) {
    if (this.#paused) return this.#writePause();
    if (event.type === "metrics") {
      this.#say("");
      if (document.visibilityState === "visible") this.#undrawn.push(Date.parse(event.time));
    }
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
      this.#recordLatency(this.#undrawn.splice(0));
    });
  }

  /** From the event's time to the frame after the one it was drawn in: by then its pixels are on the screen. */
  #recordLatency(times) {
    requestAnimationFrame(() => {
      const now = Date.now();
      window.dashboardLatency.push(...times.map(time => now - time));
      window.dashboardLatency.splice(0, window.dashboardLatency.length - 10000);
    });
  }

  #draw() {
    this.#attachCharts();
    this.#charts.forEach((chart, card) => {
      chart.show(curvesOf(this.#runs, JSON.parse(card.dataset.metrics), card.dataset.group));
      chart.draw();
    });
  }

  /** One chart a card that Blazor has rendered; charts of cards that are gone go. */
  #attachCharts() {
    const cards = new Set(this.#root.querySelectorAll("[data-group]"));
    for (const [card, chart] of this.#charts)
      if (!cards.has(card)) {
        chart.dispose();
        this.#charts.delete(card);
      }
    for (const card of cards)
      if (!this.#charts.has(card)) {
        this.#charts.set(card, new Chart(card, this));
        card.querySelector("[data-export=png]").addEventListener("click", () => this.#exportPicture(card));
      }
  }

  #run(id) { return this.#runs.find(run => run.id === id); }

  /** As many buckets as the widest chart has pixels. */
  #buckets() {
    const width = Math.max(400, ...[...this.#charts.values()].map(chart => chart.width), this.#root.clientWidth / 2);
    return Math.min(1500, Math.round(width));
  }

  #change(changes) {
    Object.assign(this.view, changes);
    writeView(changes);
    this.#writeControls();
    this.#draw();
  }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #bindControls() {
    this.#writeControls();
    this.#control("smooth").addEventListener("input", event => this.#change({ smooth: Number(event.target.value) }));
    this.#control("log").addEventListener("change", event => this.#change({ log: event.target.checked }));
    this.#control("clip").addEventListener("change", event => this.#change({ clip: event.target.checked }));
    this.#control("x").addEventListener("change", event => this.#change({ x: event.target.value }));
    this.#control("reset").addEventListener("click", () => this.resetZoom());
    this.#control("pause").addEventListener("click", () => this.#togglePause());
    // A menu closes with a choice, a click elsewhere, or Escape; its own button is the browser's business.
    const closeMenus = event => {
      if (event.type === "keydown" && event.key !== "Escape") return;
      for (const menu of document.querySelectorAll("details.export[open]"))
        if (event.type === "keydown" || !menu.querySelector("summary").contains(event.target)) menu.open = false;
    };
    for (const type of ["click", "keydown"]) {
      document.addEventListener(type, closeMenus);
      this.#ends.push(() => document.removeEventListener(type, closeMenus));
    }
  }

  #writeControls() {
    this.#control("smooth").value = this.view.smooth;
    this.#control("smooth-value").textContent = this.view.smooth.toFixed(2);
    this.#control("log").checked = this.view.log;
    this.#control("clip").checked = this.view.clip;
    this.#control("x").value = this.view.x;
    this.#control("reset").disabled = this.view.from === null;
  }

  async #togglePause() {
    if (!this.#paused) {
      this.#runs.forEach(run => run.pause());
    } else {
      this.#control("pause").disabled = true;
      await this.#report(Promise.all(this.#runs.map(run => run.catchUp(this.#buckets()))));
      this.#control("pause").disabled = false;
    }
    this.#paused = this.#runs.some(run => run.isPaused);
    this.#writePause();
    this.#draw();
  }

  #writePause() {
    const button = this.#control("pause");
    const count = this.#runs.reduce((sum, run) => sum + run.heldCount, 0);
    button.setAttribute("aria-pressed", String(this.#paused));
    button.textContent = this.#paused ? `Catch up: ${count.toLocaleString("en")} new points` : "Pause";
  }

  /** At once: a download that comes some time after the click is, for the browser, one that nobody has asked for. */
  #exportPicture(card) {
    const picture = this.#charts.get(card).toCanvas();
    if (!picture) return;
    const link = document.createElement("a");
    Object.assign(link, { href: picture.toDataURL(), download: `${this.#runs[0].id}-${card.dataset.group}.png` }).click();
  }

  /** Shows why something could not be loaded, instead of losing it in the console. */
  async #report(work) {
    try {
      await work;
      this.#say("");
    } catch (error) {
      this.#say(error.message);
    }
  }

  #say(message) {
    const place = this.#control("message");
    if (place.textContent !== message) place.textContent = message;
  }
}
