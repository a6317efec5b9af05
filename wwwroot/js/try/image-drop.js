// Files that a person chooses, drops anywhere on the page, or pastes.

export class ImageDrop {
  #ends = [];

  /** @param {HTMLElement} root; @param {(file: File) => void} onFile */
  constructor(root, onFile) {
    const input = root.querySelector("[data-control=file]");
    const listen = (target, type, listener) => {
      target.addEventListener(type, listener);
      this.#ends.push(() => target.removeEventListener(type, listener));
    };
    listen(input, "change", () => {
      if (input.files.length) onFile(input.files[0]);
      // The same file may be chosen again after a correction.
      input.value = "";
    });
    const carriesFiles = event => [...(event.dataTransfer?.types ?? [])].includes("Files");
    listen(document, "dragover", event => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      root.dataset.dragging = true;
    });
    listen(document, "dragleave", event => {
      if (!event.relatedTarget) delete root.dataset.dragging;
    });
    listen(document, "drop", event => {
      delete root.dataset.dragging;
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer.files.length) onFile(event.dataTransfer.files[0]);
    });
    listen(document, "paste", event => {
      const [file] = event.clipboardData?.files ?? [];
      if (!file) return;
      event.preventDefault();
      onFile(file);
    });
  }

  dispose() {
    this.#ends.forEach(end => end());
  }
}
