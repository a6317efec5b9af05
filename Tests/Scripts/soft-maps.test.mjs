import assert from "node:assert/strict";
import { test } from "node:test";
import { SoftMaps } from "/js/compare/soft-maps.js";
import { Activations } from "/js/try/run-answer.js";
import { bytes, expected } from "./expected.mjs";

const { file, width, height, classes, seeds } = expected("soft-maps");

test("a stored file gives its classes and size", () => {
  const maps = new SoftMaps(bytes(file).buffer);
  assert.deepEqual([maps.width, maps.height, maps.classes], [width, height, classes]);
});

for (const { threshold, labels } of seeds)
  test(`labels at the threshold ${threshold} are the evaluation's`, () => {
    const names = ["a", "b", "c", "d", "e"];
    const answer = new Activations({
      maps: file, width, height, names, colours: names, classes, scores: names.map(() => 0), preview: "", preparationSeconds: 0, seconds: 0,
    });
    assert.deepEqual(answer.labels(threshold), bytes(labels));
  });

test("a file that is cut off is refused", () => assert.throws(() => new SoftMaps(bytes(file).slice(0, -1).buffer), /cut off/));
