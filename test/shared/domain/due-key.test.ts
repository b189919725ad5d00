import fc from 'fast-check';
import { decodeTime, ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { dueKeyOf, lastDueKey } from '#shared/domain/due-key.ts';
import { Ulid } from '#shared/domain/identifier.ts';

/** Up to the year 9999. */
const TIME_MS_MAX = 253_402_300_799_999;
// `ulid` takes 0 for no time at all.
const timeMs = fc.integer({ min: 1, max: TIME_MS_MAX });
/** A message of some time, to be sent at another or at once. */
const message = fc
  .record({ atMs: timeMs, sendAtMs: fc.option(timeMs, { nil: undefined }) })
  .map(({ atMs, sendAtMs }) => ({
    messageId: ulid(atMs),
    sendAt: sendAtMs === undefined ? undefined : new Date(sendAtMs).toISOString(),
    dueMs: sendAtMs ?? atMs,
  }));

describe('dueKeyOf', () => {
  it('is the id of a message that is due at once', () => {
    const messageId = ulid();
    expect(dueKeyOf({ messageId })).toBe(messageId);
  });

  it('is an id of the time at which a message is due', () => {
    fc.assert(
      fc.property(message, ({ dueMs, ...sent }) => {
        const key = Ulid.parse(dueKeyOf(sent));
        expect(decodeTime(key)).toBe(dueMs);
      }),
    );
  });

  it('has the order of the times', () => {
    fc.assert(
      fc.property(message, message, (a, b) => {
        fc.pre(a.dueMs < b.dueMs);
        expect(dueKeyOf(a) < dueKeyOf(b)).toBe(true);
      }),
    );
  });

  it('gives no two messages the same place, due at one time as they may be', () => {
    const ids = Array.from({ length: 2_000 }, (_, n) => ulid(1_700_000_000_000 + n));
    const sendAt = '2026-12-24T18:00:00.000Z';
    const keys = ids.map((messageId) => dueKeyOf({ messageId, sendAt }));
    expect(new Set([...keys, ...ids]).size).toBe(4_000);
  });
});

it('lastDueKey is behind all that is due by then, and before all that is due later', () => {
  fc.assert(
    fc.property(message, timeMs, ({ dueMs, ...sent }, byMs) => {
      expect(dueKeyOf(sent) <= lastDueKey(new Date(byMs))).toBe(dueMs <= byMs);
    }),
  );
});
