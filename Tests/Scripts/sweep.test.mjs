import assert from "node:assert/strict";
import { test } from "node:test";
import { axisOf, colour, isIn, readable } from "/js/sweep.js";

test("numbers that span more than a factor of 20 have a logarithmic axis", () => {
  const wide = axisOf([0.001, 0.1]), near = axisOf([10, 20]);
  assert.ok(Math.abs(wide.place(0.01) - 0.5) < 1e-12);
  assert.ok(Math.abs(near.place(15) - 0.5) < 1e-12);
  assert.equal(axisOf([0, 100]).isLogarithmic, false);
});

test("a place gives its number again, and what lies outside counts as the end", () => {
  const axis = axisOf([0.001, 0.02, 0.1]);
  for (const value of [0.001, 0.004, 0.1]) assert.ok(Math.abs(axis.at(axis.place(value)) - value) < 1e-12);
  assert.deepEqual([axis.at(-1), axis.at(2), axis.place(7)], [0.001, 0.1, 1]);
});

test("texts stand in the order in which they come; one value stands in the middle", () => {
  const axis = axisOf(["adamW", "poly", "adamW"]);
  assert.deepEqual([axis.place("adamW"), axis.place("poly"), axis.ticks], [0, 1, ["adamW", "poly"]]);
  assert.equal(axisOf([3, 3]).place(3), 0.5);
});

test("a point is in when every range holds it; one that was not measured lies outside a range of scores", () => {
  assert.ok(isIn([1, 50], [null, null]));
  assert.ok(isIn([1, 50], [[1, 2], [null, 60]]));
  assert.ok(!isIn([3, 50], [[1, 2], null]));
  assert.ok(!isIn([1, null], [null, [10, null]]));
});

test("labels that would cover each other are left out, the ends never", () => {
  assert.deepEqual(readable([0, 5, 100, 104, 108]), [true, false, false, false, true]);
  assert.deepEqual(readable([0, 50, 100]), [true, true, true]);
});

test("colours go from one end of the ramp to the other", () => {
  assert.equal(colour(0), "rgb(98 80 200)");
  assert.equal(colour(2), "rgb(230 135 30)");
});
