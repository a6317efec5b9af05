// Named views of the list, kept in this browser: what the address holds but for the page and the selection.

const KEY = "views-of-runs";
const LEFT_OUT = ["page", "with"];
/** What a view need not say: columns, and folded groups. */
const LAYOUT = [["hide", "widths", "pin"], ["fold"]];

/** @param {string} address of the list as it is shown */
export function init(root, address) {
  return new SavedViews(root, address);
}

class SavedViews {
  #root;
  #query;

  constructor(root, address) {
    this.#root = root;
    this.#query = queryOf(address);
    const form = root.querySelector("[data-part=form]");
    root.querySelector("[data-control=save]").addEventListener("click", () => {
      form.hidden = false;
      form.querySelector("input").focus();
    });
    form.addEventListener("submit", event => {
      event.preventDefault();
      const name = form.querySelector("input").value.trim();
      if (name) write([...read().filter(view => view.name !== name), { name, query: this.#query }]);
      form.hidden = true;
      form.reset();
      this.#draw();
    });
    form.addEventListener("keydown", event => {
      if (event.key === "Escape") form.hidden = true;
    });
    this.#draw();
    root.inert = false;
  }

  update(address) {
    this.#query = queryOf(address);
    this.#draw();
  }

  dispose() {}

  #draw() {
    this.#root.querySelector("[data-part=views]").replaceChildren(...read().flatMap(view => this.#link(view, isShown(view.query, this.#query))));
  }

  #link(view, isOpen) {
    const link = Object.assign(document.createElement("a"), { href: `/${view.query}`, textContent: view.name });
    if (!isOpen) return [link];
    link.setAttribute("aria-current", "true");
    const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "×", title: "Forget this view" });
    remove.setAttribute("aria-label", `Forget the view ${view.name}`);
    remove.addEventListener("click", () => {
      write(read().filter(other => other.name !== view.name));
      this.#draw();
    });
    return [link, remove];
  }
}

/** A view that says nothing of columns is shown with any, and so with folded groups. */
function isShown(view, query) {
  const [own, choices] = [view, query].map(text => new URLSearchParams(text));
  for (const names of LAYOUT.filter(names => !names.some(name => own.has(name)))) names.forEach(name => choices.delete(name));
  return own.toString() === choices.toString();
}

function queryOf(address) {
  const choices = new URL(address, location.href).searchParams;
  for (const name of LEFT_OUT) choices.delete(name);
  choices.sort();
  const text = choices.toString();
  return text ? `?${text}` : "";
}

function read() {
  try {
    const views = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(views) ? views.filter(view => typeof view?.name === "string" && typeof view?.query === "string") : [];
  } catch {
    return [];
  }
}

function write(views) {
  localStorage.setItem(KEY, JSON.stringify(views));
}
