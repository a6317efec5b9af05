// The outlines of the regions of a label map, along the edges of its pixels.
import { edge, IGNORE } from "./palette.js";

/**
 * Edges on the border of the image are left out; neighbouring ones of the same two labels are one line.
 * @param {Uint8Array} labels row by row
 * @returns {Map<number, number[]>} by foreground label: x and y of the beginning and the end of one line after the other
 */
export function outlines(labels, width, height) {
  const lines = new Map();
  const add = (label, x0, y0, x1, y1) => {
    if (label === 0 || label === IGNORE) return;
    let points = lines.get(label);
    if (!points) lines.set(label, (points = []));
    points.push(x0, y0, x1, y1);
  };
  const addBoth = (one, other, x0, y0, x1, y1) => {
    add(one, x0, y0, x1, y1);
    add(other, x0, y0, x1, y1);
  };
  // Once over the pixels, as they lie in memory. Of the line between two columns it is remembered where it began, and the pair of labels at its
  // sides; -1 where there is none. Nearly all pixels are inside regions, where no line is open and none begins.
  const began = new Int32Array(width).fill(-1), pairs = new Uint16Array(width);
  let pixel = 0;
  for (let y = 0; y < height; y++) {
    let from = -1, pair = 0, here = labels[pixel];
    for (let x = 0; x < width; x++, pixel++) {
      const left = here;
      here = labels[pixel];
      if (left !== here || began[x] >= 0) {
        const sides = (left << 8) | here;
        if (began[x] < 0 || pairs[x] !== sides) {
          if (began[x] >= 0) addBoth(pairs[x] >> 8, pairs[x] & 255, x, began[x], x, y);
          began[x] = left === here ? -1 : y;
          pairs[x] = sides;
        }
      }
      if (y === 0) continue;
      const above = labels[pixel - width];
      if (above !== here || from >= 0) {
        const sides = (above << 8) | here;
        if (from < 0 || pair !== sides) {
          if (from >= 0) addBoth(pair >> 8, pair & 255, from, y, x, y);
          from = above === here ? -1 : x;
          pair = sides;
        }
      }
    }
    if (from >= 0) addBoth(pair >> 8, pair & 255, from, y, width, y);
  }
  for (let x = 1; x < width; x++) if (began[x] >= 0) addBoth(pairs[x] >> 8, pairs[x] & 255, x, began[x], x, height);
  return lines;
}

/**
 * Darkens the pixels at which a region begins, from the left or from above.
 * @param {Uint32Array} paint a colour for each pixel; @param {Uint8Array} labels row by row; @param {Set<number>} hidden labels without regions
 */
export function paintEdges(paint, labels, width, hidden) {
  const seen = Uint8Array.from({ length: 256 }, (_, label) => (hidden.has(label) || label === IGNORE ? 0 : label));
  for (let pixel = 0, x = 0; pixel < labels.length; pixel++) {
    const own = seen[labels[pixel]];
    if ((x > 0 && own !== seen[labels[pixel - 1]]) || (pixel >= width && own !== seen[labels[pixel - width]])) paint[pixel] = edge;
    if (++x === width) x = 0;
  }
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
