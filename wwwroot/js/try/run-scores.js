// The classes beside the picture: scores of a network for maps, each to be chosen; shares of the pixels of a segmentation network.

/** @param {(names: string[]) => void} onChoose the classes whose maps are wanted */
export function writeScores(root, answer, onChoose) {
  if (answer.shares) return root.replaceChildren(...shares(answer));
  const chosen = new Set(answer.present.map(({ name }) => name));
  root.replaceChildren(...ranked(answer.scores).map(k => {
    const name = answer.names[k], box = Object.assign(document.createElement("input"), { type: "checkbox", checked: chosen.has(name) });
    box.addEventListener("change", () => {
      if (!chosen.delete(name)) chosen.add(name);
      // Of no class there is no map: the network then looks for itself.
      onChoose([...chosen]);
    });
    return row(name, answer.colours[k + 1], answer.scores[k], answer.scores[k].toFixed(3), box);
  }));
}

function shares({ shares, names, colours }) {
  return ranked(shares).filter(label => shares[label] > 0).map(label =>
    row(names[label], label > 0 ? colours[label] : "transparent", shares[label], `${(100 * shares[label]).toFixed(1)} %`));
}

const ranked = values => values.map((_, i) => i).sort((a, b) => values[b] - values[a]);

function row(name, colour, share, text, box) {
  const line = element(box ? "label" : "div", "row"), title = element("span", "name"), swatch = element("span", "swatch");
  const track = element("span", "track"), fill = element("span");
  swatch.style.setProperty("--colour", colour);
  title.append(...(box ? [box] : []), swatch, name);
  fill.style.width = `${100 * share}%`;
  track.append(fill);
  const value = element("span", "number");
  value.textContent = text;
  line.append(title, track, value);
  return line;
}

function element(kind, name = "") {
  return Object.assign(document.createElement(kind), { className: name });
}
