import assert from "node:assert/strict";
import { test } from "node:test";
import { Points, smooth } from "/js/live/points.js";
import { expected } from "./expected.mjs";

const { full, thinned } = expected("series");

test("a thinned curve keeps the server's buckets and all its points", () => {
  const points = Points.from(thinned);
  assert.deepEqual([...points.min], thinned.min);
  assert.deepEqual([...points.max], thinned.max);
  assert.equal(points.total, full.steps.length);
  assert.ok(points.isThinned);
});

test("points that come one by one keep the extremes when they are merged", () => {
  const points = new Points();
  for (let step = 0; step < 9000; step++) points.append(step, step, full.last[step % full.last.length]);
  assert.ok(points.length <= 4000);
  assert.equal(points.total, 9000);
  assert.equal(Math.min(...points.min), Math.min(...full.last));
  assert.equal(Math.max(...points.max), Math.max(...full.last));
});

test("a resumed run takes back what came after its step", () => {
  const points = Points.from(full);
  points.truncate(full.steps[9]);
  assert.equal(points.length, 10);
});

test("smoothing leaves a constant curve where it is", () =>
  assert.deepEqual([...smooth(new Float64Array([2, 2, 2]), new Float64Array([1, 1, 1]), 0.9)], [2, 2, 2]));
