// The clipboard API exists only on https and localhost; elsewhere a selected text area does it.
window.copyText = async text => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
};
