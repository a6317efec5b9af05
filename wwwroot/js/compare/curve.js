// mIoU against threshold, over a slider of the same width, with a marker that moves along.

const NS = "http://www.w3.org/2000/svg";

export class SweepCurve {
  #points;
  #height;
  #marker;
  #dot;

  /** @param {{threshold: number, miou: number}[]} points ascending */
  constructor(root, points) {
    this.#points = points;
    const highest = Math.max(0.01, ...points.map(point => point.miou));
    this.#height = miou => 1 - 0.9 * (miou / highest);
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", "0 0 1 1");
    svg.setAttribute("preserveAspectRatio", "none");
    const line = document.createElementNS(NS, "polyline");
    line.setAttribute("points", points.map(point => `${point.threshold},${this.#height(point.miou)}`).join(" "));
    svg.append(line);
    this.#marker = Object.assign(document.createElement("span"), { className: "marker" });
    this.#dot = Object.assign(document.createElement("span"), { className: "dot" });
    root.replaceChildren(svg, this.#marker, this.#dot);
  }

  /** @returns the data set's mIoU at a threshold, between the swept ones on the straight line; null without a sweep */
  move(threshold) {
    const miou = this.#at(threshold);
    for (const part of [this.#marker, this.#dot]) part.style.left = `${100 * threshold}%`;
    this.#dot.hidden = miou === null;
    if (miou !== null) this.#dot.style.top = `${100 * this.#height(miou)}%`;
    return miou;
  }

  #at(threshold) {
    const points = this.#points;
    if (!points.length) return null;
    const after = points.findIndex(point => point.threshold >= threshold);
    if (after <= 0) return (after === 0 ? points[0] : points[points.length - 1]).miou;
    const [a, b] = [points[after - 1], points[after]];
    return a.miou + ((threshold - a.threshold) / (b.threshold - a.threshold)) * (b.miou - a.miou);
  }
}
