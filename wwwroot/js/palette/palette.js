// The command palette: everything in it but the search for runs is in the browser already.
import { matching } from "./matching.js";
import { recentRuns, rememberRuns } from "./recent-runs.js";
import { isTyping, writeKeys } from "./keys.js";
import { reveal } from "../form/reveal.js";

/** Milliseconds without a key before runs are searched for. */
const PAUSE = 120;
const MOST_RUNS = 8;
const MOST_OPTIONS = 8;

export function init(root) {
  return new Palette(root);
}

class Palette {
  #root;
  #dialog;
  #keys;
  #query;
  #list;
  #places;
  #shown = [];
  #runs = [];
  #selected = 0;
  #searching = null;
  #isSearching = false;
  #timer = 0;
  #options = [];
  #loading = null;
  #ends = [];

  constructor(root) {
    this.#root = root;
    const part = name => root.querySelector(`[data-part=${name}]`);
    [this.#dialog, this.#keys, this.#query, this.#list] = [part("palette"), part("keys"), part("query"), part("list")];
    this.#places = JSON.parse(root.dataset.places);
    this.#on(root.querySelector("[data-control=open]"), "click", () => this.#open());
    this.#on(document, "keydown", event => this.#onDocumentKey(event));
    this.#on(this.#query, "input", () => this.#onInput());
    this.#on(this.#query, "keydown", event => this.#onKey(event));
    this.#on(this.#list, "click", event => this.#choose(event.target.closest("[role=option]")?.dataset.index));
    for (const dialog of [this.#dialog, this.#keys])
      this.#on(dialog, "click", event => event.target === dialog && dialog.close());
    this.#ends.push(rememberRuns());
    root.inert = false;
    if (window.paletteIsWanted) this.#open();
    window.paletteIsWanted = false;
  }

  dispose() {
    this.#ends.forEach(end => end());
    this.#endSearch();
  }

  #on(target, type, action) {
    target.addEventListener(type, action);
    this.#ends.push(() => target.removeEventListener(type, action));
  }

  #onDocumentKey(event) {
    if (event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (this.#dialog.open) this.#dialog.close();
      else this.#open();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && !document.querySelector("dialog[open]")) {
      if (event.key === "?") {
        event.preventDefault();
        this.#showKeys();
      } else if (event.key === "/" && document.querySelector("main input[type=search]")) {
        event.preventDefault();
        document.querySelector("main input[type=search]").focus();
      }
    }
  }

  #open() {
    this.#query.value = "";
    this.#endSearch();
    this.#runs = [];
    this.#dialog.showModal();
    this.#draw();
    this.#loading ??= this.#loadOptions();
  }

  #showKeys() {
    writeKeys(this.#root.querySelector("[data-part=key-list]"));
    this.#keys.showModal();
  }

  #onInput() {
    this.#endSearch();
    this.#isSearching = this.#query.value.trim() !== "";
    this.#draw();
    if (this.#isSearching) this.#timer = setTimeout(() => this.#search(), PAUSE);
  }

  #endSearch() {
    clearTimeout(this.#timer);
    this.#searching?.abort();
    this.#isSearching = false;
  }

  async #search() {
    this.#endSearch();
    this.#isSearching = true;
    const searching = (this.#searching = new AbortController());
    const text = this.#query.value.trim();
    let runs = [];
    try {
      const answer = await fetch(`/api/runs?limit=${MOST_RUNS}&q=${encodeURIComponent(text)}`, { signal: searching.signal });
      if (answer.ok) runs = (await answer.json()).map(runPlace);
    } catch {
      // The server is away: what the browser knows is still found.
    }
    // Overtaken by the next search.
    if (searching.signal.aborted) return;
    this.#runs = runs;
    this.#isSearching = false;
    this.#draw();
  }

  /** Once a page: options of all methods, each a place of the form. */
  async #loadOptions() {
    try {
      const answer = await fetch("/api/methods");
      if (!answer.ok) return;
      this.#options = (await answer.json()).flatMap(method => method.options.map(option => ({
        kind: "Option",
        title: wordsOf(option.name),
        detail: `${method.title}${option.description ? `: ${option.description}` : ""}`,
        href: `/new?method=${method.name}`,
        option: option.name,
      })));
      this.#draw();
    } catch {
      // The next time that it is opened.
      this.#loading = null;
    }
  }

  #draw() {
    const text = this.#query.value.trim();
    const recent = recentRuns().map(run => ({ kind: "Recent", title: run.title, detail: run.id, href: `/runs/${encodeURIComponent(run.id)}` }));
    const actions = [...document.querySelectorAll("[data-command]")].filter(element => !element.disabled)
      .map(element => ({ kind: "Action", title: element.dataset.command, act: () => element.click() }));
    const own = [
      ...actions,
      { kind: "Action", title: "Switch between light and dark", act: () => document.querySelector("[data-toggle-theme]").click() },
      { kind: "Action", title: "Show the keys", act: () => this.#showKeys() },
    ];
    const found = this.#runs.map(run => run.href);
    this.#shown = text
      ? [...matching(recent.filter(run => !found.includes(run.href)), text), ...this.#runs, ...matching([...this.#places, ...own], text),
        ...matching(this.#options, text).slice(0, MOST_OPTIONS)]
      : [...recent, ...actions, ...this.#places];
    this.#list.replaceChildren(...this.#shown.map((place, i) => optionOf(place, i)));
    this.#root.querySelector("[data-part=nothing]").hidden = this.#shown.length > 0;
    this.#select(0);
  }

  #select(index) {
    this.#selected = Math.max(0, Math.min(index, this.#shown.length - 1));
    [...this.#list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.#selected)));
    const option = this.#list.children[this.#selected];
    this.#query.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  #onKey(event) {
    const moves = { ArrowDown: this.#selected + 1, ArrowUp: this.#selected - 1, PageDown: this.#selected + 8, PageUp: this.#selected - 8 };
    if (event.key in moves) this.#select(moves[event.key]);
    else if (event.key === "Enter") this.#chooseFound();
    else if (event.key === "?" && !this.#query.value) {
      this.#dialog.close();
      this.#showKeys();
    } else return;
    event.preventDefault();
  }

  /** Enter may come before the answers: until then the list holds runs that were found for less of the text, and no options. */
  async #chooseFound() {
    const text = this.#query.value;
    if (text.trim() && this.#selected === 0) await Promise.all([this.#loading, this.#isSearching ? this.#search() : null]);
    if (this.#dialog.open && this.#query.value === text) this.#choose(this.#selected);
  }

  async #choose(index) {
    const place = this.#shown[index];
    if (!place) return;
    this.#dialog.close();
    if (place.act) return place.act();
    Blazor.navigateTo(place.href);
    if (place.option) await revealWhenThere(place.option);
  }
}

function runPlace(run) {
  const miou = run.miou === undefined ? "" : ` · mIoU ${(100 * run.miou).toFixed(2)}`;
  return { kind: "Run", title: run.title, detail: `${run.state}${miou} · ${run.id}`, href: `/runs/${encodeURIComponent(run.id)}` };
}

function optionOf(place, index) {
  const option = Object.assign(document.createElement("li"), { id: `palette-${index}` });
  option.setAttribute("role", "option");
  option.dataset.index = index;
  for (const [name, text] of [["kind", place.kind], ["title", place.title], ["detail", place.detail ?? ""]])
    option.append(Object.assign(document.createElement("span"), { className: name, textContent: text }));
  return option;
}

/** "learningRate" is found as "learning rate". */
function wordsOf(name) {
  return name.replace(/(?<=[a-z])[A-Z](?=[a-z])/g, letter => ` ${letter.toLowerCase()}`).replace(/^./, letter => letter.toUpperCase());
}

/** The form comes from the server. */
async function revealWhenThere(option) {
  for (let tries = 0; tries < 50 && !document.getElementById(`option-${option}`); tries++) await new Promise(resolve => setTimeout(resolve, 100));
  reveal(option);
}
