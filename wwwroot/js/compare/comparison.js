// One image as all sources see it.
import { cssColour, IGNORE, labelColours } from "./palette.js";
import { iouByLabel, meanIou, pixelShares } from "./iou.js";
import { readLabels } from "./label-map.js";
import { reason, Source } from "./source.js";

export class Comparison {
  photo = null;
  truth = null;
  size = null;
  /** null where a source could not be read */
  sources = [];
  /** What went wrong, by source. */
  problems = [];
  /** What went wrong with the image or its truth. */
  problem = null;
  #labels = 0;
  #colours = [];
  #ious = [];
  #counts = new Int32Array(65536);

  /** @param {{imageUrl: string, truthUrl: string | null, labels: string[], colours: string[], sources: {kind: string, url: string}[]}} model */
  static async load(model, signal) {
    const comparison = new Comparison();
    comparison.#labels = model.labels.length;
    comparison.#colours = model.colours;
    const [photo, truth, ...sources] = await Promise.allSettled([
      read(model.imageUrl, signal, blob => createImageBitmap(blob)),
      model.truthUrl ? read(model.truthUrl, signal, readLabels) : null,
      ...model.sources.map(source => Source.load(source, signal)),
    ]);
    comparison.photo = photo.value ?? null;
    comparison.problem = [photo, truth].map(answer => answer.reason?.message).find(Boolean) ?? null;
    comparison.sources = sources.map(answer => answer.value ?? null);
    comparison.problems = sources.map(answer => answer.reason?.message ?? null);
    comparison.#agreeOnSize(truth.value ?? null);
    return comparison;
  }

  /** Moves a source's threshold; its IoU follows. */
  threshold(index, value) {
    const source = this.sources[index];
    if (!source) return;
    source.threshold(value);
    if (!this.truth) return;
    const counts = source.confusion(this.truth, this.#counts), byLabel = iouByLabel(counts, this.#labels);
    this.#ious[index] = { byLabel, mean: meanIou(byLabel), pixels: pixelShares(counts, this.#labels) };
  }

  /** @returns {{byLabel: Map<number, number>, mean: number, pixels: object | null} | null} null without ground truth */
  iou(index) { return this.#ious[index] ?? null; }

  /**
   * @param {Set<number>} hidden labels
   * @param {number | null} selected the label beside which the others fade
   * @param {(index: number) => boolean} isStale sources that must be painted anew; a disagreement concerns all
   */
  paint(mode, hidden, selected, isStale) {
    const colours = labelColours(this.#colours, hidden, selected);
    for (const [i, source] of this.sources.entries()) {
      if (!source || !(isStale(i) || mode === "disagreement")) continue;
      if (mode === "errors" && this.truth && !source.isTruth) source.paintErrors(this.truth, hidden);
      else if (mode === "disagreement") source.paintDisagreement(this.sources.filter(Boolean), colours);
      else if (mode === "heat" && source.soft) source.paintHeat(hidden);
      else source.paintLabels(colours);
    }
  }

  /** Foreground labels that occur in the truth or may occur in a source's answer. */
  labelsPresent() {
    const present = new Set(this.truth ?? []);
    for (const source of this.sources)
      for (const label of source?.soft ? source.soft.classes.map(k => k + 1) : new Set(source?.labels ?? [])) present.add(label);
    return [...present].filter(label => label > 0 && label < 255).sort((a, b) => a - b);
  }

  /** Whether a source leaves pixels without a label; the truth's borders do not count. */
  get hasIgnored() { return this.sources.some(source => source && !source.isTruth && !source.soft && source.labels.includes(IGNORE)); }

  /** A source's label and soft values at a point: "dog 0.63, cat 0.20". */
  describe(index, point, names) {
    const source = this.sources[index];
    if (!point || !source) return null;
    const pixel = Math.floor(point.y) * source.width + Math.floor(point.x), label = source.labels[pixel];
    return {
      label,
      colour: label === 0 ? "transparent" : cssColour(this.#colours, label),
      name: label === 255 ? "ignored" : (names[label] ?? `label ${label}`),
      values: source.soft?.classes.map((k, map) => ({ name: names[k + 1], value: source.soft.valueAt(map, pixel) })) ?? [],
    };
  }

  /** What differs from the truth (else from the first source) in size cannot be laid over it. */
  #agreeOnSize(truth) {
    const first = truth ?? this.sources.find(Boolean);
    if (!first) return;
    this.size = { width: first.width, height: first.height };
    this.truth = truth?.labels ?? null;
    this.sources.forEach((source, i) => {
      if (!source || (source.width === first.width && source.height === first.height)) return;
      this.problems[i] = `This source has ${source.width}×${source.height} pixels, the others ${first.width}×${first.height}.`;
      this.sources[i] = null;
    });
  }
}

async function read(url, signal, decode) {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(await reason(answer));
  return decode(await answer.blob());
}
