// The bell: how many of the ended runs are new to this browser, and notifications of the browser's own for whoever asked for them.

const SEEN = "notices-seen";
const CHOICE = "notices-of-browser";

export function init(root) {
  return new Bell(root);
}

class Bell {
  #root;
  #choice;
  #ends = [];

  constructor(root) {
    this.#root = root;
    this.#choice = root.querySelector("[data-control=browser]");
    this.#choice.value = allowed() ? localStorage.getItem(CHOICE) ?? "" : "";
    this.#on(root, "toggle", () => root.open && this.#see());
    this.#on(this.#choice, "change", () => this.#choose(this.#choice.value));
    this.#on(document, "click", event => root.open && (!root.contains(event.target) || event.target.closest("a")) && (root.open = false));
    this.#on(document, "keydown", event => event.key === "Escape" && (root.open = false));
    // What was there before this browser came for the first time is no news to it.
    if (localStorage.getItem(SEEN) === null) this.#see();
    this.count();
    this.#choice.parentElement.inert = false;
  }

  /** Of the ended runs, in milliseconds since 1970. */
  get #times() { return this.#root.dataset.times.split(" ").filter(Boolean).map(Number); }

  count() {
    if (this.#root.open) return this.#see();
    const seen = Number(localStorage.getItem(SEEN));
    const news = this.#times.filter(time => time > seen).length;
    const badge = this.#root.querySelector("[data-part=badge]");
    badge.textContent = news;
    badge.hidden = news === 0;
  }

  /** A window that is looked at needs no notification beside the notice in it. */
  tell(title, body, href, queueIsEmpty) {
    const choice = localStorage.getItem(CHOICE);
    if (!choice || !allowed() || document.visibilityState === "visible" || (choice === "queue" && !queueIsEmpty)) return;
    const notification = new Notification(title, { body, tag: href });
    notification.addEventListener("click", () => {
      window.focus();
      Blazor.navigateTo(href);
      notification.close();
    });
  }

  dispose() {
    this.#ends.forEach(end => end());
  }

  async #choose(value) {
    const refused = this.#root.querySelector("[data-part=refused]");
    if (value && "Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    refused.hidden = !value || allowed();
    this.#choice.value = allowed() ? value : "";
    localStorage.setItem(CHOICE, this.#choice.value);
  }

  #see() {
    localStorage.setItem(SEEN, String(Math.max(0, ...this.#times)));
    this.#root.querySelector("[data-part=badge]").hidden = true;
  }

  #on(target, type, action) {
    target.addEventListener(type, action);
    this.#ends.push(() => target.removeEventListener(type, action));
  }
}

function allowed() {
  return "Notification" in window && Notification.permission === "granted";
}
