// Pictures of a fixed set of images, epoch by epoch, under one slider.
import { selectStep } from "/js/live/selected-step.js";
import { readView, writeView } from "/js/live/view.js";

const PLAY_INTERVAL = 700;
const KINDS = ["image", "truth", "cam", "mask"];
const NAMES = { image: "Image", truth: "Truth", mask: "Mask" };

export function init(root) {
  return new Timeline(root);
}

/** A mask that lets its image through. */
function lay(mask, image) {
  mask.style.backgroundImage = image ? `url("${new URL(image.url, document.baseURI)}")` : "";
}

class Timeline {
  #root;
  #snapshots = [];
  #index = -1;
  #follow = true;
  #wantedEpoch;
  #timer = 0;
  #page = location.pathname;
  #pictures = new Map();

  constructor(root) {
    this.#root = root;
    const view = readView();
    this.#wantedEpoch = view.epoch;
    this.#follow = view.epoch === null;
    this.#bindControls(view);
    root.inert = false;
  }

  /** @param {number} kept how many snapshots stay; the given ones follow them */
  update(kept, snapshots) {
    this.#snapshots.splice(kept, Infinity, ...snapshots);
    const last = this.#snapshots.length - 1;
    if (this.#follow) return this.#show(last);
    const wanted = this.#wantedEpoch === null ? this.#index : this.#indexOfEpoch(this.#wantedEpoch);
    this.#show(Math.min(last, Math.max(0, wanted)));
  }

  dispose() {
    clearInterval(this.#timer);
    selectStep(null);
  }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #bindControls(view) {
    const rows = this.#root.querySelector("[data-part=rows]");
    const resize = size => rows.style.setProperty("--panel", `${size}px`);
    resize(view.size);
    this.#control("size").value = view.size;
    this.#control("size").addEventListener("input", event => {
      resize(event.target.value);
      writeView({ size: Number(event.target.value) });
    });
    this.#control("slider").addEventListener("input", event => this.#choose(Number(event.target.value)));
    this.#control("epoch").addEventListener("change", event => this.#choose(this.#indexOfEpoch(Number(event.target.value))));
    this.#control("follow").checked = this.#follow;
    this.#control("follow").addEventListener("change", event => (event.target.checked ? this.#followLatest() : this.#choose(this.#index)));
    this.#control("play").addEventListener("click", () => this.#togglePlay());
    this.#root.addEventListener("keydown", event => {
      const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!move || event.target.matches("input")) return;
      event.preventDefault();
      this.#choose(this.#index + move);
    });
  }

  /** The snapshot of an epoch, or the last one before it. */
  #indexOfEpoch(epoch) {
    return this.#snapshots.findLastIndex(snapshot => snapshot.epoch <= epoch);
  }

  /** A person's choice: from now on new snapshots do not move the slider. */
  #choose(index) {
    if (!this.#snapshots.length) return;
    this.#follow = this.#control("follow").checked = false;
    this.#show(Math.min(this.#snapshots.length - 1, Math.max(0, index)));
    this.#wantedEpoch = this.#snapshots[this.#index].epoch;
    writeView({ epoch: this.#wantedEpoch });
  }

  #followLatest() {
    this.#follow = true;
    this.#wantedEpoch = null;
    writeView({ epoch: null });
    this.#show(this.#snapshots.length - 1);
  }

  #togglePlay() {
    const playing = this.#timer !== 0;
    clearInterval(this.#timer);
    this.#timer = 0;
    if (!playing) {
      const atEnd = this.#index >= this.#snapshots.length - 1;
      this.#choose(atEnd ? 0 : this.#index);
      this.#timer = setInterval(() => {
        // The browser is at the next page before the server takes this one away.
        if (location.pathname !== this.#page) return;
        this.#choose(this.#index + 1);
        if (this.#index >= this.#snapshots.length - 1) this.#togglePlay();
      }, PLAY_INTERVAL);
    }
    this.#control("play").setAttribute("aria-pressed", String(this.#timer !== 0));
    this.#control("play").textContent = this.#timer ? "Stop" : "Play";
  }

  #show(index) {
    this.#index = index;
    const slider = this.#control("slider");
    slider.max = Math.max(0, this.#snapshots.length - 1);
    slider.value = Math.max(0, index);
    const snapshot = this.#snapshots[index];
    this.#control("epoch").value = snapshot?.epoch ?? "";
    this.#control("step").textContent = snapshot ? `step ${snapshot.step.toLocaleString("en")}` : "";
    slider.setAttribute("aria-valuetext", snapshot ? `epoch ${snapshot.epoch}` : "none");
    this.#showPictures(this.#panelsAt(index));
    for (const link of this.#root.querySelectorAll("[data-part=gif]")) link.hidden = this.#snapshots.length < 2;
    selectStep(snapshot?.step ?? null);
    // The next picture is there before it is asked for.
    for (const panel of this.#snapshots[index + 1]?.panels ?? []) new Image().src = panel.url;
  }

  /** The newest panel of each kind up to a snapshot: image and truth may be given once only. */
  #panelsAt(index) {
    const panels = new Map();
    for (const snapshot of this.#snapshots.slice(0, index + 1))
      for (const panel of snapshot.panels) panels.set(`${panel.image}\n${panel.kind}\n${panel.class ?? ""}`, { ...panel, epoch: snapshot.epoch });
    return panels;
  }

  #showPictures(panels) {
    for (const [key, picture] of this.#pictures)
      if (!panels.has(key)) {
        const row = picture.parentElement;
        picture.remove();
        this.#pictures.delete(key);
        if (!row.childElementCount) row.parentElement.remove();
      }
    for (const [key, panel] of panels) {
      let picture = this.#pictures.get(key);
      if (!picture) this.#pictures.set(key, (picture = this.#addPicture(panel)));
      const image = picture.querySelector("img");
      if (image.getAttribute("src") !== panel.url) image.setAttribute("src", panel.url);
      picture.dataset.epoch = panel.epoch;
      if (panel.url.endsWith("?overlay=true")) lay(image, panels.get(`${panel.image}\nimage\n`));
    }
  }

  #addPicture(panel) {
    const name = NAMES[panel.kind] ?? panel.class ?? panel.kind;
    const picture = document.createElement("figure");
    picture.dataset.kind = panel.kind;
    picture.dataset.order = KINDS.indexOf(panel.kind);
    const image = Object.assign(document.createElement("img"), { alt: `${name} of ${panel.image}`, loading: "lazy", decoding: "async" });
    image.addEventListener("error", () => picture.classList.add("is-missing"));
    image.addEventListener("load", () => picture.classList.remove("is-missing"));
    const caption = Object.assign(document.createElement("figcaption"), { textContent: name });
    picture.append(image, caption);
    const row = this.#rowOf(panel.image);
    const after = [...row.children].find(other => Number(other.dataset.order) > Number(picture.dataset.order));
    row.insertBefore(picture, after ?? null);
    return picture;
  }

  #rowOf(image) {
    const rows = this.#root.querySelector("[data-part=rows]");
    const known = [...rows.children].find(row => row.dataset.image === image);
    if (known) return known.querySelector(".pictures");
    const row = document.createElement("div");
    row.className = "row";
    row.dataset.image = image;
    const title = Object.assign(document.createElement("h3"), { textContent: image });
    const gif = Object.assign(document.createElement("a"), { textContent: "Save as GIF", download: "", hidden: true });
    gif.dataset.part = "gif";
    gif.setAttribute("href", `api/runs/${encodeURIComponent(this.#root.dataset.run)}/timeline.gif?image=${encodeURIComponent(image)}`);
    gif.setAttribute("aria-label", `Save as GIF: the epochs of ${image}`);
    const pictures = Object.assign(document.createElement("div"), { className: "pictures fading", tabIndex: 0 });
    pictures.setAttribute("role", "group");
    pictures.setAttribute("aria-label", `Pictures of ${image}; left and right arrow change the epoch`);
    row.append(title, gif, pictures);
    rows.append(row);
    return pictures;
  }
}
