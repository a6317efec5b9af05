// What the server has found in one image, and what follows from it without asking again: which classes reach a threshold, and the masks they make.

export class Segmentation {
  #candidates;
  #bestAlways;

  /** @param {object} report the answer of /api/segment; @param {boolean} bestAlways option of the question */
  constructor(report, bestAlways) {
    Object.assign(this, {
      model: report.model,
      size: { width: report.width, height: report.height },
      seen: { width: report.seenWidth, height: report.seenHeight },
      grid: { width: report.gridWidth, height: report.gridHeight },
      names: report.names,
      colours: report.colours,
      hasBackground: report.hasBackground,
      // JSON has the shortest digits of single precision; the threshold is compared in double precision.
      scores: report.scores.map(Math.fround),
      ranking: report.selection.ranking,
      topCount: report.selection.topCount,
      mean: report.selection.mean,
      deviation: report.selection.deviation,
      leftOut: report.leftOut,
      unknown: report.unknown,
      preview: bytes(report.preview),
      seconds: report.seconds,
      preparationSeconds: report.preparationSeconds,
    });
    this.similarities = new Float32Array(bytes(report.similarities).buffer);
    this.#candidates = report.candidates.map(({ row, label, map, mask }) =>
      ({ row, label, score: this.scores[row], map: bytes(map), mask: bytes(mask) }));
    this.#bestAlways = bestAlways;
  }

  /** The classes that may make a mask, the best first. */
  get candidates() { return this.#candidates; }

  /** By label: a background that lets the image through, then the classes. */
  get labelColours() { return this.hasBackground ? this.colours : ["", ...this.colours]; }

  /** μ + factor · σ. */
  threshold(factor) { return this.mean + factor * this.deviation; }

  /** ClassSelection.Of: candidates down to the first below the threshold. */
  select(factor) {
    const threshold = this.threshold(factor);
    const below = this.#candidates.findIndex(candidate => !(candidate.score >= threshold));
    const selected = below < 0 ? [...this.#candidates] : this.#candidates.slice(0, below);
    return selected.length === 0 && this.#bestAlways ? this.#candidates.slice(0, 1) : selected;
  }

  /**
   * ZeroShotSegmenter.Compose: the best score among the masks that hold a pixel, if it is above 0; else background. At the size that the
   * model saw.
   */
  compose(selected) {
    const labels = new Uint8Array(this.seen.width * this.seen.height);
    const ordered = selected.filter(candidate => candidate.score > 0).sort((a, b) => b.score - a.score || a.label - b.label);
    for (const { label, mask } of ordered)
      for (let pixel = 0; pixel < labels.length; pixel++) if (labels[pixel] === 0 && mask[pixel]) labels[pixel] = label;
    return labels;
  }

  /** LabelResize.Nearest: labels at the image's own size, with the same two divisions. */
  atOwnSize(labels) {
    const { width, height } = this.size;
    const positions = (from, to) => Int32Array.from({ length: to }, (_, i) => Math.min(Math.floor(i * (1 / (to / from))), from - 1));
    const columns = positions(this.seen.width, width), rows = positions(this.seen.height, height);
    const result = new Uint8Array(width * height);
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0, row = rows[y] * this.seen.width; x < width; x++, at++) result[at] = labels[row + columns[x]];
    return result;
  }

  /** Cosines of a class and every patch, row by row. */
  similarity(row) {
    const patches = this.grid.width * this.grid.height;
    return this.similarities.subarray(row * patches, (row + 1) * patches);
  }
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
}
