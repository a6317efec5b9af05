// The layout of the list: the edges of its columns are dragged here, and this browser remembers columns and folded groups. The server learns of an
// edge when it is let go.

const COLUMNS = "columns-of-runs";
const FOLDED = "folded-groups-of-runs";
const STEP = 8;

/**
 * @param page the component: Resize(column, width or null), Recall(choices), RecallFolded(keys)
 * @param {boolean} isUsual the address says nothing of columns
 * @param {boolean} isUnfolded it says nothing of folded groups
 */
export function init(root, page, isUsual, isUnfolded) {
  return new Layout(root, page, isUsual, isUnfolded);
}

class Layout {
  #root;
  #page;
  #stop = new AbortController();

  constructor(root, page, isUsual, isUnfolded) {
    this.#root = root;
    this.#page = page;
    const on = (type, handler) => root.addEventListener(type, event => edgeOf(event) && handler(event, edgeOf(event)), { signal: this.#stop.signal });
    on("pointerdown", (event, edge) => this.#drag(event, edge));
    on("keydown", (event, edge) => this.#onKey(event, edge));
    on("dblclick", (_, edge) => this.#resize(edge, null));
    this.update(isUsual, isUnfolded);
  }

  /** Another address: one that says nothing of columns gets those of the last time, and so with folded groups. */
  update(isUsual, isUnfolded) {
    const known = isUsual && read(COLUMNS);
    if (known) this.#page.invokeMethodAsync("Recall", known.hide ?? null, known.widths ?? null, known.pin ?? null);
    const folded = isUnfolded && read(FOLDED);
    if (Array.isArray(folded)) this.#page.invokeMethodAsync("RecallFolded", folded.filter(key => typeof key === "string"));
  }

  /** @param choices hide, widths and pin as the address has them; null: the usual ones */
  remember(choices) { write(COLUMNS, choices); }

  /** @param {string[] | null} keys of the groups that are folded; null: none */
  rememberFolded(keys) { write(FOLDED, keys); }

  dispose() {
    this.#stop.abort();
  }

  #drag(event, edge) {
    event.preventDefault();
    edge.focus();
    edge.setPointerCapture(event.pointerId);
    const start = event.clientX, width = edge.parentElement.offsetWidth;
    let last = null;
    const move = moved => this.#show(edge, (last = width + moved.clientX - start));
    const end = () => {
      edge.removeEventListener("pointermove", move);
      if (last !== null) this.#resize(edge, last);
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("lostpointercapture", end, { once: true });
  }

  #onKey(event, edge) {
    const width = edge.parentElement.offsetWidth;
    if (event.key === "ArrowLeft") this.#resize(edge, width - STEP);
    else if (event.key === "ArrowRight") this.#resize(edge, width + STEP);
    else if (event.key === "Home") this.#resize(edge, null);
    else return;
    event.preventDefault();
  }

  #resize(edge, width) {
    if (width !== null) width = this.#show(edge, width);
    this.#page.invokeMethodAsync("Resize", edge.dataset.column, width);
  }

  /** At once; the same as the server writes when it has been told. */
  #show(edge, width) {
    const column = edge.dataset.column;
    const kept = Math.round(Math.min(Number(edge.ariaValueMax), Math.max(Number(edge.ariaValueMin), width)));
    this.#root.style.setProperty(`--width-${column}`, `${kept}px`);
    if (column === "name") {
      this.#root.style.setProperty("--name-column", "var(--width-name)");
      this.#root.style.setProperty("--last-column", "auto");
    }
    return kept;
  }
}

const edgeOf = event => event.target.closest?.("[role=separator][data-column]");

function write(key, choices) {
  if (choices) localStorage.setItem(key, JSON.stringify(choices));
  else localStorage.removeItem(key);
}

function read(key) {
  try {
    const choices = JSON.parse(localStorage.getItem(key));
    return choices && typeof choices === "object" ? choices : null;
  } catch {
    return null;
  }
}
