// The Try it page: asks the server for one image's scores, maps and masks, and draws them. Threshold, opacity and classes then move without asking.
import { labelColours } from "/js/compare/palette.js";
import { Asking, imageForm, tooLarge } from "/js/try/asking.js";
import { ImageDrop } from "/js/try/image-drop.js";
import { paintLabels } from "/js/try/paint.js";
import { ScoreBars } from "/js/try/score-bars.js";
import { Segmentation } from "/js/try/segmentation.js";
import { paintMap, paintSimilarity, SimilarityMaps } from "/js/try/similarity-maps.js";
import { TrialPicture } from "/js/try/trial-picture.js";
import { iouText, loadTruth, meanIouOf } from "/js/try/truth.js";

/** As the option's range. */
const LARGEST_FACTOR = 10;

export function init(root, dotnet, mostBytes) {
  return new Trial(root, dotnet, mostBytes);
}

class Trial {
  #root;
  #dotnet;
  #mostBytes;
  #upload = null;
  #question = null;
  #asking;
  #segmentation = null;
  #labels = null;
  /** Of the shown image; null where there is none. */
  #truth = null;
  /** The person's; null: the preset's own. */
  #factor = null;
  #ownFactor = 1;
  #chosenMap = null;
  #picture;
  #bars;
  #maps;
  #drop;

  constructor(root, dotnet, mostBytes) {
    [this.#root, this.#dotnet, this.#mostBytes] = [root, dotnet, mostBytes];
    const factor = parseFloat(new URLSearchParams(location.search).get("factor"));
    if (Number.isFinite(factor)) this.#factor = Math.min(LARGEST_FACTOR, Math.max(-LARGEST_FACTOR, factor));
    this.#asking = new Asking(root, () => this.#question && this.#put(this.#question), () => this.#question !== null);
    this.#picture = new TrialPicture(root, () => this.#compose(), point => this.#describe(point), { keepsZoom: true });
    this.#bars = new ScoreBars(this.#part("bars"), this.#control("all-scores"), value => this.#moveFactor(value));
    this.#bars.onList = () => this.#picture.redraw();
    this.#maps = new SimilarityMaps(this.#part("multiples"), this.#control("all-maps"), row => this.#chooseMap(row));
    this.#drop = new ImageDrop(root, file => this.#receive(file));
    this.#bindControls();
  }

  /**
   * Blazor: what is asked has changed.
   * @param {{dataset, split, image, upload, classes, options: string}} question
   *   upload: name of the file that was received; null where an image is picked
   * @param choices for the address
   */
  ask(question, choices) {
    this.#picture.keep(choices);
    this.#put(question);
  }

  dispose() {
    this.#picture.dispose();
    this.#asking.dispose();
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
    this.#control("factor").addEventListener("input", event => this.#moveFactor(Number(event.target.value)));
    this.#control("own").addEventListener("click", () => this.#moveFactor(null));
    this.#control("masks").addEventListener("click", () => this.#chooseMap(null));
    this.#control("download").addEventListener("click", () => this.#picture.download(this.#segmentation.atOwnSize(this.#labels)));
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

  /**
   * @param {{ownNames: boolean, colours: string[]}} question
   *   whether the classes are the data set's, so that labels and truth mean the same; the truth's colours by label
   */
  #show(name, segmentation, photo, truth, { ownNames, colours }) {
    [this.#segmentation, this.#truth] = [segmentation, truth && { ...truth, isComparable: ownNames }];
    const { size, seen, model, candidates } = segmentation, seconds = segmentation.seconds + segmentation.preparationSeconds;
    const facts = `${size.width} × ${size.height} px, seen at ${seen.width} × ${seen.height} · ${model} · ${seconds.toFixed(2)} s`;
    const present = candidates.map(({ row, label }) => ({ label, name: segmentation.names[row], colour: segmentation.colours[row] }));
    this.#picture.show({ name, facts, size, photo, truth, truthColours: colours, present });
    this.#writeDoubts(segmentation);
    this.#chosenMap = null;
    this.#bars.show(segmentation);
    const [lowest, highest] = this.#bars.ends;
    this.#part("lowest").textContent = lowest.toFixed(3);
    this.#part("highest").textContent = highest.toFixed(3);
    this.#maps.show(segmentation, photo);
  }

  /** Names that the model has not read, or does not know. */
  #writeDoubts({ leftOut, unknown, model }) {
    this.#part("left-out").textContent = leftOut.length === 0 ? "" : `Too long for the model, and left out: ${
      leftOut.map(({ word, count, of }) => `${count} of ${of} templates with “${word}”`).join(", ")}.`;
    this.#part("unknown").hidden = unknown.length === 0;
    this.#part("unknown-text").textContent = `${unknown.map(word => `“${word}”`).join(", ")}: not in the vocabulary of ${model}, `
      + `so it can hardly know ${unknown.length === 1 ? "this word" : "these words"}. A score and a mask come out all the same, and say little.`;
  }

  /** @param {number | null} factor null: the preset's own */
  #moveFactor(factor) {
    this.#factor = factor === null ? null : Math.round(100 * Math.min(LARGEST_FACTOR, Math.max(-LARGEST_FACTOR, factor))) / 100;
    if (this.#factor === this.#ownFactor) this.#factor = null;
    this.#picture.keep({ factor: this.#factor });
    this.#picture.redraw();
  }

  #chooseMap(row) {
    this.#chosenMap = row;
    this.#picture.redraw();
  }

  #compose() {
    const segmentation = this.#segmentation, factor = this.#factor ?? this.#ownFactor;
    const selected = segmentation.select(factor), threshold = segmentation.threshold(factor);
    this.#labels = segmentation.compose(selected);
    this.#bars.update(threshold, selected);
    this.#writeRule(factor, threshold, selected);
    this.#maps.choose(this.#chosenMap);
    this.#part("iou").textContent = this.#truth?.isComparable
      ? iouText(meanIouOf(segmentation.atOwnSize(this.#labels), this.#truth.labels))
      : "";
    this.#control("masks").hidden = this.#chosenMap === null;
    this.#part("none").hidden = selected.length > 0;
    return this.#overlay();
  }

  /** The map that was chosen, or the masks. */
  #overlay() {
    const segmentation = this.#segmentation, row = this.#chosenMap;
    if (row === null) return paintLabels(segmentation.seen, this.#labels, labelColours(segmentation.labelColours, this.#picture.hidden));
    const candidate = segmentation.candidates.find(candidate => candidate.row === row);
    return candidate ? paintMap(segmentation, candidate) : paintSimilarity(segmentation, row);
  }

  #writeRule(factor, threshold, selected) {
    const { candidates, topCount, mean, deviation, scores, names } = this.#segmentation;
    const slider = this.#control("factor"), end = Math.max(3, Math.ceil(Math.abs(factor)));
    [slider.min, slider.max] = [-end, end];
    slider.value = factor;
    slider.setAttribute("aria-valuetext",
      `${factor.toFixed(2)}: ${selected.length ? selected.map(({ row }) => names[row]).join(", ") : "no class"}`);
    this.#part("factor").textContent = factor.toFixed(2);
    this.#part("own").textContent = this.#ownFactor;
    this.#control("own").disabled = this.#factor === null;
    const reach = candidates.filter(({ score }) => score >= threshold).length;
    this.#part("rule").textContent = `Threshold ${threshold.toFixed(4)} = mean ${mean.toFixed(4)} ${factor < 0 ? "−" : "+"} `
      + `${Math.abs(factor).toFixed(2)} · deviation ${deviation.toFixed(4)} of the best ${topCount} of ${scores.length}. `
      + `${reach} of ${candidates.length} candidates ${reach === 1 ? "reaches" : "reach"} it${
        reach === 0 && selected.length ? "; the best one counts all the same" : ""}.`;
  }

  /** The label under the pointer, and the candidates' maps there. */
  #describe(point) {
    const { size, seen, candidates, names } = this.#segmentation;
    const [x, y] = [Math.floor((point.x * seen.width) / size.width), Math.floor((point.y * seen.height) / size.height)], pixel = y * seen.width + x;
    const found = candidates.find(({ label }) => label === this.#labels[pixel]), maps = candidates.map(({ row, map }) =>
      `${names[row]} ${(map[pixel] / 255).toFixed(2)}`);
    return `${found ? names[found.row] : "background"} · ${maps.join(", ")}`;
  }
}
