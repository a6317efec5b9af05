// The ground truth of a data set's image, beside what a model says of it.
import { iouByLabel, meanIou, percent } from "/js/compare/iou.js";
import { readLabels } from "/js/compare/label-map.js";
import { IGNORE } from "/js/compare/palette.js";

/** @returns {Promise<{width: number, height: number, labels: Uint8Array} | null>} null where there is none */
export async function loadTruth({ dataset, split, image }, signal) {
  if (!image) return null;
  const id = image.split("/").map(encodeURIComponent).join("/");
  const answer = await fetch(`/api/datasets/${encodeURIComponent(dataset)}/masks/${id}?split=${encodeURIComponent(split)}`, { signal });
  return answer.ok ? readLabels(await answer.blob()) : null;
}

/**
 * A mask against the truth, as ConfusionMatrix counts: undecided pixels of the truth are left out, those of the mask are background.
 * @returns {number} the mean over the classes in either; NaN where nothing can be compared
 */
export function meanIouOf(labels, truth) {
  if (labels.length !== truth.length) return NaN;
  const counts = new Int32Array(65536);
  for (let pixel = 0; pixel < labels.length; pixel++)
    if (truth[pixel] !== IGNORE) counts[(truth[pixel] << 8) | (labels[pixel] === IGNORE ? 0 : labels[pixel])]++;
  return meanIou(iouByLabel(counts, 256));
}

export const iouText = share => (Number.isFinite(share) ? `mIoU of this image ${percent(share)} %` : "");
