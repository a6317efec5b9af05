// A run's network on one image: asks the server, draws what comes back. Threshold, opacity and heat then move without asking.
import { labelColours } from "/js/compare/palette.js";
import { Asking, imageForm, tooLarge } from "/js/try/asking.js";
import { ImageDrop } from "/js/try/image-drop.js";
import { paintLabels } from "/js/try/paint.js";
import { Activations, Prediction } from "/js/try/run-answer.js";
import { writeScores } from "/js/try/run-scores.js";
import { TrialPicture } from "/js/try/trial-picture.js";
import { iouText, loadTruth, meanIouOf } from "/js/try/truth.js";

export function init(root, dotnet, settings) {
  return new RunTrial(root, dotnet, settings);
}

class RunTrial {
  #root;
  #dotnet;
  /** {run, kind, threshold, mostBytes} */
  #settings;
  #upload = null;
  #question = null;
  /** Names of the classes that a person has chosen for this image; null: the tags, or what the network finds. */
  #chosen = null;
  #answer = null;
  #truth = null;
  #labels = null;
  #threshold = null;
  #isHeat = false;
  #asking;
  #picture;
  #drop;

  constructor(root, dotnet, settings) {
    [this.#root, this.#dotnet, this.#settings] = [root, dotnet, settings];
    this.#asking = new Asking(root, () => this.#send(), () => this.#question !== null);
    this.#picture = new TrialPicture(root, () => this.#compose(), point => this.#describe(point));
    const threshold = parseFloat(new URLSearchParams(location.search).get("threshold"));
    if (threshold >= 0 && threshold <= 1) this.#threshold = threshold;
    this.#drop = new ImageDrop(root, file => this.#receive(file));
    this.#bindControls();
    root.inert = false;
  }

  /**
   * Blazor: another image.
   * @param {{dataset, split, image, upload, tags: string[] | null, colours: string[]}} question colours: of the data set's labels
   */
  ask(question) {
    const isOther = JSON.stringify(question) !== JSON.stringify(this.#question), isPicked = this.#question?.image || this.#question?.upload;
    this.#question = question;
    if (!question.image && !question.upload) return this.#asking.clear();
    if (isOther) this.#chosen = null;
    this.#send();
    if (isOther && isPicked) this.#asking.reveal();
  }

  dispose() {
    this.#picture.dispose();
    this.#asking.dispose();
    this.#drop.dispose();
  }

  #part(name) { return this.#root.querySelector(`[data-part=${name}]`); }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #bindControls() {
    this.#control("threshold")?.addEventListener("input", event => this.#moveThreshold(Number(event.target.value)));
    this.#control("own")?.addEventListener("click", () => this.#moveThreshold(null));
    this.#control("heat")?.addEventListener("change", event => {
      this.#isHeat = event.target.checked;
      this.#picture.redraw();
    });
    this.#control("download").addEventListener("click", () => this.#picture.download(this.#labels));
  }

  #receive(file) {
    const refusal = tooLarge(file, this.#settings.mostBytes);
    if (refusal) return this.#asking.fail(refusal);
    this.#upload = file;
    this.#asking.key = null;
    this.#asking.wait("Sending …");
    this.#dotnet.invokeMethodAsync("UploadedAsync", file.name);
  }

  #send() {
    const question = this.#question, { run, kind } = this.#settings, isMaps = kind === "activations";
    const form = imageForm(question, this.#upload), classes = this.#chosen ?? question.tags ?? [];
    if (isMaps) form.append("classes", classes.join(","));
    const key = JSON.stringify([question, classes, question.upload && [this.#upload.size, this.#upload.lastModified]]);
    const address = `/api/runs/${encodeURIComponent(run)}/${isMaps ? "activations" : "segment"}`;
    const work = this.#answer ? "Working …" : "Working … the first time, the network is loaded.";
    this.#asking.post(key, address, form, work, async (report, signal) => {
      const answer = isMaps ? new Activations(report) : await Prediction.of(report);
      const photo = await createImageBitmap(new Blob([answer.preview], { type: "image/jpeg" }));
      const truth = await loadTruth(question, signal);
      if (!signal.aborted) this.#show(question.image ?? this.#upload.name, answer, photo, truth, question.colours);
    });
  }

  #show(name, answer, photo, truth, colours) {
    [this.#answer, this.#truth] = [answer, truth];
    const { size, present } = answer, facts = `${size.width} × ${size.height} px · ${answer.facts}`;
    this.#picture.show({ name, facts, size, photo, truth, truthColours: colours, present });
    writeScores(this.#part("scores"), answer, names => {
      this.#chosen = names;
      this.#send();
    });
  }

  #moveThreshold(threshold) {
    this.#threshold = threshold === this.#settings.threshold ? null : threshold;
    this.#picture.keep({ threshold: this.#threshold });
    this.#picture.redraw();
  }

  #compose() {
    const answer = this.#answer, { hidden } = this.#picture, threshold = this.#threshold ?? this.#settings.threshold;
    this.#labels = answer.labels(threshold);
    this.#part("iou").textContent = this.#truth ? iouText(meanIouOf(this.#labels, this.#truth.labels)) : "";
    const slider = this.#control("threshold");
    if (slider) {
      slider.value = threshold;
      this.#part("threshold").textContent = threshold.toFixed(2);
      this.#control("own").disabled = this.#threshold === null;
    }
    return this.#isHeat ? answer.heat(hidden) : paintLabels(answer.size, this.#labels, labelColours(answer.colours, hidden));
  }

  #describe({ x, y }) {
    return this.#answer.describe(Math.floor(y) * this.#answer.size.width + Math.floor(x), this.#labels);
  }
}
