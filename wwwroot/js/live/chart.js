// One chart of several curves over uPlot.
import uPlot from "/lib/uplot/uPlot.esm.js";
import { Points, innerRange, smooth } from "./points.js";
import { ChartLegend } from "./chart-legend.js";
import { chartPicture } from "./chart-picture.js";
import { fade } from "./theme.js";
import { formatValue, formatX } from "./format.js";

/** The columns that each curve adds to uPlot's table. */
const COLUMNS = 4; // smoothed, as measured, smallest and largest of the bucket
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
/** Of an area that is not on the page yet. */
const HEIGHT = 240;

/** Distances of marks on an axis of steps: there is nothing between two steps. */
const WHOLE = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map(digit => digit * 10 ** power)).flat();

export class Chart {
  #plot = null;
  #curves = [];
  #drawn = [];
  #shape = "";
  #host;
  #card;
  #area;
  #legend;
  #resize;

  /**
   * @param {HTMLElement} card holds [data-part=plot], [data-part=legend] and [data-part=note]
   * @param {{view: object, theme: object, markedStep: () => number | null, zoom: (from: number, to: number) => void,
   *          resetZoom: () => void, toggle: (key: string) => void, startOf: (run: string) => number,
   *          stepsPerEpoch: (run: string) => number}} host
   */
  constructor(card, host) {
    this.#card = card;
    this.#host = host;
    this.#area = card.querySelector("[data-part=plot]");
    this.#legend = new ChartLegend(card.querySelector("[data-part=legend]"), key => host.toggle(key));
    this.#area.addEventListener("dblclick", () => host.resetZoom());
    this.#area.addEventListener("keydown", event => this.#onKey(event));
    this.#resize = new ResizeObserver(() => this.#plot?.setSize(this.#size()));
    this.#resize.observe(this.#area);
  }

  get title() { return this.#card.dataset.title; }

  get width() { return Math.max(200, Math.round(this.#area.clientWidth)); }

  /**
   * @param {{key: string, label: string, colour: number, dash: number, points: Points, detail: Points | null, run: string, sparse: boolean}[]} curves
   */
  show(curves) {
    this.#curves = curves;
  }

  /** Draws what the curves hold now. */
  draw() {
    const { view } = this.#host;
    const shown = this.#curves.filter(curve => !view.hide.includes(curve.key));
    const looks = shown.map(curve => [curve.key, curve.colour, curve.dash, curve.points.length === 1]);
    const shape = JSON.stringify([looks, view.log, view.x, this.#host.theme]);
    this.#drawn = shown.map(curve => this.#columnsOf(curve)).filter(curve => curve.x.length > 0);
    const data = this.#table();
    const empty = data[0].length === 0;
    this.#card.classList.toggle("is-empty", empty);
    if (empty || this.#shape !== shape + this.#drawn.length) {
      this.#plot?.destroy();
      this.#plot = null;
      this.#shape = shape + this.#drawn.length;
      if (!empty) this.#plot = new uPlot(this.#options(), data, this.#area);
    } else {
      this.#plot.setData(data);
    }
    this.#card.querySelector("[data-export=png]").disabled = !this.#plot;
    this.#writeNote(shown);
    this.#writeLegend();
  }

  /** Redraws the marker only. */
  mark() {
    this.#plot?.redraw(false, false);
  }

  /** The chart with its title and legend as one picture; null before anything is drawn. */
  toCanvas() {
    return this.#plot && chartPicture(this.#plot.ctx.canvas, this.title, this.#drawn.map(({ curve }) => curve), this.#host.theme);
  }

  dispose() {
    this.#resize.disconnect();
    this.#plot?.destroy();
  }

  #columnsOf(curve) {
    const { view } = this.#host;
    const points = curve.detail ?? curve.points;
    const value = raw => Array.from(raw, y => (Number.isFinite(y) && (!view.log || y > 0) ? y : null));
    const smoothed = value(curve.sparse || curve.exact ? points.last : smooth(points.last, points.counts, view.smooth));
    return { curve, points, x: this.#xOf(points, curve.run), smoothed, raw: value(points.last), min: value(points.min), max: value(points.max) };
  }

  #xOf(points, run) {
    if (this.#host.view.x === "epoch") return points.steps.map(step => step / this.#host.stepsPerEpoch(run));
    if (this.#host.view.x === "time") return points.times.map(time => time - this.#host.startOf(run));
    return points.steps;
  }

  #table() {
    const tables = this.#drawn.map(({ x, smoothed, raw, min, max }) => [Array.from(x), smoothed, raw, min, max]);
    return tables.length === 0 ? [[]] : tables.length === 1 ? tables[0] : uPlot.join(tables, tables.map(() => [0, 2, 2, 2, 2]));
  }

  #size() {
    return { width: this.width, height: this.#area.clientHeight || HEIGHT };
  }

  #options() {
    const { theme, view } = this.#host;
    const axis = {
      stroke: theme.text, grid: { stroke: theme.grid, width: 1 }, ticks: { stroke: theme.grid, width: 1 }, font: "12px Roboto, sans-serif",
    };
    const series = this.#drawn.flatMap(({ curve, points }) => {
      const colour = theme.series[curve.colour];
      const thinned = points.isThinned;
      const ghost = !curve.sparse && !curve.exact && view.smooth > 0;
      return [
        {
          label: curve.key, stroke: colour, width: 2, dash: DASHES[curve.dash],
          points: { show: curve.sparse || points.length === 1 || undefined, size: 7, fill: colour },
        },
        { show: ghost, stroke: fade(colour, 0.3), width: 1, points: { show: false } },
        { show: thinned, stroke: "transparent", width: 0, points: { show: false } },
        { show: thinned, stroke: "transparent", width: 0, points: { show: false } },
      ];
    });
    return {
      ...this.#size(),
      legend: { show: false },
      cursor: {
        drag: { x: true, y: false, setScale: false },
        sync: { key: this.#card.closest("[data-charts]").id },
        points: { show: (u, i) => (i - 1) % COLUMNS === 0 && defaultCursorPoint(u, i) },
      },
      scales: {
        x: { time: false, range: (u, min, max) => this.#xRange(min, max) },
        y: { distr: view.log ? 3 : 1, range: (u, min, max) => this.#yRange(min, max) },
      },
      axes: [
        { ...axis, size: 34, incrs: view.x === "step" ? WHOLE : undefined, values: (u, ticks) => ticks.map(tick => formatX(tick, view.x)) },
        {
          ...axis,
          size: (u, labels) => 20 + 7 * Math.max(4, ...(labels ?? []).map(label => label.length)),
          values: (u, ticks) => ticks.map(tick => (tick === null ? "" : formatValue(tick))),
        },
      ],
      series: [{}, ...series],
      bands: this.#drawn.map(({ curve }, i) => ({ series: [i * COLUMNS + 4, i * COLUMNS + 3], fill: fade(theme.series[curve.colour], 0.12) })),
      hooks: {
        setSelect: [u => this.#onSelect(u)],
        setCursor: [() => this.#writeLegend()],
        draw: [u => this.#drawMarker(u)],
      },
    };
  }

  #xRange(min, max) {
    const { view } = this.#host;
    if (view.from !== null && view.to !== null && this.#drawn.length) {
      [min, max] = [Infinity, -Infinity];
      for (const { points, x } of this.#drawn) {
        const first = Math.max(0, Points.indexAtOrBefore(points.steps, view.from)), last = Points.indexAtOrBefore(points.steps, view.to);
        if (x[first] < min) min = x[first];
        if (last >= 0 && x[last] > max) max = x[last];
      }
      if (view.x === "step") [min, max] = [view.from, view.to];
    }
    return min < max ? [min, max] : [min - 0.5, min + 0.5];
  }

  #yRange(min, max) {
    const { view } = this.#host;
    if (view.clip) [min, max] = innerRange(this.#drawn.map(({ raw }) => raw)) ?? [min, max];
    if (min === null || !Number.isFinite(min)) return [view.log ? 0.1 : 0, 1];
    if (view.log) return uPlot.rangeLog(min, max, 10, false);
    if (this.#card.hasAttribute("data-share")) return [Math.min(0, 1.06 * min), Math.max(1, max)];
    const margin = (max - min || Math.abs(max) || 1) * 0.06;
    return [min - margin, max + margin];
  }

  #onSelect(u) {
    if (u.select.width < 4) return;
    const [min, max] = [u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x")];
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#zoomTo(min, max);
  }

  /** The chart's x may be epochs or seconds; the server is asked in steps. */
  #zoomTo(min, max) {
    let [from, to] = [Infinity, -Infinity];
    for (const { points, x } of this.#drawn)
      for (let i = 0; i < x.length; i++)
        if (x[i] >= min && x[i] <= max) {
          from = Math.min(from, points.steps[i]);
          to = Math.max(to, points.steps[i]);
        }
    if (this.#host.view.x === "step") [from, to] = [Math.max(0, Math.floor(min)), Math.ceil(max)];
    if (from < to) this.#host.zoom(from, to);
  }

  #onKey(event) {
    const u = this.#plot;
    if (!u) return;
    const { min, max } = u.scales.x;
    const centre = u.cursor.left >= 0 ? u.posToVal(u.cursor.left, "x") : (min + max) / 2;
    const move = pixels => {
      const from = u.cursor.left < 0 ? u.over.clientWidth / 2 : u.cursor.left;
      u.setCursor({ left: Math.min(u.over.clientWidth, Math.max(0, from + pixels)), top: 10 });
    };
    const actions = {
      ArrowLeft: () => move(-10),
      ArrowRight: () => move(10),
      "+": () => this.#zoomTo(centre - (max - min) / 4, centre + (max - min) / 4),
      "-": () => this.#host.resetZoom(),
      Escape: () => this.#host.resetZoom(),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  #drawMarker(u) {
    const step = this.#host.markedStep();
    const main = this.#drawn[0];
    if (step === null || !main) return;
    const at = Points.indexAtOrBefore(main.points.steps, step);
    if (at < 0) return;
    const x = u.valToPos(this.#host.view.x === "step" ? step : main.x[at], "x", true);
    if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
    u.ctx.save();
    u.ctx.strokeStyle = this.#host.theme.marker;
    u.ctx.lineWidth = 2 * devicePixelRatio;
    u.ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    u.ctx.beginPath();
    u.ctx.moveTo(x, u.bbox.top);
    u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
    u.ctx.restore();
  }

  #writeNote(shown) {
    let [entries, total, hidden] = [0, 0, 0];
    for (const { points, raw } of this.#drawn) {
      entries += points.length;
      total += points.total;
      if (this.#host.view.log) hidden += Array.from(points.last).filter((y, i) => raw[i] === null && Number.isFinite(y)).length;
    }
    const note = this.#card.querySelector("[data-part=note]");
    note.textContent = `${entries.toLocaleString("en")} of ${total.toLocaleString("en")} points`
      + (hidden ? `, ${hidden} at or below 0 not on a log axis` : "");
    this.#card.querySelector("[data-part=empty]").textContent =
      this.#curves.length && !shown.length ? "All curves are switched off in the legend." : "No value yet.";
  }

  #writeLegend() {
    const { view, theme } = this.#host;
    const u = this.#plot;
    const hovered = u && u.cursor.left >= 0 ? u.posToVal(u.cursor.left, "x") : null;
    this.#card.querySelector("[data-part=at]").textContent = hovered === null ? "" : `at ${formatX(hovered, view.x)}`;
    this.#legend.write(this.#curves, this.#drawn, hovered, view.hide, theme);
  }
}

function defaultCursorPoint(u, i) {
  const point = document.createElement("div");
  point.style.background = u.series[i]._stroke ?? "currentColor";
  return point;
}
