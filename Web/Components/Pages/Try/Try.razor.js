// The Try it page: asks the server for one image's scores, maps and masks, and draws them. Threshold, opacity and classes then move without asking.
import { AddressWriter, readDrawing } from "/js/compare/address.js";
import { ClassChips } from "/js/compare/legend.js";
import { labelColours } from "/js/compare/palette.js";
import { Pane } from "/js/compare/pane.js";
import { reason } from "/js/compare/source.js";
import { Viewport } from "/js/compare/viewport.js";
import { ImageDrop } from "/js/try/image-drop.js";
import { encodeLabels } from "/js/try/indexed-png.js";
import { ScoreBars } from "/js/try/score-bars.js";
import { Segmentation } from "/js/try/segmentation.js";
import { paintMap, paintSimilarity, SimilarityMaps } from "/js/try/similarity-maps.js";

/** As the option's range. */
const LARGEST_FACTOR = 10;

export function init(root, dotnet, mostBytes) {
  return new Trial(root, dotnet, mostBytes);
}

class Trial {
  #root;
  #view;
  #dotnet;
  #mostBytes;
  #upload = null;
  #question = null;
  #asked = null;
  #asking = null;
  #segmentation = null;
  #photo = null;
  /** The person's; null: the preset's own. */
  #factor = null;
  #ownFactor = 1;
  #drawing = readDrawing();
  #chosenMap = null;
  #point = null;
  #overlay = null;
  #frame = 0;
  #stale = false;
  #address = new AddressWriter();
  #ticking = 0;
  #viewport = new Viewport(() => this.#onViewport());
  #pane;
  #chips;
  #bars;
  #maps;
  #drop;
  #observer;

  constructor(root, dotnet, mostBytes) {
    [this.#root, this.#dotnet, this.#mostBytes] = [root, dotnet, mostBytes];
    this.#view = root.querySelector("[data-part=view]");
    const factor = parseFloat(new URLSearchParams(location.search).get("factor"));
    if (Number.isFinite(factor)) this.#factor = Math.min(LARGEST_FACTOR, Math.max(-LARGEST_FACTOR, factor));
    const canvas = this.#part("canvas");
    this.#pane = new Pane(canvas);
    this.#chips = new ClassChips(this.#part("classes"), this.#drawing.hide, hide => this.#choose({ hide }));
    this.#bars = new ScoreBars(this.#part("bars"), this.#control("all-scores"), (value, event) => this.#moveFactor(value, event));
    this.#bars.onList = () => this.#redraw();
    this.#maps = new SimilarityMaps(this.#part("multiples"), this.#control("all-maps"), row => this.#chooseMap(row));
    this.#drop = new ImageDrop(root, file => this.#receive(file));
    this.#viewport.restore(this.#drawing.zoom);
    this.#viewport.bind(canvas, () => this.#segmentation?.size ?? null, point => {
      this.#point = point && point.x >= 0 && point.y >= 0 && point.x < point.width && point.y < point.height ? point : null;
      this.#schedule();
    });
    this.#observer = new ResizeObserver(() => this.#schedule());
    this.#observer.observe(canvas);
    this.#bindControls();
  }

  /**
   * Blazor: what is asked has changed.
   * @param {{dataset, split, image, upload, classes, options: string}} question upload: name of the file that was received; null where an image is picked
   * @param choices for the address
   */
  ask(question, choices) {
    this.#address.later(choices);
    this.#put(question);
  }

  dispose() {
    cancelAnimationFrame(this.#frame);
    this.#address.stop();
    clearInterval(this.#ticking);
    this.#asking?.abort();
    this.#observer.disconnect();
    this.#viewport.dispose();
    this.#drop.dispose();
  }

  #put(question) {
    const isPicked = this.#question && (question.image ?? question.upload) !== (this.#question.image ?? this.#question.upload);
    this.#question = question;
    this.#ownFactor = JSON.parse(question.options).thresholdFactor;
    if (!question.image && !question.upload) {
      this.#asking?.abort();
      this.#asked = null;
      delete this.#view.dataset.result;
      return this.#setState("empty");
    }
    const key = JSON.stringify([question, question.upload && [this.#upload.size, this.#upload.lastModified]]);
    if (key !== this.#asked) this.#send(key);
    if (isPicked) this.#reveal();
  }

  /** On a narrow screen the masks stand below what was touched. */
  #reveal() {
    if (this.#view.getBoundingClientRect().top > 0.7 * innerHeight)
      this.#view.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  #part(name) { return this.#root.querySelector(`[data-part=${name}]`); }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #setState(state) { this.#view.dataset.state = state; }

  #bindControls() {
    const opacity = this.#control("opacity");
    opacity.value = this.#drawing.opacity;
    opacity.addEventListener("input", () => this.#choose({ opacity: Number(opacity.value) }));
    this.#control("factor").addEventListener("input", event => this.#moveFactor(Number(event.target.value), event));
    this.#control("own").addEventListener("click", () => this.#moveFactor(null));
    this.#control("cancel").addEventListener("click", () => this.#cancel());
    this.#control("again").addEventListener("click", () => this.#question && this.#put(this.#question));
    this.#control("masks").addEventListener("click", () => this.#chooseMap(null));
    this.#control("reset").addEventListener("click", () => this.#viewport.reset());
    this.#control("download").addEventListener("click", () => this.#download());
    // A line end is a separator like the comma: Enter asks instead. The field may be rendered later.
    this.#root.addEventListener("keydown", event => {
      if (event.key !== "Enter" || event.shiftKey || !event.target.matches("[data-control=classes]")) return;
      event.preventDefault();
      event.target.blur();
    });
  }

  #receive(file) {
    if (file.size > this.#mostBytes)
      return this.#fail(`${file.name} has ${(Math.ceil((10 * file.size) / 2 ** 20) / 10).toFixed(1)} MB; the limit is ${this.#mostBytes / 2 ** 20} MB. Scale it down or save it with more compression.`);
    this.#upload = file;
    // The same file may be given again.
    this.#asked = null;
    // Until the names are there, which may be those of a data set that is still being made.
    this.#startClock("Waiting for the class names …");
    this.#dotnet.invokeMethodAsync("UploadedAsync", file.name);
  }

  async #send(key) {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.#asked = key;
    this.#startClock(this.#segmentation ? "Working …" : "Working … the first time, the model is loaded and the names are read.");
    const { dataset, split, image, classes } = this.#question;
    const options = { ...JSON.parse(this.#question.options), thresholdFactor: this.#factor ?? this.#ownFactor };
    const form = new FormData(), name = image ?? this.#upload.name;
    if (image) for (const [field, value] of Object.entries({ dataset, split, id: image })) form.append(field, value);
    else form.append("image", this.#upload);
    form.append("classes", classes);
    form.append("options", JSON.stringify(options));
    try {
      const answer = await fetch("/api/segment", { method: "POST", body: form, signal: asking.signal });
      // A refusal stays one until something else is asked.
      if (!answer.ok && answer.status < 500) return this.#refuse(await reason(answer), asking);
      if (!answer.ok) throw new Error(await reason(answer));
      const segmentation = new Segmentation(await answer.json(), options.bestAlways);
      const photo = await createImageBitmap(new Blob([segmentation.preview], { type: "image/jpeg" }));
      if (asking.signal.aborted) return;
      this.#show(name, segmentation, photo);
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#asked = null;
      this.#fail(error instanceof TypeError ? "The dashboard cannot be reached, or the file cannot be read any more. Choose it again, or try again." : error.message, true);
    } finally {
      if (this.#asking === asking) {
        clearInterval(this.#ticking);
        this.#asking = null;
      }
    }
  }

  #startClock(work) {
    const started = performance.now(), seconds = this.#part("seconds");
    clearInterval(this.#ticking);
    seconds.textContent = "";
    this.#part("work").textContent = work;
    this.#ticking = setInterval(() => (seconds.textContent = `${((performance.now() - started) / 1000).toFixed(0)} s`), 500);
    this.#setState("working");
  }

  #cancel() {
    this.#asking?.abort();
    this.#asked = null;
    clearInterval(this.#ticking);
    this.#setState(this.#segmentation && "result" in this.#view.dataset ? "shown" : "failed");
    this.#part("message").textContent = "Cancelled.";
    this.#control("again").hidden = !this.#question;
  }

  #refuse(message, asking) {
    if (asking.signal.aborted) return;
    this.#asked = null;
    this.#fail(message);
  }

  /** @param {boolean} again whether the same question may be answered another time */
  #fail(message, again = false) {
    this.#part("message").textContent = message;
    this.#control("again").hidden = !again;
    this.#setState("failed");
  }

  #show(name, segmentation, photo) {
    [this.#segmentation, this.#photo] = [segmentation, photo];
    const { size, seen } = segmentation, total = segmentation.seconds + segmentation.preparationSeconds;
    this.#part("title").textContent = name;
    this.#part("left-out").textContent = segmentation.leftOut.length === 0 ? "" : `Too long for the model, and left out: ${
      segmentation.leftOut.map(({ word, count, of }) => `${count} of ${of} templates with “${word}”`).join(", ")}.`;
    this.#part("facts").textContent = `${size.width} × ${size.height} px, seen at ${seen.width} × ${seen.height} · ${segmentation.model} · ${total.toFixed(2)} s`;
    this.#view.style.setProperty("--shape", Math.min(8, Math.max(1 / 8, size.width / size.height)));
    this.#view.dataset.result = "";
    this.#setState("shown");
    this.#chips.show(segmentation.candidates.map(({ row, label }) => ({ label, name: segmentation.names[row], colour: segmentation.colours[row] })));
    this.#chosenMap = null;
    this.#bars.show(segmentation);
    const [lowest, highest] = this.#bars.ends;
    this.#part("lowest").textContent = lowest.toFixed(3);
    this.#part("highest").textContent = highest.toFixed(3);
    this.#maps.show(segmentation, photo);
    this.#redraw();
  }

  /** @param {number | null} factor null: the preset's own */
  #moveFactor(factor) {
    this.#factor = factor === null ? null : Math.round(100 * Math.min(LARGEST_FACTOR, Math.max(-LARGEST_FACTOR, factor))) / 100;
    if (this.#factor === this.#ownFactor) this.#factor = null;
    this.#address.later({ factor: this.#factor });
    this.#redraw();
  }

  #chooseMap(row) {
    this.#chosenMap = row;
    this.#redraw();
  }

  #choose(changes) {
    Object.assign(this.#drawing, changes);
    this.#address.later(changes);
    this.#redraw();
  }

  #onViewport() {
    this.#view.dataset.zoomed = !this.#viewport.isWhole;
    this.#control("reset").hidden = this.#viewport.isWhole;
    this.#address.later({ zoom: this.#viewport.text });
    this.#schedule();
  }

  /** Everything that depends on the threshold and the choices, in the next frame. */
  #redraw() {
    this.#stale = true;
    this.#schedule();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#segmentation) return;
      if (this.#stale) this.#compose();
      this.#stale = false;
      this.#draw();
    });
  }

  #compose() {
    const segmentation = this.#segmentation, factor = this.#factor ?? this.#ownFactor;
    const selected = segmentation.select(factor), threshold = segmentation.threshold(factor);
    this.labels = segmentation.compose(selected);
    this.#bars.update(threshold, selected);
    this.#writeRule(factor, threshold, selected);
    this.#maps.choose(this.#chosenMap);
    const candidate = segmentation.candidates.find(({ row }) => row === this.#chosenMap);
    this.#overlay = candidate ? paintMap(segmentation, candidate) : this.#chosenMap !== null ? paintSimilarity(segmentation, this.#chosenMap) : this.#paintLabels();
    this.#control("masks").hidden = this.#chosenMap === null;
    this.#part("none").hidden = selected.length > 0;
  }

  #writeRule(factor, threshold, selected) {
    const { topCount, mean, deviation, scores, names } = this.#segmentation;
    const slider = this.#control("factor"), end = Math.max(3, Math.ceil(Math.abs(factor)));
    [slider.min, slider.max] = [-end, end];
    slider.value = factor;
    slider.setAttribute("aria-valuetext", `${factor.toFixed(2)}: ${selected.length ? selected.map(({ row }) => names[row]).join(", ") : "no class"}`);
    this.#part("factor").textContent = factor.toFixed(2);
    this.#part("own").textContent = this.#ownFactor;
    this.#control("own").disabled = this.#factor === null;
    const { candidates } = this.#segmentation, reach = candidates.filter(({ score }) => score >= threshold).length;
    this.#part("rule").textContent = `Threshold ${threshold.toFixed(4)} = mean ${mean.toFixed(4)} ${factor < 0 ? "−" : "+"} ${Math.abs(factor).toFixed(2)} · deviation ${deviation.toFixed(4)} of the best ${topCount} of ${scores.length}. `
      + `${reach} of ${candidates.length} candidates ${reach === 1 ? "reaches" : "reach"} it${reach === 0 && selected.length ? "; the best one counts all the same" : ""}.`;
  }

  #paintLabels() {
    const { width, height } = this.#segmentation.seen, colours = labelColours(this.#segmentation.labelColours, this.#chips.hidden);
    const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d");
    const image = context.createImageData(width, height), pixels = new Uint32Array(image.data.buffer);
    for (let pixel = 0; pixel < pixels.length; pixel++) pixels[pixel] = colours[this.labels[pixel]];
    context.putImageData(image, 0, 0);
    return canvas;
  }

  #draw() {
    const { size } = this.#segmentation;
    this.#pane.fit();
    this.#pane.draw(this.#viewport, this.#photo, size, [{ source: { overlay: this.#overlay }, from: 0, to: 1 }], { opacity: this.#drawing.opacity / 100, point: this.#point });
    this.#part("value").textContent = this.#describe();
  }

  /** The label under the pointer, and the candidates' maps there. */
  #describe() {
    if (!this.#point) return "";
    const { size, seen, candidates, names } = this.#segmentation;
    const [x, y] = [Math.floor((this.#point.x * seen.width) / size.width), Math.floor((this.#point.y * seen.height) / size.height)], pixel = y * seen.width + x;
    const found = candidates.find(({ label }) => label === this.labels[pixel]);
    return `${found ? names[found.row] : "background"} · ${candidates.map(({ row, map }) => `${names[row]} ${(map[pixel] / 255).toFixed(2)}`).join(", ")}`;
  }

  async #download() {
    const blob = await encodeLabels(this.#segmentation.size, this.#segmentation.atOwnSize(this.labels));
    const link = document.createElement("a"), url = URL.createObjectURL(blob);
    link.href = url;
    link.download = `${this.#part("title").textContent.split("/").pop().replace(/\.[^.]*$/, "")}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // the download reads it a little later
  }
}
