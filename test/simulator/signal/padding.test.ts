import { unpadRandomMax16, writeRandomPadMax16 } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { padRandom, unpad } from '#simulator/signal/padding.ts';
import { SignalError } from '#simulator/signal/signal-error.ts';

describe('the padding', () => {
  it('comes off as it went on, here and at Baileys', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const padded = padRandom(bytes);
        expect(padded.length - bytes.length).toBeGreaterThanOrEqual(1);
        expect(padded.length - bytes.length).toBeLessThanOrEqual(16);
        expect(unpad(padded).equals(bytes)).toBe(true);
        expect(Buffer.from(unpadRandomMax16(padded)).equals(bytes)).toBe(true);
        expect(unpad(writeRandomPadMax16(bytes)).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a length of 0', '610000'],
    ['a length over 16', `61${'11'.repeat(17)}`],
    ['a length over the message', '6105'],
    ['bytes that are not the length', '61010203'],
  ])('with %s is refused', (_name, hex) => {
    expect(() => unpad(Buffer.from(hex, 'hex'))).toThrow(SignalError);
  });
});
