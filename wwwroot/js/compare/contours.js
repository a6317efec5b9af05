// The outlines of the regions of a label map, along the edges of its pixels.
import { IGNORE } from "./palette.js";

/**
 * Edges on the border of the image are left out; neighbouring ones of the same two labels are one line.
 * @param {Uint8Array} labels row by row
 * @returns {Map<number, number[]>} by foreground label: x and y of the beginning and the end of one line after the other
 */
export function outlines(labels, width, height) {
  const lines = new Map();
  const add = (label, x0, y0, x1, y1) => {
    if (label === 0 || label === IGNORE) return;
    if (!lines.has(label)) lines.set(label, []);
    lines.get(label).push(x0, y0, x1, y1);
  };
  // Along one boundary, between the pixels from `first` on and those beside them.
  const follow = (length, first, step, beside, line) => {
    let from = 0, here = 0, there = 0;
    const end = at => {
      if (here === there) return;
      add(here, ...line(from, at));
      add(there, ...line(from, at));
    };
    for (let at = 0, pixel = first; at < length; at++, pixel += step) {
      if (labels[pixel] === here && labels[pixel + beside] === there) continue;
      end(at);
      [from, here, there] = [at, labels[pixel], labels[pixel + beside]];
    }
    end(length);
  };
  for (let y = 1; y < height; y++) follow(width, (y - 1) * width, 1, width, (from, to) => [from, y, to, y]);
  for (let x = 1; x < width; x++) follow(height, x - 1, width, 1, (from, to) => [x, from, x, to]);
  return lines;
}

/** @param {Map<number, number[]>} lines @returns {Map<number, Path2D>} */
export function toPaths(lines) {
  const paths = new Map();
  for (const [label, points] of lines) {
    const path = new Path2D();
    for (let i = 0; i < points.length; i += 4) {
      path.moveTo(points[i], points[i + 1]);
      path.lineTo(points[i + 2], points[i + 3]);
    }
    paths.set(label, path);
  }
  return paths;
}
