import assert from "node:assert/strict";
import { test } from "node:test";
import { heatColours, vocColour, vocLabel } from "/js/compare/palette.js";
import { expected } from "./expected.mjs";

const { voc, heat } = expected("palette");

test("VOC's colours, and the labels of them, are those of exported masks", () => voc.forEach((colour, label) => {
  assert.deepEqual(vocColour(label), colour);
  assert.equal(vocLabel(...colour), label);
}));

test("the heat ramp is that of the stored pictures", () => heat.forEach(([r, g, b], level) => {
  const colour = heatColours[level];
  for (const [channel, value] of [[colour & 255, r], [(colour >> 8) & 255, g], [(colour >> 16) & 255, b]])
    assert.ok(Math.abs(channel - value) <= 0.5 + 1e-9, `level ${level}`);
}));
