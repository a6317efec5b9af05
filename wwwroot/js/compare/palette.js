// Colours as the panes need them: those of the classes come from the server (Domain/Datasets/ClassColours.cs); what is painted are 32-bit numbers in
// the byte order of ImageData (red lowest).

export const IGNORE = 255;

/** Alpha of the classes beside the selected one. */
const FADED = 90;

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
  return (r >> 7) | ((g >> 7) << 1) | ((b >> 7) << 2) | (((r >> 6) & 1) << 3) | (((g >> 6) & 1) << 4) | (((b >> 6) & 1) << 5)
    | (((r >> 5) & 1) << 6) | (((g >> 5) & 1) << 7);
}

/** Of a label that has no name. */
const NAMELESS = "#c8ccd2";

/** @param {string[]} colours by label, "#rrggbb"; the server names them by class */
export const cssColour = (colours, label) => colours[label] ?? NAMELESS;

/**
 * Colour by label; background, ignored pixels and hidden labels let the image through.
 * @param {Set<number>} hidden; @param {number | null} selected the others fade beside it
 */
export function labelColours(colours, hidden, selected = null) {
  return Uint32Array.from({ length: 256 }, (_, label) => {
    if (label === 0 || label === IGNORE || hidden.has(label)) return 0;
    const rgb = Number.parseInt(cssColour(colours, label).slice(1), 16);
    return pack(rgb >> 16, (rgb >> 8) & 255, rgb & 255, selected === null || selected === label ? 255 : FADED);
  });
}

/** Inferno over 256 levels, the peak brightest; low values let the image through. Backend/Images/HeatOverlay.cs paints the same ramp. */
export const heatColours = (() => {
  const stops = [
    [0, 0x000004], [0.14, 0x1f0c48], [0.28, 0x550f6d], [0.42, 0x88226a], [0.56, 0xba3655], [0.7, 0xe35933], [0.84, 0xf98c0a], [0.93, 0xf9c932],
    [1, 0xfcffa4],
  ];
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const value = level / 255, i = Math.max(1, stops.findIndex(([at]) => at >= value)), [low, from] = stops[i - 1], [high, to] = stops[i];
    const share = (value - low) / (high - low);
    const channels = [16, 8, 0].map(shift => {
      const [first, last] = [(from >> shift) & 255, (to >> shift) & 255];
      return Math.round(first + share * (last - first));
    });
    return pack(...channels, Math.round(255 * 0.92 * Math.max(0, (value - 0.06) / 0.94)));
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

/** Where a region begins. */
export const edge = pack(0, 0, 0, 255);

/** Lies over pixels on which all sources agree. */
export const agreed = pack(8, 12, 16, 170);
