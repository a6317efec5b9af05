// A restarted dashboard knows nothing of this page's circuit. Every choice stands in the address, so the page loads again by itself instead of
// showing what was.
new MutationObserver(() => {
  if (document.getElementById("components-reconnect-modal").classList.contains("components-reconnect-rejected")) location.reload();
}).observe(document.getElementById("components-reconnect-modal"), { attributeFilter: ["class"] });
