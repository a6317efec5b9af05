// A page that was just opened gives its heading the focus, for screen readers; whoever has begun to type into it keeps the focus.
window.focusHeading = () => {
  if (document.activeElement?.closest("main :not(h1)")) return;
  const heading = document.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
};
