// An 8-bit indexed PNG with PASCAL VOC's palette: the indices are the labels (PNG specification, second edition).
import { vocColour } from "/js/compare/palette.js";

/** @param {Uint8Array} labels row by row @returns {Promise<Blob>} */
export async function encodeLabels({ width, height }, labels) {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, width);
  header.setUint32(4, height);
  header.setUint8(8, 8); // bits a pixel
  header.setUint8(9, 3); // indexed
  // Each row begins with its filter: 0, none.
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(labels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const palette = Uint8Array.from(Array.from({ length: 256 }, (_, label) => vocColour(label)).flat());
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), data = await deflate(rows);
  return new Blob(
    [signature, chunk("IHDR", new Uint8Array(header.buffer)), chunk("PLTE", palette), chunk("IDAT", data), chunk("IEND", new Uint8Array())],
    { type: "image/png" });
}

async function deflate(data) {
  return new Uint8Array(await new Response(new Blob([data]).stream().pipeThrough(new CompressionStream("deflate"))).arrayBuffer());
}

/** Length, type, data, checksum of type and data. */
function chunk(type, data) {
  const result = new Uint8Array(12 + data.length), view = new DataView(result.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) result[4 + i] = type.charCodeAt(i);
  result.set(data, 8);
  view.setUint32(8 + data.length, crc32(result.subarray(4, 8 + data.length)));
  return result;
}

const remainders = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

function crc32(data) {
  let crc = 0xffffffff;
  for (const value of data) crc = remainders[(crc ^ value) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
