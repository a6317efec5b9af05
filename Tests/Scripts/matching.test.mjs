import assert from "node:assert/strict";
import { test } from "node:test";
import { matching } from "/js/palette/matching.js";

const places = [
  { title: "Learning rate", detail: "CAM baseline: of AdamW" },
  { title: "Weight decay", detail: "CLIMS: beside the learning rate" },
  { title: "Learning rate", detail: "CLIMS: of SGD" },
  { title: "Models" },
  { title: "New run: CLIMS" },
];
const found = query => matching(places, query).map(place => places.indexOf(place));

test("nothing typed shows all in their order", () => assert.deepEqual(found(" "), [0, 1, 2, 3, 4]));

test("all words must occur, in the title or what stands beside it", () => {
  assert.deepEqual(found("CLIMS rate"), [2, 1]);
  assert.deepEqual(found("clims network"), []);
});

test("a title that begins with the words comes before one that has them elsewhere", () => assert.deepEqual(found("learning"), [0, 2, 1]));
