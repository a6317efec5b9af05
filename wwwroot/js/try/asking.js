// Asks the server about an image, one question at a time, and shows how that stands: nothing asked, working, failed, shown.
import { reason } from "/js/compare/source.js";

export class Asking {
  #root;
  #view;
  #hasQuestion;
  #under = null;
  #ticking = 0;

  /**
   * @param {HTMLElement} root
   * @param {() => void} again puts the last question once more
   * @param {() => boolean} hasQuestion there is one
   */
  constructor(root, again, hasQuestion) {
    [this.#root, this.#hasQuestion] = [root, hasQuestion];
    this.#view = root.querySelector("[data-part=view]");
    this.#control("cancel").addEventListener("click", () => this.#cancel());
    this.#control("again").addEventListener("click", again);
  }

  /** What stood for the last question that was answered or is being asked; null where it has to be asked again. */
  key = null;

  /** Nothing is asked, and nothing shown. */
  clear() {
    this.#under?.abort();
    this.key = null;
    delete this.#view.dataset.result;
    this.#setState("empty");
  }

  /**
   * @param {string} key of the question; the one that is answered already is not asked again
   * @param {string} work what takes its time
   * @param {(answer: object, signal: AbortSignal) => Promise<void>} onAnswer shows it; the signal says that something else has been asked meanwhile
   */
  async post(key, address, form, work, onAnswer) {
    if (key === this.key) return;
    this.#under?.abort();
    const asking = (this.#under = new AbortController());
    this.key = key;
    this.wait(work);
    try {
      const answer = await fetch(address, { method: "POST", body: form, signal: asking.signal });
      // A refusal stays one until something else is asked.
      if (!answer.ok) throw Object.assign(new Error(await reason(answer)), { isFinal: answer.status < 500 });
      await onAnswer(await answer.json(), asking.signal);
      if (asking.signal.aborted) return;
      this.#view.dataset.result = "";
      this.#setState("shown");
    } catch (error) {
      if (asking.signal.aborted) return;
      this.key = null;
      const message = error instanceof TypeError
        ? "The dashboard cannot be reached, or the file cannot be read any more. Choose it again, or try again."
        : error.message;
      this.fail(message, !error.isFinal);
    } finally {
      if (this.#under === asking) {
        clearInterval(this.#ticking);
        this.#under = null;
      }
    }
  }

  /** Says what is waited for, and how long already. */
  wait(work) {
    const started = performance.now(), seconds = this.#part("seconds");
    clearInterval(this.#ticking);
    seconds.textContent = "";
    this.#part("work").textContent = work;
    this.#ticking = setInterval(() => (seconds.textContent = `${((performance.now() - started) / 1000).toFixed(0)} s`), 500);
    this.#setState("working");
  }

  /** @param {boolean} again whether the same question may be answered another time */
  fail(message, again = false) {
    clearInterval(this.#ticking);
    this.#part("message").textContent = message;
    this.#control("again").hidden = !again;
    this.#setState("failed");
  }

  dispose() {
    this.#under?.abort();
    clearInterval(this.#ticking);
  }

  /** On a narrow screen the result stands below what was touched. */
  reveal() {
    if (this.#view.getBoundingClientRect().top > 0.7 * innerHeight)
      this.#view.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  #cancel() {
    this.#under?.abort();
    this.key = null;
    clearInterval(this.#ticking);
    if ("result" in this.#view.dataset) this.#setState("shown");
    else this.fail("Cancelled.", this.#hasQuestion());
  }

  #part(name) { return this.#root.querySelector(`[data-part=${name}]`); }

  #control(name) { return this.#root.querySelector(`[data-control=${name}]`); }

  #setState(state) { this.#view.dataset.state = state; }
}

/** The part of a form that names the image. @param {{dataset, split, image}} question image: null for an upload */
export function imageForm({ dataset, split, image }, upload) {
  const form = new FormData();
  if (image) for (const [field, value] of Object.entries({ dataset, split, id: image })) form.append(field, value);
  else form.append("image", upload);
  return form;
}

/** Why a file is not sent; null where it is. */
export function tooLarge(file, mostBytes) {
  return file.size > mostBytes
    ? `${file.name} has ${(Math.ceil((10 * file.size) / 2 ** 20) / 10).toFixed(1)} MB; the limit is ${mostBytes / 2 ** 20} MB. `
      + "Scale it down or save it with more compression."
    : null;
}
