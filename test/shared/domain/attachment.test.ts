import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Attachment, stateOf } from '#shared/domain/attachment.ts';

const UNTIL_MS = Date.parse('2026-11-22T10:15:00.000Z');
const WAITING: Attachment = {
  accountId: '1'.repeat(24),
  attachmentId: '2'.repeat(24),
  fileName: 'report.pdf',
  mimetype: 'application/pdf',
  size: 10,
  state: 'WAITING',
  uploadUntil: new Date(UNTIL_MS).toISOString(),
  createdAt: '2026-11-22T10:00:00.000Z',
};
const HOUR_MS = 60 * 60_000;

it('waits until its URL runs out, and is gone an hour later', () => {
  const after = (ms: number) => stateOf(WAITING, undefined, new Date(UNTIL_MS + ms));

  expect(after(0)).toBe('WAITING');
  expect(after(1)).toBe('EXPIRED');
  expect(after(HOUR_MS)).toBe('EXPIRED');
  expect(after(HOUR_MS + 1)).toBe('gone');
});

it('is ready whenever its bytes are there, all of them', () => {
  const times = fc.integer({ min: -HOUR_MS, max: 1_000 * HOUR_MS });
  fc.assert(
    fc.property(times, fc.integer({ min: 0, max: 20 }), (afterMs, bytes) => {
      const at = new Date(UNTIL_MS + afterMs);
      expect(stateOf(WAITING, bytes, at) === 'READY').toBe(bytes === 10);
      expect(stateOf({ ...WAITING, state: 'READY' }, undefined, at)).toBe('READY');
    }),
  );
});
