// Follows worker.log: asks for the bytes after those it has, once a second while the run goes on.

const MAX_LINES = 500;
const PACE = 1000;

export function init(root, run) {
  return new WorkerLog(root, run);
}

class WorkerLog {
  #root;
  #run;
  #offset = null;
  #text = "";
  #paused = false;
  #timer = 0;
  #live = false;
  #disposed = false;
  #pending = Promise.resolve();

  constructor(root, run) {
    this.#root = root;
    this.#run = run;
    const button = name => root.querySelector(`[data-control=${name}]`);
    button("pause").addEventListener("click", event => {
      this.#paused = !this.#paused;
      event.target.setAttribute("aria-pressed", String(this.#paused));
      event.target.textContent = this.#paused ? "Go on" : "Pause";
      this.#write();
    });
    button("copy").addEventListener("click", async event => {
      await window.copyText(this.#text);
      event.target.textContent = "Copied";
      setTimeout(() => (event.target.textContent = "Copy"), 1500);
    });
    root.inert = false;
  }

  /** @param {boolean} live more may come; when the run has just ended, what is left is fetched once */
  update(live) {
    this.#live = live;
    this.#root.querySelector("[data-control=pause]").hidden = !live;
    this.#next();
  }

  dispose() {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  /** After the request that is under way: at the same offset it would bring the same piece again. */
  #next() {
    clearTimeout(this.#timer);
    this.#pending = this.#pending.then(() => this.#fetch());
  }

  async #fetch() {
    if (this.#disposed) return;
    try {
      const query = this.#offset === null ? "" : `?offset=${this.#offset}`;
      const answer = await fetch(`/api/runs/${encodeURIComponent(this.#run)}/log/piece${query}`);
      if (!answer.ok) throw new Error(String(answer.status));
      this.#append(await answer.json());
    } catch (error) {
      this.#note(`The log could not be loaded (${error.message}).`);
    }
    clearTimeout(this.#timer);
    if (this.#live && !this.#disposed) this.#timer = setTimeout(() => this.#next(), PACE);
  }

  #append({ offset, text, skipped }) {
    this.#offset = offset;
    const lines = (this.#text + text).split("\n");
    this.#note(skipped || lines.length > MAX_LINES ? `the last ${MAX_LINES} lines; Export has all` : "");
    this.#text = lines.slice(-MAX_LINES - 1).join("\n");
    this.#write();
  }

  #write() {
    if (this.#paused) return;
    const place = this.#root.querySelector("[data-part=text]");
    const atEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - 24;
    const text = this.#text || (this.#live ? "Nothing yet." : "It has printed nothing.");
    if (place.textContent === text) return;
    place.textContent = text;
    // A person who has scrolled up keeps the place.
    if (atEnd) place.scrollTop = place.scrollHeight;
  }

  #note(text) {
    this.#root.querySelector("[data-part=note]").textContent = text;
  }
}
