// What a sweep's plot computes: places on an axis, and which points lie in the chosen ranges. No document is needed for it.

/** An axis of numbers, logarithmic where they span more than a factor of 20, or of texts in the order in which they come. */
export function axisOf(values) {
    const numbers = values.filter(value => typeof value === 'number');
    if (numbers.length < values.length) {
        const texts = [...new Set(values.map(String))];
        return { texts, place: value => texts.length === 1 ? 0.5 : texts.indexOf(String(value)) / (texts.length - 1), ticks: texts };
    }
    let [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    if (low === high)
        return { low, high, place: () => 0.5, at: () => low, ticks: [low] };
    const isLogarithmic = low > 0 && high / low > 20;
    const scale = isLogarithmic ? Math.log : value => value, back = isLogarithmic ? Math.exp : value => value;
    const span = scale(high) - scale(low);
    const at = share => share <= 0 ? low : share >= 1 ? high : back(scale(low) + share * span);
    const ticks = new Set(numbers).size <= 6 ? [...new Set(numbers)].sort((a, b) => a - b) : [0, 0.25, 0.5, 0.75, 1].map(at);
    return { low, high, isLogarithmic, at, ticks, place: value => (scale(Math.min(high, Math.max(low, value))) - scale(low)) / span };
}

/** Four digits, without zeros at the end. */
export const text = value => typeof value === 'number' ? String(Number(value.toPrecision(4))) : String(value);

/** Whether every chosen range, [lowest, highest] by axis, holds the point's value; null and undefined are no bound. */
export function isIn(values, ranges) {
    return ranges.every((range, i) => !range || (typeof values[i] === 'number'
        ? (range[0] == null || values[i] >= range[0]) && (range[1] == null || values[i] <= range[1])
        : values[i] != null && (!range.texts || range.texts.includes(String(values[i])))));
}

/** A colour for a share of 0..1: violet over red to orange, which stand out on light and on dark ground. */
export function colour(share) {
    const stops = [[98, 80, 200], [150, 70, 180], [196, 66, 130], [222, 92, 80], [230, 135, 30]];
    const place = Math.min(1, Math.max(0, share)) * (stops.length - 1), i = Math.min(stops.length - 2, Math.floor(place)), rest = place - i;
    return `rgb(${stops[i].map((low, c) => Math.round(low + rest * (stops[i + 1][c] - low))).join(' ')})`;
}

/** Those of some places, in pixels, that leave as much room between them as a line of text needs; the first and the last are kept. */
export function readable(places, room = 13) {
    const order = [...places.keys()].sort((a, b) => places[a] - places[b]), kept = new Set(order.length ? [order[0], order.at(-1)] : []);
    for (const i of order)
        if ([...kept].every(other => other === i || Math.abs(places[other] - places[i]) >= room))
            kept.add(i);
    return places.map((_, i) => kept.has(i));
}
