import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SNIFFED_BYTES, sniffType } from '#shared/media/sniff-type.ts';
import { A_PDF, anMp3, anMp4, aPicture, aWav } from '../../runner/media/sample-files.ts';

describe('sniffType', () => {
  it.each(['jpeg', 'png', 'webp', 'gif', 'tiff'] as const)('knows a %s', async (format) => {
    expect(await sniffType(await aPicture(format))).toBe(`image/${format}`);
  });

  it.each([
    ['audio/wav', aWav(1)],
    ['audio/mpeg', anMp3(20)],
    ['video/mp4', anMp4(1)],
    ['audio/x-m4a', anMp4(1, { brand: 'M4A ' })],
    ['video/quicktime', anMp4(1, { brand: 'qt  ' })],
    ['application/pdf', A_PDF],
    ['application/gzip', gzipSync('a')],
    ['audio/amr', Buffer.from('#!AMR\n0000')],
  ])('knows %s', async (type, bytes) => {
    expect(await sniffType(bytes)).toBe(type);
  });

  it.each([
    ['text', Buffer.from('name,price\ncoffee,3\n')],
    ['a page', Buffer.from('<!doctype html><title>a</title>')],
    ['text in UTF-16', Buffer.from('\ufeffname;price', 'utf16le')],
    ['nothing', Buffer.alloc(0)],
  ])('does not know %s', async (_what, bytes) => {
    expect(await sniffType(bytes)).toBeUndefined();
  });

  it('looks at the first bytes alone, and never throws', async () => {
    const magic = fc.constantFrom(
      '',
      'PK\x03\x04',
      'OggS',
      'RIFF',
      'ID3',
      '\x1aE\xdf\xa3',
      '\x89PNG',
      '0&\xb2u',
    );
    const rest = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(magic, rest, async (start, bytes) => {
        const head = Buffer.concat([Buffer.from(start, 'latin1'), bytes]);
        const padded = Buffer.concat([head, Buffer.alloc(SNIFFED_BYTES - head.length)]);
        const type = await sniffType(padded);
        expect(await sniffType(Buffer.concat([padded, anMp4(1)]))).toBe(type);
      }),
      { numRuns: 300 },
    );
  });
});
