// The handle between the two sources of the swipe: drag, or arrow keys.

export class Divider {
  #handle;
  #onMove;

  /** @param {number} at per cent of the pane's width; @param {(at: number) => void} onMove */
  constructor(handle, at, onMove) {
    this.#handle = handle;
    this.#onMove = onMove;
    this.#write(at);
    handle.addEventListener("pointerdown", event => {
      event.preventDefault();
      handle.focus();
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", event => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const box = handle.parentElement.getBoundingClientRect();
      this.#move((100 * (event.clientX - box.left)) / box.width);
    });
    handle.addEventListener("keydown", event => {
      const steps = { ArrowLeft: -2, ArrowRight: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      this.#move(this.at + steps[event.key]);
    });
  }

  #move(at) {
    this.#write(Math.round(10 * Math.min(100, Math.max(0, at))) / 10);
    this.#onMove(this.at);
  }

  #write(at) {
    this.at = at;
    this.#handle.style.left = `${at}%`;
    this.#handle.setAttribute("aria-valuenow", String(Math.round(at)));
  }
}
