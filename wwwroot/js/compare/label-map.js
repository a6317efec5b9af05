// A label map out of an indexed PNG with VOC's palette: a canvas gives its colours, and they are the labels' own bits.
import { vocLabel } from "./palette.js";

export async function readLabels(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const labels = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < labels.length; pixel++, at += 4) labels[pixel] = vocLabel(data[at], data[at + 1], data[at + 2]);
  return { width, height, labels };
}
