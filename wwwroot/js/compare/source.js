// One source of the comparison on one image: its labels at a threshold, and what is painted of them.
import { outlines, paintEdges, toPaths } from "./contours.js";
import { agreed, errorColours, heatColours, IGNORE } from "./palette.js";
import { readLabels } from "./label-map.js";
import { SoftMaps } from "./soft-maps.js";

export class Source {
  /** null for label maps and the truth */
  soft = null;
  #outline = null;

  /** Around the regions of its labels. @returns {Map<number, Path2D>} by label */
  get outline() { return (this.#outline ??= toPaths(outlines(this.labels, this.width, this.height))); }

  /** Reads the source's file. @returns {Promise<Source>} */
  static async load(model, signal) {
    const answer = await fetch(model.url, { signal });
    if (!answer.ok) throw new Error(await reason(answer));
    const source = new Source();
    source.isTruth = model.kind === "truth";
    if (model.kind === "maps") {
      source.soft = new SoftMaps(await answer.arrayBuffer());
      ({ width: source.width, height: source.height } = source.soft);
      source.labels = new Uint8Array(source.soft.pixels);
    } else {
      ({ width: source.width, height: source.height, labels: source.labels } = await readLabels(await answer.blob()));
    }
    source.overlay = new OffscreenCanvas(source.width, source.height);
    source.context = source.overlay.getContext("2d");
    source.image = source.context.createImageData(source.width, source.height);
    source.paint = new Uint32Array(source.image.data.buffer);
    return source;
  }

  /** SeedLabels.FromCam: the best class where it is above the threshold, in single precision, else background. */
  threshold(value) {
    if (!this.soft) return;
    this.#outline = null;
    const { label, peak } = this.soft, { labels } = this, level = Math.fround(value);
    for (let pixel = 0; pixel < labels.length; pixel++) labels[pixel] = peak[pixel] > level ? label[pixel] : 0;
  }

  /** Pixel counts by true label (rows of 256) and own label; ignored ones left out. */
  confusion(truth, counts = new Int32Array(65536)) {
    counts.fill(0);
    const { labels } = this;
    for (let pixel = 0; pixel < labels.length; pixel++)
      if (truth[pixel] !== IGNORE) counts[(truth[pixel] << 8) | (labels[pixel] === IGNORE ? 0 : labels[pixel])]++;
    return counts;
  }

  /** The labels' colours; hatched where nothing is decided. @param {Uint32Array} colours by label */
  paintLabels(colours) {
    const { labels, paint, width } = this;
    for (let pixel = 0; pixel < labels.length; pixel++) {
      const hatched = labels[pixel] === IGNORE && ((pixel % width) + Math.floor(pixel / width)) % 4 < 2;
      paint[pixel] = hatched ? errorColours.ignore : colours[labels[pixel]];
    }
    this.#put();
  }

  /** Hit, miss, false alarm, wrong class, ignored; hidden classes count as background. */
  paintErrors(truth, hidden) {
    const { labels, paint, width } = this;
    const seen = Uint8Array.from({ length: 256 }, (_, label) => (hidden.has(label) ? 0 : label));
    for (let pixel = 0; pixel < labels.length; pixel++) {
      const own = labels[pixel] === IGNORE ? 0 : seen[labels[pixel]], right = seen[truth[pixel]];
      if (truth[pixel] === IGNORE) paint[pixel] = ((pixel % width) + Math.floor(pixel / width)) % 4 < 2 ? errorColours.ignore : 0;
      else if (own === right) paint[pixel] = own ? errorColours.hit : 0;
      else paint[pixel] = !own ? errorColours.miss : !right ? errorColours.falseAlarm : errorColours.wrongClass;
    }
    this.#put();
  }

  /** The labels' colours where not all sources agree; the rest lies in shadow. */
  paintDisagreement(sources, colours) {
    const { labels, paint } = this;
    const others = sources.filter(other => other !== this && other.labels.length === labels.length).map(other => other.labels);
    for (let pixel = 0; pixel < labels.length; pixel++) {
      let same = true;
      const own = labels[pixel];
      if (own !== IGNORE) for (const other of others) if (other[pixel] !== own && other[pixel] !== IGNORE) same = false;
      paint[pixel] = same ? agreed : colours[own];
    }
    this.#put();
  }

  /** The strongest shown map as heat. */
  paintHeat(hidden) {
    const strongest = this.soft.strongest(label => !hidden.has(label)), { paint } = this;
    for (let pixel = 0; pixel < paint.length; pixel++) paint[pixel] = heatColours[Math.min(255, Math.max(0, (255 * strongest[pixel]) | 0))];
    this.#put();
  }

  /** A dark line of pixels around the regions, over what was painted: the outline in a tenth of its time. */
  paintEdges(hidden) {
    paintEdges(this.paint, this.labels, this.width, hidden);
    this.#put();
  }

  #put() {
    this.context.putImageData(this.image, 0, 0);
  }
}

/** The server's sentence. */
export async function reason(answer) {
  const text = await answer.text();
  try {
    return JSON.parse(text).detail ?? `The server answered ${answer.status}.`;
  } catch {
    return `The server answered ${answer.status}.`;
  }
}
