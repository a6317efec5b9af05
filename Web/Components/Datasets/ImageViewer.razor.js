// Keys of the large view: J and K, or the arrows, go from image to image; M hides and shows the mask.
import { init as followOpacity } from "/js/datasets/opacity.js";

const CONTROLS = { j: "later", ArrowRight: "later", k: "earlier", ArrowLeft: "earlier" };

export function init(root) {
  const opacity = followOpacity(root), listener = new AbortController();
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // The slider has the arrows to itself.
    if (event.target.matches("input, select, textarea") && event.key.startsWith("Arrow")) return;
    if (event.key === "m") root.querySelector(".mask")?.toggleAttribute("hidden");
    const control = root.querySelector(`[data-control=${CONTROLS[event.key]}]`);
    if (!control || control.disabled) return;
    event.preventDefault();
    control.click();
  }, listener);
  return {
    dispose() {
      opacity.dispose();
      listener.abort();
    },
  };
}
