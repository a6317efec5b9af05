// Which places a text means: all of its words occur; those that begin with it come first.

/**
 * @param {{title: string, detail?: string}[]} places in the order in which equal ones are to stand
 * @param {string} query
 */
export function matching(places, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return places
    .map((place, i) => ({ place, i, rank: rankOf(place, words) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({ place }) => place);
}

function rankOf(place, words) {
  const title = place.title.toLowerCase();
  const all = `${title} ${(place.detail ?? "").toLowerCase()}`;
  if (!words.every(word => all.includes(word))) return Infinity;
  if (words.length === 0 || title.startsWith(words.join(" "))) return 0;
  if (words.every(word => title.split(/[^\p{L}\p{N}]+/u).some(part => part.startsWith(word)))) return 1;
  return 3 - words.filter(word => title.includes(word)).length / words.length;
}
