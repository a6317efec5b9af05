// The page's address: the visitor's choices, so that a copied link shows the same. Blazor reads it once; both sides write it here.
import { writeChoices } from "/js/address.js";

export { pushChoicesOf, writeChoicesOf } from "/js/address.js";

export const MODES = ["labels", "heat", "errors", "disagreement"];

/** How the panes are drawn. */
export function readDrawing() {
  const query = new URLSearchParams(location.search);
  const number = (name, least, most, usual) => {
    const value = query.has(name) ? Number(query.get(name)) : NaN;
    return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : usual;
  };
  return {
    mode: MODES.includes(query.get("mode")) ? query.get("mode") : "labels",
    opacity: number("opacity", 0, 100, 60),
    contours: query.get("contours") !== "0",
    swipe: query.has("swipe"),
    solo: query.has("solo") ? number("solo", 0, 3, 0) : null,
    left: number("left", 0, 3, 0),
    right: number("right", 0, 3, 1),
    divider: number("divider", 0, 100, 50),
    columns: query.has("columns") ? number("columns", 1, 4, null) : null,
    tied: query.has("tied"),
    zoom: query.get("zoom"),
    hide: query.getAll("hide"),
    select: query.get("select"),
  };
}

/** What of it stands in the address, for the choices of these names. */
export function choicesOf(drawing, names) {
  return Object.fromEntries(names.map(name => [name, name === "contours" ? (drawing.contours ? null : 0) : drawing[name]]));
}

const usual = { mode: "labels", opacity: 60, left: 0, right: 1, divider: 50 };

/** Of the browser's history; Blazor numbers the visits. */
const currentVisit = () => `${location.pathname} ${history.state?._index ?? 0}`;

/** A chain of small changes is written to the address once; what is usual leaves it. */
export class AddressWriter {
  static #PACE = 250;

  #visit = currentVisit();
  #changes = {};
  #timer = 0;

  later(changes) {
    Object.assign(this.#changes, changes);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // The browser is at the next page before the server takes this one away.
      if (currentVisit() === this.#visit) writeChoices(this.#changes, usual);
      this.#changes = {};
    }, AddressWriter.#PACE);
  }

  /** What has not been written stays so: the page is being left. */
  stop() {
    clearTimeout(this.#timer);
  }
}

export function scrollTo(element) {
  element.scrollIntoView({ block: "nearest" });
}
