// How long a choice takes to be seen, for measurements: window.compareLatency holds the last ones, in milliseconds.

const KEPT = 10_000;

/** @param {number} started when the drawing of the frame began; @param {number[]} events when the browser had what is drawn in it */
export function recordLatency(started, events) {
  const now = performance.now(), kept = (window.compareLatency ??= []);
  for (const event of events) kept.push({ frame: now - event, drawing: now - started });
  kept.splice(0, kept.length - KEPT);
  if (events.length) performance.measure("compare: event to frame", { start: events[0], end: now });
}
