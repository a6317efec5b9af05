// The classes of the image, each to be shown or hidden, and the key of the error map.
import { errorKinds } from "./palette.js";

export class ClassChips {
  #root;
  #names;
  #onChange;
  #entries = [];

  /** @param {string[]} hide names of hidden classes; @param {(hide: string[]) => void} onChange */
  constructor(root, hide, onChange) {
    this.#root = root;
    this.#names = new Set(hide);
    this.#onChange = onChange;
  }

  /** Hidden labels of this image. */
  get hidden() { return new Set(this.#entries.filter(entry => this.#names.has(entry.name)).map(entry => entry.label)); }

  /** @param {{label: number, name: string, colour: string}[]} entries */
  show(entries) {
    this.#entries = entries;
    this.#root.replaceChildren(...entries.map(entry => this.#chip(entry)));
  }

  #chip({ name, colour }) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.append(swatch(colour), name);
    chip.setAttribute("aria-pressed", String(!this.#names.has(name)));
    chip.title = "Show or hide this class";
    chip.addEventListener("click", () => {
      if (!this.#names.delete(name)) this.#names.add(name);
      chip.setAttribute("aria-pressed", String(!this.#names.has(name)));
      this.#onChange([...this.#names]);
    });
    return chip;
  }
}

/** What the colours of a mode mean, where they are not those of the classes. */
export function writeKey(root, mode, { hasTruth, hasIgnored }) {
  const text = {
    heat: "Brighter is more certain; label maps stay as they are.",
    disagreement: "Labels where the sources differ; in shadow where all agree.",
  }[mode];
  if (mode === "labels" && hasIgnored) return root.replaceChildren(keyEntry("ignore", "no label: training ignores it"));
  if (mode !== "errors") return root.replaceChildren(text ?? "");
  if (!hasTruth) return root.replaceChildren("This image has no ground truth to err against.");
  root.replaceChildren(...Object.entries(errorKinds).map(([kind, { name }]) => keyEntry(kind, name)));
}

function keyEntry(kind, text) {
  const entry = document.createElement("span");
  entry.className = "entry";
  entry.append(swatch(`rgb(${errorKinds[kind].colour.join(" ")})`, kind), text);
  return entry;
}

function swatch(colour, kind = "") {
  const square = document.createElement("span");
  square.className = `swatch ${kind}`;
  square.style.setProperty("--colour", colour);
  return square;
}
