// A page that was just opened gives its heading the focus, for screen readers; whoever has begun to type into it keeps the focus.
window.focusHeading = () => {
  if (document.activeElement?.closest("main :not(h1)")) return;
  const heading = document.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
};

// A dialog gives the focus to an element of its own making, some time after it was shown: it goes on to the answer that changes nothing.
document.addEventListener("focusin", event => {
  if (event.target.matches(".mud-focus-trap [tabindex='-1']")) event.target.closest(".mud-focus-trap").querySelector("[data-focus-first]")?.focus();
});

// The palette comes with the circuit: who asks for it before, gets it when it is there.
document.addEventListener("keydown", event => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  if (document.querySelector(".palette-room:not([inert])")) return;
  event.preventDefault();
  window.paletteIsWanted = true;
});
