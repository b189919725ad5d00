import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FrameReader, frameOf, INTRO_HEADER } from '#simulator/wire/frames.ts';
import { WireError } from '#simulator/wire/wire-error.ts';

const routing = Buffer.concat([Buffer.from('ED'), Buffer.of(0, 1, 0, 0, 3), Buffer.from('xyz')]);

describe('the frame reader', () => {
  it('gives the same frames however the stream is cut', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 });
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(payloads, cuts, fc.boolean(), (frames, sizes, hasRouting) => {
        const intro = hasRouting ? [routing, INTRO_HEADER] : [INTRO_HEADER];
        const stream = Buffer.concat([...intro, ...frames.map(frameOf)]);
        const reader = new FrameReader();
        const read: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          read.push(...reader.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(read.map((frame) => frame.toString('hex'))).toEqual(
          frames.map((frame) => Buffer.from(frame).toString('hex')),
        );
      }),
    );
  });

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1')],
    [
      'a routing info that is too long',
      Buffer.concat([Buffer.from('ED'), Buffer.of(0, 1, 9, 0, 0)]),
    ],
    ['no WA header behind the routing info', Buffer.concat([routing, Buffer.from('XX')])],
  ])('refuses %s', (_name, bytes) => {
    expect(() => new FrameReader().push(bytes)).toThrow(WireError);
  });

  it('refuses a frame over its limit before it has arrived', () => {
    const reader = new FrameReader({ frameBytesMax: 10 });
    reader.push(INTRO_HEADER);
    expect(reader.push(frameOf(Buffer.alloc(10)))).toHaveLength(1);
    expect(() => reader.push(Buffer.of(0, 0, 11))).toThrow(WireError);
  });
});

describe('a frame', () => {
  it('is the payload behind its length in three bytes', () => {
    expect(frameOf(Buffer.from('abc')).toString('hex')).toBe('000003616263');
  });

  it('cannot be longer than its length can say', () => {
    expect(() => frameOf(Buffer.alloc(0x1000000))).toThrow(WireError);
  });
});
