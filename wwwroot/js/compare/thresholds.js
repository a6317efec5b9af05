// The sources' thresholds, which their sliders move one by one, or all together.

export class Thresholds {
  values = [];
  #sources = [];

  /**
   * @param {{kind: string, threshold: number, own: number}[]} sources
   * @param {boolean} areSame the ones that were shown before, whose sliders stay where they are
   */
  show(sources, areSame) {
    this.#sources = sources;
    if (!areSame) this.values = sources.map(source => source.threshold);
  }

  /** @returns {number[]} the sources that have moved */
  move(index, threshold, areTied) {
    const moved = [...this.#sources.keys()].filter(i => this.#sources[i].kind === "maps" && (areTied || i === index));
    this.values = this.values.map((value, i) => (moved.includes(i) ? threshold : value));
    return moved;
  }

  /** By source; null: the run's own. */
  get changed() { return this.values.map((value, i) => (value === this.#sources[i].own ? null : value)); }

  /** As the address has them. */
  get choices() {
    const { changed } = this;
    return { t: changed.every(value => value === null) ? null : changed.map(value => value ?? "").join() };
  }
}
