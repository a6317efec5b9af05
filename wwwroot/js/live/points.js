// One curve in typed arrays, and the arithmetic on it. No drawing here.

/** More entries than a chart has pixels; then neighbours are merged, so that a page open for days stays small. */
const MAX_ENTRIES = 4000;

/**
 * A thinned curve: entry i stands for counts[i] points up to steps[i]; it keeps their last, smallest and largest value.
 * Arrays double when full.
 */
export class Points {
  length = 0;
  #columns = { steps: null, times: null, last: null, min: null, max: null, counts: null };

  constructor(capacity = 256) {
    for (const name in this.#columns) this.#columns[name] = new Float64Array(capacity);
  }

  /** @param {{steps: number[], times: number[], last: number[], min: number[], max: number[], points: number}} series as the server sends it */
  static from(series) {
    const length = series.steps.length;
    const points = new Points(Math.max(256, 2 ** Math.ceil(Math.log2(length + 1))));
    for (let i = 0; i < length; i++)
      points.#push(series.steps[i], series.times[i], Number(series.last[i]), Number(series.min[i]), Number(series.max[i]), series.points / length);
    return points;
  }

  get steps() { return this.#columns.steps.subarray(0, this.length); }
  /** Seconds since 1970. */
  get times() { return this.#columns.times.subarray(0, this.length); }
  get last() { return this.#columns.last.subarray(0, this.length); }
  get min() { return this.#columns.min.subarray(0, this.length); }
  get max() { return this.#columns.max.subarray(0, this.length); }
  get counts() { return this.#columns.counts.subarray(0, this.length); }
  get lastStep() { return this.length ? this.#columns.steps[this.length - 1] : -Infinity; }

  /** How many measured points the entries stand for. */
  get total() { return Math.round(this.counts.reduce((sum, count) => sum + count, 0)); }

  get isThinned() { return this.counts.some(count => count > 1.001); }

  /** Adds a point; one that is known already (the history and the live stream overlap) is left out. */
  append(step, time, value) {
    if (step <= this.lastStep) return false;
    if (this.length >= MAX_ENTRIES) this.#mergeNeighbours();
    this.#push(step, time, value, value, value, 1);
    return true;
  }

  /** Drops what came after a step: the stretch that a resumed run does again. */
  truncate(step) {
    while (this.length && this.#columns.steps[this.length - 1] > step) this.length--;
  }

  /** Index of the last entry with column[i] <= value; -1 when there is none. */
  static indexAtOrBefore(column, value) {
    let low = -1, high = column.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (column[middle] <= value) low = middle; else high = middle - 1;
    }
    return low;
  }

  #push(...entry) {
    const names = ["steps", "times", "last", "min", "max", "counts"];
    if (this.length === this.#columns.steps.length)
      for (const name of names) {
        const grown = new Float64Array(2 * this.length);
        grown.set(this.#columns[name]);
        this.#columns[name] = grown;
      }
    names.forEach((name, i) => (this.#columns[name][this.length] = entry[i]));
    this.length++;
  }

  #mergeNeighbours() {
    const { steps, times, last, min, max, counts } = this.#columns;
    const half = this.length >> 1;
    for (let i = 0; i < half; i++) {
      const a = 2 * i, b = a + 1;
      [steps[i], times[i], last[i]] = [steps[b], times[b], last[b]];
      // Math.min would let one NaN swallow the other value.
      min[i] = min[b] < min[a] || Number.isNaN(min[a]) ? min[b] : min[a];
      max[i] = max[b] > max[a] || Number.isNaN(max[a]) ? max[b] : max[a];
      counts[i] = counts[a] + counts[b];
    }
    this.length = half;
  }
}

/**
 * Debiased exponential moving average, as TensorBoard draws it: constants stay as they are, NaN passes through and is not accumulated.
 * An entry that stands for k points weighs as k points do, so that a thinned curve is as smooth as the full one.
 * @param {Float64Array} values
 * @param {Float64Array} counts points an entry
 * @param {number} weight 0 (none) .. 0.99
 */
export function smooth(values, counts, weight) {
  if (weight <= 0 || values.every(value => value === values[0])) return values;
  const smoothed = new Float64Array(values.length);
  let average = 0, bias = 1;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      smoothed[i] = values[i];
      continue;
    }
    const kept = weight ** counts[i];
    average = average * kept + values[i] * (1 - kept);
    bias *= kept;
    smoothed[i] = average / (1 - bias);
  }
  return smoothed;
}

/** The range that holds all but the outermost 2 % of the values on either side; null without values. */
export function innerRange(columns) {
  const finite = columns.flatMap(column => Array.from(column).filter(Number.isFinite)).sort((a, b) => a - b);
  if (!finite.length) return null;
  const at = fraction => finite[Math.round(fraction * (finite.length - 1))];
  return [at(0.02), at(0.98)];
}
