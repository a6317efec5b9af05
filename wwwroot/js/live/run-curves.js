// The curves of one run: their history from the server, then every new value as it is written.
import { Points } from "./points.js";

/** Values kept while the view is paused; beyond this they are asked for again on catching up. */
const MAX_HELD = 5000;

export class RunCurves {
  /** Metric name to its points. */
  curves = new Map();
  /** Metric name to the points of the zoomed stretch, in more detail. */
  details = new Map();
  #held = [];
  #paused = false;
  #overflowed = 0;
  #watch = null;
  #run;
  #stepsPerEpoch;
  #zoom = null;

  /** @param {{id: string, lastSeq: number, metrics: string[], stepsPerEpoch: number | null, started: string | null}} run */
  constructor(run) {
    this.#run = run;
    this.id = run.id;
    this.#stepsPerEpoch = run.stepsPerEpoch;
    this.started = run.started ? Date.parse(run.started) / 1000 : null;
  }

  /** As the run's events told; else as its first value of a whole epoch does. */
  get stepsPerEpoch() {
    const epochs = [...this.curves].find(([metric, points]) => metric.startsWith("epoch/") && points.length > 0);
    return this.#stepsPerEpoch ?? epochs?.[1].steps[0] ?? 1;
  }

  /** New points since the view was paused. */
  get heldCount() {
    return this.#held.reduce((count, event) => count + (event.type === "metrics" ? Object.keys(event.values).length : 0), this.#overflowed);
  }

  /**
   * Loads the history, then watches. Events after lastSeq come again where the history holds them already: Points leaves them out.
   * @param {import("./run-events.js").RunEvents} events
   * @param {(event: object) => void} onApplied called when an event changed what is to be drawn
   */
  async start(events, buckets, onApplied, onError) {
    await this.reload(buckets);
    this.#watch = events.watch(this.id, this.#run.lastSeq, event => {
      if (this.#paused && this.#held.length < MAX_HELD) this.#held.push(event);
      else if (this.#paused) this.#overflowed += event.type === "metrics" ? Object.keys(event.values).length : 0;
      else this.#apply(event);
      onApplied(event);
    }, onError);
  }

  /** Asks the server again for whole curves. */
  async reload(buckets) {
    const loaded = await Promise.all(this.#run.metrics.map(metric => fetchSeries(this.id, metric, null, null, buckets)));
    this.#run.metrics.forEach((metric, i) => this.curves.set(metric, loaded[i]));
    for (const points of loaded) if (points.length && this.started === null) this.started = points.times[0];
  }

  /** Goes on watching a run that had ended. */
  reopen() {
    this.#watch?.open();
  }

  /** @param {number | null} from steps; null shows the whole curves again */
  async zoom(from, to, buckets) {
    const zoom = (this.#zoom = { from, to });
    if (from === null) return this.details.clear();
    const metrics = [...this.curves.keys()];
    const loaded = await Promise.all(metrics.map(metric => fetchSeries(this.id, metric, from, to, buckets)));
    // Another stretch, or the whole curve, was chosen meanwhile.
    if (zoom !== this.#zoom) return;
    this.details = new Map(metrics.map((metric, i) => [metric, loaded[i]]));
    this.zoomedTo = to;
  }

  get isPaused() { return this.#paused; }

  pause() {
    this.#paused = true;
  }

  /** Takes in what has come since the pause. Where more has come than was kept and it cannot be loaded, the pause goes on and nothing is lost. */
  async catchUp(buckets) {
    if (this.#overflowed > 0) await this.#reloadMissed(buckets);
    this.#paused = false;
    this.#held.splice(0).forEach(event => this.#apply(event));
  }

  /** The server's curves hold what was kept, too; what comes meanwhile belongs behind them. */
  async #reloadMissed(buckets) {
    const [held, overflowed] = [this.#held.splice(0), this.#overflowed];
    this.#overflowed = 0;
    this.#run.metrics = [...this.curves.keys()];
    try {
      await this.reload(buckets);
    } catch (error) {
      this.#held.unshift(...held);
      this.#overflowed += overflowed;
      throw error;
    }
  }

  dispose() {
    this.#watch?.close();
  }

  #apply(event) {
    if (event.type === "metrics") this.#addValues(event.step, event);
    else if (event.type === "system") this.#addValues(event.second, event);
    else if (event.type === "resumed") this.#dropAfter(event.step);
    else if ((event.type === "snapshot" || event.type === "checkpoint") && event.epoch > 0) this.#stepsPerEpoch = event.step / event.epoch;
    else if (event.type === "progress" && event.epochs > 0) this.#stepsPerEpoch ??= event.steps / event.epochs;
  }

  #addValues(step, event) {
    const time = Date.parse(event.time) / 1000;
    this.started ??= time;
    for (const [metric, value] of Object.entries(event.values)) {
      if (!this.curves.has(metric)) this.curves.set(metric, new Points());
      this.curves.get(metric).append(step, time, Number(value));
      if (step <= this.zoomedTo) this.details.get(metric)?.append(step, time, Number(value));
    }
  }

  #dropAfter(step) {
    for (const [metric, points] of [...this.curves, ...this.details]) if (!metric.startsWith("system ")) points.truncate(step);
  }
}

async function fetchSeries(run, metric, from, to, buckets) {
  // As a parameter any name arrives whole: "..", slashes, none at all.
  const query = new URLSearchParams({ metric, buckets });
  if (from !== null) query.set("from", from);
  if (to !== null) query.set("to", to);
  const answer = await fetch(`/api/runs/${encodeURIComponent(run)}/series?${query}`);
  // A resume may have taken a metric's only values back.
  if (answer.status === 404) return new Points();
  if (!answer.ok) throw new Error(`The curve ${metric} of run ${run} could not be loaded (${answer.status}). Reload the page.`);
  return Points.from(await answer.json());
}
