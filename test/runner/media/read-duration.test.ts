import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDuration } from '#runner/media/read-duration.ts';
import { inPieces } from './pieces.ts';
import { anMp3, anMp4, anOpus, aWav } from './sample-files.ts';

const LARGE_BYTES = 20_000_000;
/** Small files are read whole: a hostile one may take as much. */
const TAKEN_BYTES_MAX = 5_000_000;

function inMemory(bytes: Buffer, sizes: readonly number[] = [262_144]) {
  let isClosed = false;
  let taken = 0;
  return {
    bytes: bytes.length,
    isClosed: () => isClosed,
    taken: () => taken,
    async *read() {
      try {
        for await (const piece of inPieces(bytes, sizes)) {
          await setImmediate();
          taken += piece.byteLength;
          yield piece;
        }
      } finally {
        isClosed = true;
      }
    },
  };
}

function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
}
const over = (piece: Buffer | string, bytes = LARGE_BYTES) => Buffer.alloc(bytes, piece, 'latin1');
const MP4_HEAD = anMp4(1).subarray(0, 20);

describe('readDuration', () => {
  it('tells the same however the file comes in', async () => {
    const files = fc.constantFrom(
      [aWav(3), 'audio/wav', 3] as const,
      [anMp3(383), 'audio/mpeg', 10] as const,
      [anMp4(7), 'video/mp4', 7] as const,
      [anOpus(12), 'audio/ogg; codecs=opus', 12] as const,
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(files, sizes, async ([bytes, mimetype, seconds], cuts) => {
        const file = inMemory(bytes, [...cuts, 5_000]);
        expect(await readDuration(file, mimetype)).toBe(seconds);
        expect(file.isClosed()).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('rounds what is shorter than a second up, and knows nothing of a file that ends early', async () => {
    expect(await readDuration(inMemory(aWav(0.2)), 'audio/wav')).toBe(1);
    expect(await readDuration(inMemory(anMp4(7).subarray(0, 1_100)), 'video/mp4')).toBeUndefined();
    expect(await readDuration(inMemory(Buffer.from('RIFF')), 'audio/wav')).toBeUndefined();
  });

  it.each([
    ['of tiny frames', 'audio/aac', over('\xff\xf1\x50\x80\x00\xff\xfc')],
    ['of frames that are none', 'audio/mpeg', Buffer.concat([anMp3(3), over('\xff')])],
    [
      'of empty chunks',
      'audio/wav',
      Buffer.concat([Buffer.from('RIFF\xff\xff\xff\x00WAVE', 'latin1'), over('junk\0\0\0\0')]),
    ],
    ['of empty boxes', 'video/mp4', Buffer.concat([MP4_HEAD, over('\0\0\0\x08free')])],
    [
      'of empty tracks',
      'video/mp4',
      Buffer.concat([MP4_HEAD, box('moov', over('\0\0\0\x08trak'))]),
    ],
    [
      'of one huge table',
      'video/mp4',
      Buffer.concat([
        MP4_HEAD,
        box(
          'moov',
          box(
            'trak',
            box(
              'mdia',
              box(
                'minf',
                box(
                  'stbl',
                  box(
                    'stsz',
                    Buffer.concat([
                      Buffer.from('\0\0\0\0\0\0\0\0\x00\x40\x00\x00', 'latin1'),
                      over('\0\0\0\x01', 16_777_216),
                    ]),
                  ),
                ),
              ),
            ),
          ),
        ),
      ]),
    ],
    [
      'of one huge tag',
      'audio/mpeg',
      Buffer.concat([
        Buffer.from('ID3\x04\0\0\x07\x7f\x7f\x7f', 'latin1'),
        over('TXXX\0\0\0\x01\0\0\0'),
      ]),
    ],
  ])('gives a hostile file up: one %s', async (_how, mimetype, bytes) => {
    const file = inMemory(bytes);
    expect(await readDuration(file, mimetype)).toBeUndefined();
    expect(file.isClosed()).toBe(true);
    expect(file.taken()).toBeLessThan(TAKEN_BYTES_MAX);
  });

  it('lets others have their turn while it reads one piece', async () => {
    let isRead = false;
    let turns = 0;
    const frames = over('\xff\xf1\x50\x80\x00\xff\xfc', 700_000);
    const reading = readDuration(inMemory(frames, [frames.length]), 'audio/aac').then(() => {
      isRead = true;
    });
    for (; !isRead; turns += 1) await setImmediate();
    await reading;
    expect(turns).toBeGreaterThan(500);
  });
});
