// Colours as the panes need them: 32-bit numbers in the byte order of ImageData (red lowest).

export const IGNORE = 255;

const pack = (r, g, b, a = 255) => ((a << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** PASCAL VOC's colour of a label: its bits, three at a time, set those of red, green and blue from the highest down. */
export function vocColour(label) {
  const rgb = [0, 0, 0];
  for (let bit = 7, rest = label; bit >= 0; bit--, rest >>= 3)
    for (let channel = 0; channel < 3; channel++) rgb[channel] |= ((rest >> channel) & 1) << bit;
  return rgb;
}

/** The label of one of VOC's colours. */
export function vocLabel(r, g, b) {
  return (r >> 7) | ((g >> 7) << 1) | ((b >> 7) << 2) | (((r >> 6) & 1) << 3) | (((g >> 6) & 1) << 4) | (((b >> 6) & 1) << 5) | (((r >> 5) & 1) << 6) | (((g >> 5) & 1) << 7);
}

export const cssColour = label => `rgb(${vocColour(label).join(" ")})`;

/** Colour by label; background, ignored pixels and hidden labels let the image through. */
export function labelColours(hidden) {
  return Uint32Array.from({ length: 256 }, (_, label) => (label === 0 || label === IGNORE || hidden.has(label) ? 0 : pack(...vocColour(label))));
}

/** Dark violet to yellow over 256 levels; low values let the image through. */
export const heatColours = (() => {
  const stops = [[20, 11, 53], [87, 16, 110], [165, 44, 96], [225, 87, 52], [250, 155, 24], [246, 235, 110]];
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const at = (level / 255) * (stops.length - 1), i = Math.min(stops.length - 2, Math.floor(at)), share = at - i;
    return pack(...stops[i].map((from, channel) => Math.round(from + share * (stops[i + 1][channel] - from))), Math.min(255, 40 + 2 * level));
  });
})();

/** Kinds of pixels in an error map. Told apart by lightness, too. */
export const errorKinds = {
  hit: { name: "hit", colour: [0, 158, 115] },
  miss: { name: "miss", colour: [204, 60, 150] },
  falseAlarm: { name: "false alarm", colour: [255, 176, 0] },
  wrongClass: { name: "wrong class", colour: [70, 110, 230] },
  ignore: { name: "ignored", colour: [150, 156, 163] },
};

export const errorColours = Object.fromEntries(Object.entries(errorKinds).map(([kind, { colour }]) => [kind, pack(...colour)]));

/** Lies over pixels on which all sources agree. */
export const agreed = pack(8, 12, 16, 170);
