// IoU out of confusion counts, as ConfusionMatrix computes it.

/** @param {Int32Array} counts 256 x 256, true label first @returns {Map<number, number>} IoU by label, for those in truth or answer */
export function iouByLabel(counts, labels) {
  const result = new Map();
  for (let label = 0; label < labels; label++) {
    let union = -counts[(label << 8) | label];
    for (let other = 0; other < labels; other++) union += counts[(label << 8) | other] + counts[(other << 8) | label];
    if (union > 0) result.set(label, counts[(label << 8) | label] / union);
  }
  return result;
}

/** NaN where every pixel is ignored. */
export function meanIou(byLabel) {
  return [...byLabel.values()].reduce((sum, iou) => sum + iou, 0) / byLabel.size;
}

/** Where the pixels of objects, true or predicted, go, as PixelShares counts a split's. @returns {object | null} null without any */
export function pixelShares(counts, labels) {
  const shares = { right: 0, missed: 0, falseAlarm: 0, wrongClass: 0 };
  for (let truth = 0; truth < labels; truth++)
    for (let prediction = truth === 0 ? 1 : 0; prediction < labels; prediction++) {
      const kind = truth === prediction ? "right" : prediction === 0 ? "missed" : truth === 0 ? "falseAlarm" : "wrongClass";
      shares[kind] += counts[(truth << 8) | prediction];
    }
  const all = Object.values(shares).reduce((sum, count) => sum + count, 0);
  return all > 0 ? Object.fromEntries(Object.entries(shares).map(([kind, count]) => [kind, count / all])) : null;
}

export const percent = share => (Number.isFinite(share) ? (100 * share).toFixed(2) : "–");
