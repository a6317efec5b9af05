// A run's network on one image: asks the server, draws what comes back. Threshold, opacity and heat then move without asking.
import { AddressWriter, readDrawing } from "/js/compare/address.js";
import { ClassChips } from "/js/compare/legend.js";
import { labelColours } from "/js/compare/palette.js";
import { Pane } from "/js/compare/pane.js";
import { Viewport } from "/js/compare/viewport.js";
import { Asking, imageForm, tooLarge } from "/js/try/asking.js";
import { ImageDrop } from "/js/try/image-drop.js";
import { encodeLabels } from "/js/try/indexed-png.js";
import { paintLabels } from "/js/try/paint.js";
import { Activations, Prediction } from "/js/try/run-answer.js";
import { writeScores } from "/js/try/run-scores.js";
import { iouText, loadTruth, meanIouOf } from "/js/try/truth.js";

export function init(root, dotnet, settings) {
  return new RunTrial(root, dotnet, settings);
}

class RunTrial {
  #root;
  #view;
  #dotnet;
  /** {run, kind, threshold, mostBytes} */
  #settings;
  #upload = null;
  #question = null;
  /** Names of the classes that a person has chosen for this image; null: the tags, or what the network finds. */
  #chosen = null;
  #answer = null;
  #photo = null;
  #truth = null;
  #truthOverlay = null;
  #labels = null;
  #overlay = null;
  #threshold = null;
  #isHeat = false;
  #drawing = readDrawing();
  #point = null;
  #frame = 0;
  #stale = false;
  #address = new AddressWriter();
  #asking;
  #viewport = new Viewport(() => this.#onViewport());
  #panes;
  #chips;
  #drop;
  #observer = new ResizeObserver(() => this.#schedule());

  constructor(root, dotnet, settings) {
    [this.#root, this.#dotnet, this.#settings] = [root, dotnet, settings];
    this.#view = this.#part("view");
    this.#asking = new Asking(root, () => this.#send(), () => this.#question !== null);
    this.#panes = [this.#part("canvas"), this.#part("truth")].map(canvas => new Pane(canvas));
    for (const { canvas } of this.#panes) {
      this.#observer.observe(canvas);
      this.#viewport.bind(canvas, () => this.#answer?.size ?? null, point => {
        this.#point = point && point.x >= 0 && point.y >= 0 && point.x < point.width && point.y < point.height ? point : null;
        this.#schedule();
      });
    }
    const threshold = parseFloat(new URLSearchParams(location.search).get("threshold"));
    if (threshold >= 0 && threshold <= 1) this.#threshold = threshold;
    this.#chips = new ClassChips(this.#part("classes"), this.#drawing.hide, hide => this.#choose({ hide }));
    this.#drop = new ImageDrop(root, file => this.#receive(file));
    this.#bindControls();
  }

  /** Blazor: another image. @param {{dataset, split, image, upload, tags: string[] | null, colours: string[]}} question colours: of the data set's labels */
  ask(question) {
    const isOther = JSON.stringify(question) !== JSON.stringify(this.#question), isPicked = this.#question?.image || this.#question?.upload;
    this.#question = question;
    if (!question.image && !question.upload) return this.#asking.clear();
    if (isOther) this.#chosen = null;
    this.#send();
    if (isOther && isPicked) this.#asking.reveal();
  }

  dispose() {
    cancelAnimationFrame(this.#frame);
    this.#address.stop();
    this.#asking.dispose();
    this.#observer.disconnect();
    this.#viewport.dispose();
    this.#drop.dispose();
  }

  #part(name) { return this.#root.querySelector(`[data-part=${name}]`); }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #bindControls() {
    const opacity = this.#control("opacity");
    opacity.value = this.#drawing.opacity;
    opacity.addEventListener("input", () => this.#choose({ opacity: Number(opacity.value) }));
    this.#control("threshold")?.addEventListener("input", event => this.#moveThreshold(Number(event.target.value)));
    this.#control("own")?.addEventListener("click", () => this.#moveThreshold(null));
    this.#control("heat")?.addEventListener("change", event => {
      this.#isHeat = event.target.checked;
      this.#redraw();
    });
    this.#control("reset").addEventListener("click", () => this.#viewport.reset());
    this.#control("download").addEventListener("click", () => this.#download());
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
    [this.#answer, this.#photo, this.#truth] = [answer, photo, truth];
    this.#truthOverlay = truth && { overlay: paintLabels(truth, truth.labels, labelColours(colours, new Set())) };
    this.#part("truth-box").hidden = !truth;
    this.#part("title").textContent = name;
    this.#part("facts").textContent = `${answer.size.width} × ${answer.size.height} px · ${answer.facts}`;
    this.#view.style.setProperty("--shape", Math.min(8, Math.max(1 / 8, answer.size.width / answer.size.height)));
    this.#chips.show(answer.present);
    writeScores(this.#part("scores"), answer, names => {
      this.#chosen = names;
      this.#send();
    });
    this.#redraw();
  }

  #moveThreshold(threshold) {
    this.#threshold = threshold === this.#settings.threshold ? null : threshold;
    this.#address.later({ threshold: this.#threshold });
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
    this.#schedule();
  }

  #redraw() {
    this.#stale = true;
    this.#schedule();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (!this.#answer) return;
      if (this.#stale) this.#compose();
      this.#stale = false;
      this.#draw();
    });
  }

  #compose() {
    const answer = this.#answer, hidden = this.#chips.hidden, threshold = this.#threshold ?? this.#settings.threshold;
    this.#labels = answer.labels(threshold);
    this.#overlay = { overlay: this.#isHeat ? answer.heat(hidden) : paintLabels(answer.size, this.#labels, labelColours(answer.colours, hidden)) };
    this.#part("iou").textContent = this.#truth ? iouText(meanIouOf(this.#labels, this.#truth.labels)) : "";
    const slider = this.#control("threshold");
    if (!slider) return;
    slider.value = threshold;
    this.#part("threshold").textContent = threshold.toFixed(2);
    this.#control("own").disabled = this.#threshold === null;
  }

  #draw() {
    const { size } = this.#answer, view = { opacity: this.#drawing.opacity / 100, point: this.#point };
    [this.#overlay, this.#truthOverlay].forEach((source, i) => {
      if (!source) return;
      this.#panes[i].fit();
      this.#panes[i].draw(this.#viewport, this.#photo, size, [{ source, from: 0, to: 1 }], view);
    });
    this.#part("value").textContent = this.#point ? this.#answer.describe(Math.floor(this.#point.y) * size.width + Math.floor(this.#point.x), this.#labels) : "";
  }

  async #download() {
    const link = document.createElement("a"), url = URL.createObjectURL(await encodeLabels(this.#answer.size, this.#labels));
    link.href = url;
    link.download = `${this.#part("title").textContent.split("/").pop().replace(/\.[^.]*$/, "")}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // the download reads it a little later
  }
}
