import { crc32, deflateSync } from 'node:zlib';

/** A QR code: `size` modules a side, one byte each, 1 where it is dark. */
export type QrModules = { readonly size: number; readonly data: Uint8Array };

/** ISO/IEC 18004 §6.3.8: as many light modules around the code, that a scanner may find it. */
const MARGIN_MODULES = 4;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** One bit a pixel, shades of grey (1 is white), and the only compression, filter and order that there are. */
const HEADER_TAIL = Buffer.from([1, 0, 0, 0, 0]);
const WHITE = 0xff;
const BITS = 8;

/** The code as a square PNG image (ISO/IEC 15948), as wide as whole pixels a module allow. */
export function qrPng({ size, data }: QrModules, { widthPx }: { widthPx: number }): Buffer {
  const side = size + 2 * MARGIN_MODULES;
  const scale = Math.max(1, Math.floor(widthPx / side));
  const sidePx = side * scale;
  const isDark = (row: number, column: number) =>
    row >= 0 && row < size && column >= 0 && column < size && data[row * size + column] === 1;
  const line = (row: number): Buffer => {
    const bytes = Buffer.alloc(1 + Math.ceil(sidePx / BITS), WHITE);
    // Every line begins with its filter: none.
    bytes[0] = 0;
    for (let x = 0; x < sidePx; x += 1) {
      const at = 1 + Math.floor(x / BITS);
      const isOn = isDark(row, Math.floor(x / scale) - MARGIN_MODULES);
      if (isOn) bytes[at] = (bytes[at] ?? 0) & ~(0x80 >> (x % BITS));
    }
    return bytes;
  };
  const rows = Array.from({ length: side }, (_, row) => line(row - MARGIN_MODULES));
  const lines = rows.flatMap((row) => Array.from({ length: scale }, () => row));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([uint32(sidePx), uint32(sidePx), HEADER_TAIL])),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Its length, its type and content, and the checksum of both. */
function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  return Buffer.concat([uint32(content.length), body, uint32(crc32(body))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
