// A chart as a picture of its own, for a slide or a paper.

/**
 * A chart's canvas below its title and above its legend.
 * @param {HTMLCanvasElement} chart
 * @param {{label: string, colour: number}[]} curves those that are drawn
 */
export function chartPicture(chart, title, curves, theme) {
  const ratio = devicePixelRatio, line = 20 * ratio;
  const canvas = document.createElement("canvas");
  canvas.width = chart.width;
  canvas.height = chart.height + line * (1.5 + curves.length);
  const context = canvas.getContext("2d");
  context.fillStyle = theme.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = `${14 * ratio}px Roboto, sans-serif`;
  context.fillStyle = theme.text;
  context.fillText(title, line / 2, line);
  context.drawImage(chart, 0, line * 1.5);
  curves.forEach((curve, i) => {
    const y = line * 1.5 + chart.height + line * i;
    context.fillStyle = theme.series[curve.colour];
    context.fillRect(line / 2, y + line * 0.25, line * 0.6, line * 0.3);
    context.fillStyle = theme.text;
    context.fillText(curve.label, line * 1.5, y + line * 0.65);
  });
  return canvas;
}
