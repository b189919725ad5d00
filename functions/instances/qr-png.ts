import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** One bit a pixel, shades of grey (1 is white), and the only compression, filter and order that there are. */
const HEADER_TAIL = Buffer.from([1, 0, 0, 0, 0]);
const WHITE = 0xff;
const BITS = 8;

/**
 * A QR code as a square PNG image (ISO/IEC 15948), as wide as whole pixels a module allow. `modules` are its rows,
 * margin and all, `true` where it is dark.
 */
export function qrPng(
  modules: readonly (readonly boolean[])[],
  { widthPx }: { widthPx: number },
): Buffer {
  const scale = Math.max(1, Math.floor(widthPx / modules.length));
  const sidePx = modules.length * scale;
  const lines = modules.flatMap((row) => {
    const line = toLine(row, scale);
    return Array.from({ length: scale }, () => line);
  });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([uint32(sidePx), uint32(sidePx), HEADER_TAIL])),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** One line of pixels. It begins with its filter: none. */
function toLine(row: readonly boolean[], scale: number): Buffer {
  const sidePx = row.length * scale;
  const line = Buffer.alloc(1 + Math.ceil(sidePx / BITS), WHITE);
  line[0] = 0;
  for (let x = 0; x < sidePx; x += 1) {
    const at = 1 + Math.floor(x / BITS);
    const isDark = row[Math.floor(x / scale)];
    if (isDark) line[at] = (line[at] ?? 0) & ~(0x80 >> (x % BITS));
  }
  return line;
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
