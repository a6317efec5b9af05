// What stands on the stage: one source alone, two on either side of the divider, or none. Each answers with what changes of the drawing, or with
// false where there is nothing to do.

/** One source alone; once more: all again. */
export const solo = (drawing, source, count) =>
  source < count && { solo: drawing.solo === source ? null : source, swipe: false };

export const swipe = (drawing, count) => count > 1 && { swipe: !drawing.swipe, solo: null };

/** The two sides of the swipe in turn, in one place. */
export const blink = ({ left, right, solo }, count) => count > 1 && { solo: solo === left ? right : left, swipe: false };

/** First the stage, then the class that is picked out. */
export function leave({ solo, swipe, select }) {
  if (solo !== null || swipe) return { solo: null, swipe: false };
  return select !== null && { select: null };
}
