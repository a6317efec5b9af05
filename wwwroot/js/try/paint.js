// Labels as a picture to be laid over the image.

/** @param {Uint32Array} colours by label @returns {OffscreenCanvas} one pixel a label */
export function paintLabels({ width, height }, labels, colours) {
  return paint({ width, height }, pixel => colours[labels[pixel]]);
}

/** @param {(pixel: number) => number} colour of every pixel, as palette.js packs it */
export function paint({ width, height }, colour) {
  const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d");
  const image = context.createImageData(width, height), pixels = new Uint32Array(image.data.buffer);
  for (let pixel = 0; pixel < pixels.length; pixel++) pixels[pixel] = colour(pixel);
  context.putImageData(image, 0, 0);
  return canvas;
}
