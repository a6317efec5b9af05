import assert from "node:assert/strict";
import { test } from "node:test";
import { Segmentation } from "/js/try/segmentation.js";
import { bytes, expected } from "./expected.mjs";

for (const { name, report, factor, bestAlways, selected, labels } of expected("composition"))
  test(`${name}: selection, masks and their size are the segmenter's`, () => {
    const segmentation = new Segmentation(report, bestAlways), chosen = segmentation.select(factor);
    assert.deepEqual(chosen.map(({ row }) => row), selected);
    assert.deepEqual(segmentation.atOwnSize(segmentation.compose(chosen)), bytes(labels));
  });
