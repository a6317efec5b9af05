import assert from "node:assert/strict";
import { test } from "node:test";
import { iouByLabel, meanIou } from "/js/compare/iou.js";
import { meanIouOf } from "/js/try/truth.js";
import { bytes, expected } from "./expected.mjs";

const { truth, prediction, labels, iou, mean } = expected("confusion");

test("IoU by label is the confusion matrix's", () => {
  const counts = new Int32Array(65536), [right, own] = [bytes(truth), bytes(prediction)];
  for (let pixel = 0; pixel < right.length; pixel++) if (right[pixel] !== 255) counts[(right[pixel] << 8) | own[pixel]]++;
  const found = iouByLabel(counts, labels);
  iou.forEach((share, label) => assert.equal(found.get(label) ?? null, share));
  assert.ok(Math.abs(meanIou(found) - mean) < 1e-12);
});

test("the IoU beside the ground truth is the same", () => assert.ok(Math.abs(meanIouOf(bytes(prediction), bytes(truth)) - mean) < 1e-12));

test("masks of another size have none", () => assert.ok(Number.isNaN(meanIouOf(new Uint8Array(3), new Uint8Array(4)))));
