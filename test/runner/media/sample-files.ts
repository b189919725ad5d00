import sharp from 'sharp';

/** A picture of one colour. */
export async function aPicture(
  format: 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff',
  { width = 320, height = 200 } = {},
): Promise<Buffer> {
  const create = { width, height, channels: 3, background: '#3366cc' } as const;
  return await sharp({ create }).toFormat(format).toBuffer();
}

/** A picture on which nothing is like anything else: what a small one of it weighs most. */
export async function aNoisyPicture(width: number, height: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 90 } as const;
  const create = { width, height, channels: 3, background: '#808080', noise } as const;
  return await sharp({ create }).jpeg({ quality: 95 }).toBuffer();
}

/** Silence: PCM, mono, 8 bits, 8000 samples a second. */
export function aWav(seconds: number): Buffer {
  const samples = Buffer.alloc(8_000 * seconds, 0x80);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8_000, 24);
  header.writeUInt32LE(8_000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

/** MPEG 1 layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes and 1152 samples, all silent. */
export function anMp3(frames: number): Buffer {
  const frame = Buffer.alloc(417);
  frame.writeUInt32BE(0xff_fb_90_00);
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}

function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + parts.reduce((bytes, part) => bytes + part.length, 0));
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...parts]);
}

const words = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [n, value] of values.entries()) bytes.writeUInt32BE(value, 4 * n);
  return bytes;
};

/**
 * An MP4 with one track of sound and nothing else: its media first, as a phone writes it, and what it is at the end.
 * ISO/IEC 14496-12.
 */
export function anMp4(seconds: number, { brand = 'isom', mediaBytes = 1_000 } = {}): Buffer {
  const soundEntry = Buffer.alloc(28);
  soundEntry.writeUInt16BE(1, 6);
  soundEntry.writeUInt16BE(2, 16);
  soundEntry.writeUInt16BE(16, 18);
  soundEntry.writeUInt16BE(44_100, 24);
  const tables = box(
    'stbl',
    box('stsd', words(0, 1), box('mp4a', soundEntry)),
    box('stts', words(0, 0)),
    box('stsc', words(0, 0)),
    box('stsz', words(0, 0, 0)),
    box('stco', words(0, 0)),
  );
  const handler = Buffer.concat([
    words(0, 0),
    Buffer.from('soun'),
    words(0, 0, 0),
    Buffer.alloc(1),
  ]);
  const track = box(
    'trak',
    box('tkhd', words(7, 0, 0, 1, 0, seconds * 1_000), Buffer.alloc(60)),
    box(
      'mdia',
      box('mdhd', words(0, 0, 0, 44_100, seconds * 44_100, 0)),
      box('hdlr', handler),
      box('minf', tables),
    ),
  );
  return Buffer.concat([
    box('ftyp', Buffer.from(brand), words(512), Buffer.from('isom')),
    box('mdat', Buffer.alloc(mediaBytes)),
    box('moov', box('mvhd', words(0, 0, 0, 1_000, seconds * 1_000), Buffer.alloc(80)), track),
  ]);
}

export const A_PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n');

/** An Ogg page (RFC 3533 §6) with one packet in it; nobody looks at the checksum. */
function oggPage(flags: number, page: number, samples: number, packet: Buffer): Buffer {
  const head = Buffer.alloc(28);
  head.write('OggS', 0, 'latin1');
  head.writeUInt8(flags, 5);
  head.writeBigUInt64LE(BigInt(samples), 6);
  head.writeUInt32LE(1, 14);
  head.writeUInt32LE(page, 18);
  head.writeUInt8(1, 26);
  head.writeUInt8(packet.length, 27);
  return Buffer.concat([head, packet]);
}

const OPUS_HEAD = Buffer.from([...Buffer.from('OpusHead'), 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]);
const OPUS_TAGS = Buffer.concat([Buffer.from('OpusTags'), Buffer.alloc(8)]);

/** A voice note (RFC 7845): its last page says how long it is. */
export function anOpus(seconds: number): Buffer {
  return Buffer.concat([
    oggPage(2, 0, 0, OPUS_HEAD),
    oggPage(0, 1, 0, OPUS_TAGS),
    oggPage(4, 2, 48_000 * seconds, Buffer.alloc(100)),
  ]);
}

/** One of which only the beginning is there. */
export const OPUS_BEGINNING = oggPage(2, 0, 0, OPUS_HEAD);
