// What the Compare page's scripts compute. The numbers of numbers.json are the server's: a test there holds them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { outlines, paintEdges } from "../../wwwroot/js/compare/contours.js";
import { iouByLabel, meanIou, pixelShares } from "../../wwwroot/js/compare/iou.js";
import { press } from "../../wwwroot/js/compare/keys.js";
import { edge, IGNORE, labelColours, vocColour, vocLabel } from "../../wwwroot/js/compare/palette.js";
import { columnsFor } from "../../wwwroot/js/compare/panes.js";
import { blink, leave, solo, swipe } from "../../wwwroot/js/compare/staging.js";
import { Thresholds } from "../../wwwroot/js/compare/thresholds.js";

const numbers = JSON.parse(readFileSync(new URL("numbers.json", import.meta.url)));

test("IoU is the server's: what is ignored in the truth is left out, and in an answer is background", () => {
  const counts = new Int32Array(65536);
  numbers.truth.forEach((right, pixel) => {
    const own = numbers.prediction[pixel];
    if (right !== IGNORE) counts[(right << 8) | (own === IGNORE ? 0 : own)]++;
  });
  const byLabel = iouByLabel(counts, numbers.labels);
  numbers.perClass.forEach((iou, label) => (iou === null ? assert.ok(!byLabel.has(label)) : assert.ok(Math.abs(byLabel.get(label) - iou) < 1e-12)));
  assert.ok(Math.abs(meanIou(byLabel) - numbers.mean) < 1e-12);
  assert.deepEqual(pixelShares(counts, numbers.labels), numbers.pixels);
  assert.equal(pixelShares(new Int32Array(65536), numbers.labels), null);
});

test("VOC's colours are the labels' bits, and back", () => {
  for (const [label, rgb] of Object.entries(numbers.voc)) assert.deepEqual(vocColour(Number(label)), rgb);
  for (let label = 0; label < 256; label++) assert.equal(vocLabel(...vocColour(label)), label);
});

test("classes are painted in the colours the server gives; background, ignored and hidden ones let the image through", () => {
  const colours = labelColours(["#000000", "#e1f424", "#4c53ec", "#cc006b"], new Set([2]), 1);
  assert.deepEqual([colours[0], colours[2], colours[IGNORE]], [0, 0, 0]);
  // Red lowest, alpha highest.
  assert.equal(colours[1], 0xff24f4e1);
  assert.equal(colours[3] & 0xffffff, 0x6b00cc);
  assert.ok(colours[3] >>> 24 < 128, "beside the selected class the others fade");
});

test("outlines follow the edges of the pixels, joined where they go straight on", () => {
  // A block of two pixels at the left edge of a 3 x 3 image, beside one ignored pixel.
  const lines = outlines(Uint8Array.of(0, 0, 0, 7, 7, 0, 255, 0, 0), 3, 3);
  assert.deepEqual([...lines.keys()], [7]);
  assert.deepEqual(group(lines.get(7)), ["0,1-2,1", "0,2-1,2", "1,2-2,2", "2,1-2,2"]);
});

test("between two classes the line belongs to both", () => {
  const lines = outlines(Uint8Array.of(1, 2), 2, 1);
  assert.deepEqual([...lines], [[1, [1, 0, 1, 1]], [2, [1, 0, 1, 1]]]);
});

test("while a slider moves, the first pixels of each region are dark, but not those of a hidden class", () => {
  const edges = hidden => {
    const paint = new Uint32Array(9);
    paintEdges(paint, Uint8Array.of(0, 7, 7, 0, 7, 7, 3, 0, 0), 3, new Set(hidden));
    return [...paint].map(colour => (colour === edge ? "#" : ".")).join("");
  };
  assert.equal(edges([]), ".#..#.###");
  assert.equal(edges([3]), ".#..#..##");
  assert.equal(edges([3, 7]), ".........");
});

test("keys do their work, but not while somebody types", () => {
  const done = [];
  const actions = Object.fromEntries(["step", "solo", "layer", "swipe", "blink", "leave"]
    .map(name => [name, value => void done.push([name, value])]));
  const target = kind => ({ closest: selector => (kind && selector.split(", ").some(part => part.startsWith(kind)) ? {} : null) });
  const key = (key, kind = null, more = {}) => press({ key, target: target(kind), ...more }, actions);

  for (const name of ["j", "K", "3", "l", "D", "x", " ", "Escape"]) assert.ok(key(name));
  assert.deepEqual(done.splice(0), [["step", 1], ["step", -1], ["solo", 2], ["layer", "labels"], ["layer", "disagreement"], ["swipe", undefined],
    ["blink", undefined], ["leave", undefined]]);
  assert.ok(!key("j", "select") && !key("j", "textarea") && !key("j", null, { ctrlKey: true }) && !key("j", null, { defaultPrevented: true })
    && !key("q"));
  assert.ok(!key(" ", "button"), "a button is pressed by Space");
  assert.deepEqual(done, []);
});

function group(points) {
  return Array.from({ length: points.length / 4 }, (_, i) => `${points.slice(4 * i, 4 * i + 2)}-${points.slice(4 * i + 2, 4 * i + 4)}`).sort();
}

test("panes stand in as many columns as show them largest", () => {
  const room = { width: 620, height: 500, shape: 4 / 3, gap: 12 }, panes = (count, chrome = 110) => ({ chrome: Array(count).fill(chrome) });
  assert.equal(columnsFor({ ...room, ...panes(4) }), 2);
  assert.equal(columnsFor({ ...room, ...panes(2) }), 2);
  // Wide and low: side by side.
  assert.equal(columnsFor({ ...room, ...panes(4), width: 1400, height: 420 }), 4);
  // Panoramas stand below each other.
  assert.equal(columnsFor({ ...room, ...panes(2), height: 700, shape: 4 }), 1);
  // No room at all: they still stand somewhere.
  assert.equal(columnsFor({ ...room, ...panes(3), height: 50 }), 3);
  // Only one of the rows has sliders, and needs room for them.
  const square = { width: 676, height: 570, shape: 1, gap: 12 };
  assert.equal(columnsFor({ ...square, ...panes(4, 142) }), 4);
  assert.equal(columnsFor({ ...square, chrome: [54, 54, 142, 54] }), 2);
});

test("the stage is entered and left by the same choices, and only where there is something to do", () => {
  const drawing = { left: 0, right: 1, solo: null, swipe: false, select: null };
  assert.deepEqual(solo(drawing, 2, 3), { solo: 2, swipe: false });
  assert.deepEqual(solo({ ...drawing, solo: 2 }, 2, 3), { solo: null, swipe: false });
  assert.equal(solo(drawing, 3, 3), false);
  assert.equal(swipe(drawing, 1), false);
  assert.deepEqual(swipe({ ...drawing, solo: 1 }, 2), { swipe: true, solo: null });
  assert.deepEqual(blink({ ...drawing, solo: 0 }, 2), { solo: 1, swipe: false });
  assert.deepEqual(leave({ ...drawing, swipe: true, select: "dog" }), { solo: null, swipe: false });
  assert.deepEqual(leave({ ...drawing, select: "dog" }), { select: null });
  assert.equal(leave(drawing), false);
});

test("tied thresholds move together, and those of the run leave the address", () => {
  const thresholds = new Thresholds();
  const [maps, truth] = [{ kind: "maps", threshold: 0.3, own: 0.3 }, { kind: "truth", threshold: 0, own: 0 }];
  thresholds.show([maps, truth, { kind: "maps", threshold: 0.5, own: 0.2 }], false);
  assert.deepEqual(thresholds.choices, { t: ",,0.5" });
  assert.deepEqual(thresholds.move(0, 0.2, true), [0, 2]);
  assert.deepEqual([thresholds.values, thresholds.changed], [[0.2, 0, 0.2], [0.2, null, null]]);
  thresholds.move(0, 0.3, false);
  assert.deepEqual(thresholds.choices, { t: null });
});
