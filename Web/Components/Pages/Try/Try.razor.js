// The Try it page: asks the server for one image's scores, maps and masks, and draws them. Threshold, opacity and classes then move without asking.
import { AddressWriter, readDrawing } from "/js/compare/address.js";
import { ClassChips } from "/js/compare/legend.js";
import { labelColours } from "/js/compare/palette.js";
import { Pane } from "/js/compare/pane.js";
import { Viewport } from "/js/compare/viewport.js";
import { Asking, imageForm, tooLarge } from "/js/try/asking.js";
import { ImageDrop } from "/js/try/image-drop.js";
import { encodeLabels } from "/js/try/indexed-png.js";
import { paintLabels } from "/js/try/paint.js";
import { ScoreBars } from "/js/try/score-bars.js";
import { Segmentation } from "/js/try/segmentation.js";
import { paintMap, paintSimilarity, SimilarityMaps } from "/js/try/similarity-maps.js";
import { iouText, loadTruth, meanIouOf } from "/js/try/truth.js";

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
  #asking;
  #segmentation = null;
  #photo = null;
  /** Of the shown image; null where there is none. */
  #truth = null;
  #truthOverlay = null;
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
  #viewport = new Viewport(() => this.#onViewport());
  #pane;
  #truthPane;
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
    this.#asking = new Asking(root, () => this.#question && this.#put(this.#question), () => this.#question !== null);
    const canvas = this.#part("canvas"), truth = this.#part("truth");
    [this.#pane, this.#truthPane] = [new Pane(canvas), new Pane(truth)];
    this.#chips = new ClassChips(this.#part("classes"), this.#drawing.hide, hide => this.#choose({ hide }));
    this.#bars = new ScoreBars(this.#part("bars"), this.#control("all-scores"), (value, event) => this.#moveFactor(value, event));
    this.#bars.onList = () => this.#redraw();
    this.#maps = new SimilarityMaps(this.#part("multiples"), this.#control("all-maps"), row => this.#chooseMap(row));
    this.#drop = new ImageDrop(root, file => this.#receive(file));
    this.#viewport.restore(this.#drawing.zoom);
    this.#observer = new ResizeObserver(() => this.#schedule());
    for (const pane of [canvas, truth]) {
      this.#viewport.bind(pane, () => this.#segmentation?.size ?? null, point => {
        this.#point = point && point.x >= 0 && point.y >= 0 && point.x < point.width && point.y < point.height ? point : null;
        this.#schedule();
      });
      this.#observer.observe(pane);
    }
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
    this.#asking.dispose();
    this.#observer.disconnect();
    this.#viewport.dispose();
    this.#drop.dispose();
  }

  #put(question) {
    const isPicked = this.#question && (question.image ?? question.upload) !== (this.#question.image ?? this.#question.upload);
    this.#question = question;
    this.#ownFactor = JSON.parse(question.options).thresholdFactor;
    if (!question.image && !question.upload) return this.#asking.clear();
    this.#send(JSON.stringify([question, question.upload && [this.#upload.size, this.#upload.lastModified]]));
    if (isPicked) this.#asking.reveal();
  }

  #part(name) { return this.#root.querySelector(`[data-part=${name}]`); }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #bindControls() {
    const opacity = this.#control("opacity");
    opacity.value = this.#drawing.opacity;
    opacity.addEventListener("input", () => this.#choose({ opacity: Number(opacity.value) }));
    this.#control("factor").addEventListener("input", event => this.#moveFactor(Number(event.target.value), event));
    this.#control("own").addEventListener("click", () => this.#moveFactor(null));
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
    const refusal = tooLarge(file, this.#mostBytes);
    if (refusal) return this.#asking.fail(refusal);
    this.#upload = file;
    // The same file may be given again.
    this.#asking.key = null;
    // Until the names are there, which may be those of a data set that is still being made.
    this.#asking.wait("Waiting for the class names …");
    this.#dotnet.invokeMethodAsync("UploadedAsync", file.name);
  }

  #send(key) {
    const question = this.#question, options = { ...JSON.parse(question.options), thresholdFactor: this.#factor ?? this.#ownFactor };
    const form = imageForm(question, this.#upload), name = question.image ?? this.#upload.name;
    form.append("classes", question.classes);
    form.append("options", JSON.stringify(options));
    const work = this.#segmentation ? "Working …" : "Working … the first time, the model is loaded and the names are read.";
    this.#asking.post(key, "/api/segment", form, work, async (report, signal) => {
      const segmentation = new Segmentation(report, options.bestAlways);
      const photo = await createImageBitmap(new Blob([segmentation.preview], { type: "image/jpeg" }));
      const truth = await loadTruth(question, signal);
      if (!signal.aborted) this.#show(name, segmentation, photo, truth, question);
    });
  }

  /** @param {{ownNames: boolean, colours: string[]}} question whether the classes are the data set's, so that labels and truth mean the same; the truth's colours by label */
  #show(name, segmentation, photo, truth, { ownNames, colours }) {
    [this.#segmentation, this.#photo, this.#truth] = [segmentation, photo, truth && { ...truth, isComparable: ownNames }];
    this.#truthOverlay = truth && paintLabels(truth, truth.labels, labelColours(colours, new Set()));
    this.#part("truth-box").hidden = !truth;
    const { size, seen } = segmentation, total = segmentation.seconds + segmentation.preparationSeconds;
    this.#part("title").textContent = name;
    this.#part("left-out").textContent = segmentation.leftOut.length === 0 ? "" : `Too long for the model, and left out: ${
      segmentation.leftOut.map(({ word, count, of }) => `${count} of ${of} templates with “${word}”`).join(", ")}.`;
    const { unknown, model } = segmentation;
    this.#part("unknown").hidden = unknown.length === 0;
    this.#part("unknown-text").textContent = `${unknown.map(word => `“${word}”`).join(", ")}: not in the vocabulary of ${model}, so it cannot know ${
      unknown.length === 1 ? "this word" : "these words"}. A score and a mask come out all the same, and mean nothing.`;
    this.#part("facts").textContent = `${size.width} × ${size.height} px, seen at ${seen.width} × ${seen.height} · ${segmentation.model} · ${total.toFixed(2)} s`;
    this.#view.style.setProperty("--shape", Math.min(8, Math.max(1 / 8, size.width / size.height)));
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
    this.#overlay = candidate ? paintMap(segmentation, candidate) : this.#chosenMap !== null ? paintSimilarity(segmentation, this.#chosenMap) : paintLabels(segmentation.seen, this.labels, labelColours(segmentation.labelColours, this.#chips.hidden));
    this.#part("iou").textContent = this.#truth?.isComparable ? iouText(meanIouOf(segmentation.atOwnSize(this.labels), this.#truth.labels)) : "";
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

  #draw() {
    const { size } = this.#segmentation;
    this.#pane.fit();
    this.#pane.draw(this.#viewport, this.#photo, size, [{ source: { overlay: this.#overlay }, from: 0, to: 1 }], { opacity: this.#drawing.opacity / 100, point: this.#point });
    if (this.#truth) {
      this.#truthPane.fit();
      this.#truthPane.draw(this.#viewport, this.#photo, size, [{ source: { overlay: this.#truthOverlay }, from: 0, to: 1 }], { opacity: this.#drawing.opacity / 100, point: this.#point });
    }
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
