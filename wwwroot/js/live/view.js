// What a person has chosen to see, kept in the page's address: a copied link shows the same.
import { writeChoices } from "/js/address.js";

// On a narrow screen a picture, its truth, a map and the mask stand in one line.
const size = matchMedia("(max-width: 720px)").matches ? 72 : 104;
const defaults = { smooth: 0.6, log: false, clip: false, x: "step", from: null, to: null, hide: [], epoch: null, size };

export function readView() {
  const query = new URLSearchParams(location.search);
  const number = name => (query.has(name) && Number.isFinite(Number(query.get(name))) ? Number(query.get(name)) : defaults[name]);
  return {
    smooth: Math.min(0.99, Math.max(0, number("smooth"))),
    log: query.has("log"),
    clip: query.has("clip"),
    x: ["step", "epoch", "time"].includes(query.get("x")) ? query.get("x") : defaults.x,
    from: number("from"),
    to: number("to"),
    hide: query.getAll("hide"),
    epoch: number("epoch"),
    size: Math.min(320, Math.max(72, number("size"))),
  };
}

/** Writes changed choices; a default leaves the address. */
export function writeView(changes) {
  writeChoices(changes, defaults);
}
