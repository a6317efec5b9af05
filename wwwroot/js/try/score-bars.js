// The classes' scores as bars, the best first, and over them the threshold, which can be dragged.

/** More are a click away: nobody reads two hundred bars at once. */
const SHOWN = 24;

const MARKS = { selected: "✓", candidate: "–", background: "·", other: "" };
const TITLES = {
  selected: "in the image: its score reaches the threshold",
  candidate: "looked at, but below the threshold",
  background: "the background competes, but makes no mask",
  other: "not looked at: not among the best-scored candidates",
};

export class ScoreBars {
  #root;
  #more;
  #onFactor;
  #segmentation = null;
  #rows = [];
  #lowest = 0;
  #highest = 1;
  #line;

  /**
   * @param {HTMLElement} root
   * @param {HTMLButtonElement} more
   * @param {(factor: number) => void} onFactor the line was dragged
   */
  constructor(root, more, onFactor) {
    this.#root = root;
    this.#more = more;
    this.#onFactor = onFactor;
    more.addEventListener("click", () => this.#list(this.#rows.length <= SHOWN));
  }

  get ends() { return [this.#lowest, this.#highest]; }

  /** @param {import("./segmentation.js").Segmentation} segmentation */
  show(segmentation) {
    this.#segmentation = segmentation;
    const { scores, mean, deviation } = segmentation;
    // Cosines lie close together: the axis spans the scores and two deviations, and says so at its ends.
    const all = [...scores, mean - 2 * deviation, mean + 2 * deviation], least = Math.min(...all), most = Math.max(...all);
    const margin = Math.max(0.02 * (most - least), 1e-4);
    [this.#lowest, this.#highest] = [least - margin, most + margin];
    this.#list(false);
  }

  /** The threshold has moved. */
  update(threshold, selected) {
    const rows = candidates => new Set(candidates.map(candidate => candidate.row));
    const chosen = rows(selected), candidates = rows(this.#segmentation.candidates);
    for (const { row, element, mark } of this.#rows) {
      const isBackground = this.#segmentation.hasBackground && row === 0;
      const state = chosen.has(row) ? "selected" : isBackground ? "background" : candidates.has(row) ? "candidate" : "other";
      element.dataset.state = state;
      element.title = `${this.#segmentation.names[row]}: ${TITLES[state]}`;
      mark.textContent = MARKS[state];
    }
    this.#line.style.left = `${100 * Math.min(1, Math.max(0, this.#share(threshold)))}%`;
    this.#line.title = `Threshold ${threshold.toFixed(3)}`;
  }

  #share(score) { return (score - this.#lowest) / (this.#highest - this.#lowest); }

  #list(all) {
    const { ranking, mean } = this.#segmentation;
    const shown = all ? ranking : ranking.slice(0, SHOWN);
    this.#rows = shown.map(row => this.#row(row));
    const threshold = element("div", "threshold");
    threshold.setAttribute("aria-hidden", "true");
    const middle = element("span", "mean");
    middle.style.left = `${100 * this.#share(mean)}%`;
    middle.title = `Mean ${mean.toFixed(3)}`;
    this.#line = element("span", "line");
    this.#bindDrag(threshold);
    threshold.append(middle, this.#line);
    const rows = element("div", "rows");
    rows.append(...this.#rows.map(row => row.element), threshold);
    this.#root.replaceChildren(rows);
    this.#more.hidden = ranking.length <= SHOWN;
    this.#more.textContent = all ? `The best ${SHOWN} only` : `All ${ranking.length} scores`;
    this.onList?.();
  }

  #row(row) {
    const { names, colours, scores, hasBackground } = this.#segmentation;
    const line = element("div", "row"), name = element("span", "name"), mark = element("span", "mark");
    const swatch = element("span", "swatch"), text = element("span");
    swatch.style.setProperty("--colour", hasBackground && row === 0 ? "transparent" : colours[row]);
    text.textContent = names[row];
    name.append(swatch, mark, text);
    const track = element("span", "track"), fill = element("span", "fill"), value = element("span", "number");
    fill.style.width = `${100 * this.#share(scores[row])}%`;
    track.append(fill);
    value.textContent = scores[row].toFixed(3);
    line.append(name, track, value);
    line.dataset.row = row;
    return { row, element: line, mark };
  }

  #bindDrag(threshold) {
    const line = this.#line;
    line.addEventListener("pointerdown", event => {
      line.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    line.addEventListener("pointermove", event => {
      const { mean, deviation } = this.#segmentation;
      if (!line.hasPointerCapture(event.pointerId) || !(deviation > 0)) return;
      const box = threshold.getBoundingClientRect();
      const score = this.#lowest + ((event.clientX - box.left) / box.width) * (this.#highest - this.#lowest);
      this.#onFactor((score - mean) / deviation);
    });
  }
}

function element(kind, name = "") {
  const result = document.createElement(kind);
  result.className = name;
  return result;
}
