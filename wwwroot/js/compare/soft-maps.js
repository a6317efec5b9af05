// A run's soft maps of one image, as the trainer has stored them (Backend/Evaluation/SoftCamFile.cs says how).

const MAGIC = "DashCAM\0";
const HEADER_BYTES = 28;
/** Bytes behind the maps, by the file's version: a SHA-256 from version 2 on. */
const SEAL_BYTES = { 1: 0, 2: 32 };

export class SoftMaps {
  #values;
  #decode;

  /** @param {ArrayBuffer} file */
  constructor(file) {
    const header = new DataView(file);
    const magic = file.byteLength < HEADER_BYTES ? "" : String.fromCharCode(...new Uint8Array(file, 0, MAGIC.length));
    const seal = magic === MAGIC ? SEAL_BYTES[header.getInt32(8, true)] : undefined;
    if (seal === undefined) throw new Error("This file holds no soft maps that this page can read.");
    [this.width, this.height] = [header.getInt32(12, true), header.getInt32(16, true)];
    const [count, bytes] = [header.getInt32(20, true), header.getInt32(24, true)];
    this.pixels = this.width * this.height;
    const start = HEADER_BYTES + 4 * count;
    if (file.byteLength !== start + count * this.pixels * bytes + seal) throw new Error("The file of soft maps is cut off.");
    /** The class of each map, 0-based. */
    this.classes = Array.from({ length: count }, (_, k) => header.getInt32(HEADER_BYTES + 4 * k, true));
    // Both kinds of header leave the values on a multiple of four bytes.
    this.#values = bytes === 2 ? new Uint16Array(file, start, count * this.pixels) : new Float32Array(file, start, count * this.pixels);
    this.#decode = bytes === 2 ? halves() : null;
    this.#findBest();
  }

  /** The value of a map (by its place in classes) at a pixel, 0..1. */
  valueAt(map, pixel) {
    const value = this.#values[map * this.pixels + pixel];
    return this.#decode ? this.#decode[value] : value;
  }

  /** The largest value at every pixel of the maps whose label is wanted. */
  strongest(isShown) {
    const result = new Float32Array(this.pixels);
    this.classes.forEach((k, map) => {
      if (!isShown(k + 1)) return;
      for (let pixel = 0; pixel < this.pixels; pixel++) {
        const value = this.valueAt(map, pixel);
        if (value > result[pixel]) result[pixel] = value;
      }
    });
    return result;
  }

  /**
   * A pixel's best class does not depend on the threshold, only whether it beats the background does: found once, so that a moved threshold is one
   * comparison a pixel.
   */
  #findBest() {
    this.label = new Uint8Array(this.pixels);
    this.peak = new Float32Array(this.pixels).fill(-Infinity);
    const { label, peak, pixels } = this, values = this.#values, decode = this.#decode;
    this.classes.forEach((k, map) => {
      for (let pixel = 0, at = map * pixels; pixel < pixels; pixel++, at++) {
        const value = decode ? decode[values[at]] : values[at];
        if (value > peak[pixel]) {
          peak[pixel] = value;
          label[pixel] = k + 1;
        }
      }
    });
  }
}

let table = null;

/** The value of each of the 65,536 half-precision numbers. */
function halves() {
  if (table) return table;
  table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits >> 15 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
    const finite = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    table[bits] = sign * (exponent === 31 ? (fraction ? NaN : Infinity) : finite);
  }
  return table;
}
