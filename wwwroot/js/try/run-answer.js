// What the server answers of a run's network on one image; both kinds give labels, the classes in them, and words for a pixel.
import { readLabels } from "/js/compare/label-map.js";
import { heatColours } from "/js/compare/palette.js";
import { SoftMaps } from "/js/compare/soft-maps.js";
import { paint } from "./paint.js";

const bytes = base64 => Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));

/** Of CAM and CLIMS: a soft map for each of some classes. */
export class Activations {
  #maps;

  /** @param {object} report the answer of /api/runs/RUN/activations */
  constructor(report) {
    this.#maps = new SoftMaps(bytes(report.maps).buffer);
    this.size = { width: report.width, height: report.height };
    this.names = report.names;
    /** By label; the background lets the image through. */
    this.colours = ["", ...report.colours];
    /** One a class, 0..1. */
    this.scores = report.scores;
    this.preview = bytes(report.preview);
    this.facts = `${(report.preparationSeconds + report.seconds).toFixed(2)} s`;
    this.present = report.classes.map(k => ({ label: k + 1, name: report.names[k], colour: report.colours[k] }));
  }

  /** SeedLabels.FromCam: the best class where it is above the threshold, in single precision, else background. */
  labels(threshold) {
    const { label, peak } = this.#maps, level = Math.fround(threshold);
    return Uint8Array.from(label, (best, pixel) => (peak[pixel] > level ? best : 0));
  }

  heat(hidden) {
    const strongest = this.#maps.strongest(label => !hidden.has(label));
    return paint(this.size, pixel => heatColours[Math.min(255, Math.max(0, (255 * strongest[pixel]) | 0))]);
  }

  describe(pixel, labels) {
    const values = this.present.map(({ name }, map) => `${name} ${this.#maps.valueAt(map, pixel).toFixed(2)}`);
    return `${labels[pixel] ? this.names[labels[pixel] - 1] : "background"} · ${values.join(", ")}`;
  }
}

/** Of a segmentation network: a label for every pixel. */
export class Prediction {
  #labels;

  /** @param {object} report the answer of /api/runs/RUN/segment */
  static async of(report) {
    const prediction = new Prediction();
    prediction.#labels = (await readLabels(new Blob([bytes(report.labels)], { type: "image/png" }))).labels;
    prediction.size = { width: report.width, height: report.height };
    /** By label, the background's first. */
    prediction.names = report.names;
    prediction.colours = report.colours;
    prediction.shares = report.shares;
    prediction.preview = bytes(report.preview);
    const seconds = (report.preparationSeconds + report.seconds).toFixed(2);
    prediction.facts = `epoch ${report.epoch}${report.flip ? ", mirrored too" : ""}${report.crf ? ", CRF" : ""} · ${seconds} s`;
    prediction.present = report.names.map((name, label) => ({ label, name, colour: report.colours[label] }))
      .filter(({ label }) => label > 0 && report.shares[label] > 0);
    return prediction;
  }

  labels() { return this.#labels; }

  describe(pixel, labels) { return this.names[labels[pixel]] ?? "undecided"; }
}
