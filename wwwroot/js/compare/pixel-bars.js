// Where the pixels go, a bar a source: of the image that is shown, and of the whole split.

const KINDS = ["right", "missed", "falseAlarm", "wrongClass"];

/** A share that is written into its bar. */
const WRITTEN_FROM = 0.12;

/**
 * @param {HTMLElement} root with a bar for each, named "0/image" and "0/split"
 * @param {{kind: string, pixels: object | null}[]} sources the split's shares; @param {(source: number) => object | null} ofImage
 */
export function writePixelBars(root, sources, ofImage) {
  sources.forEach((source, i) => {
    for (const [of, shares] of [["image", ofImage(i)], ["split", source.pixels]]) {
      const bar = root.querySelector(`[data-pixels="${i}/${of}"]`);
      if (!bar) continue;
      const text = KINDS.map(kind => `${shares ? Math.round(100 * shares[kind]) : 0} %`);
      bar.setAttribute("aria-label", shares
        ? `right ${text[0]}, missed ${text[1]}, false on background ${text[2]}, wrong class ${text[3]}`
        : "nothing to count");
      [...bar.children].forEach((part, k) => {
        const share = shares?.[KINDS[k]] ?? 0;
        part.style.flexGrow = share;
        part.textContent = share >= WRITTEN_FROM ? text[k] : "";
      });
    }
  });
}
