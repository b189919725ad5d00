import { describe, expect, it } from 'vitest';
import { FAIL_POINTS_SEED, tryFailPoints } from '#simulation/try-fail-points.ts';
import type { Safeguard } from '#simulation/world/safeguards.ts';

const TIMEOUT_MS = 180_000;
/** Those that a failure at a single point needs. */
const NEEDED: readonly Safeguard[] = ['inbox', 'stable_wa_id', 'untold'];
/** What a life must have come past, or the failures would prove little. */
const POINTS = [
  'it asks the table',
  'it asks the blobs',
  'it asks the keys',
  'it says message to WhatsApp',
  'it says receipt to WhatsApp',
  'WhatsApp says message',
  'WhatsApp says ack',
  'the webhooks answers',
];

describe('a runner that fails at one point', () => {
  it(
    'loses nothing and doubles nothing, whichever point of claims, a login, sends, an inbound message and a hand-over it is',
    async () => {
      const names = new Set<string>();
      for await (const { failAt, name, outcome } of tryFailPoints({ seed: FAIL_POINTS_SEED })) {
        names.add(name);
        expect(outcome.violation, `${JSON.stringify(failAt)}: ${name}`).toBeUndefined();
      }
      expect([...names]).toEqual(expect.arrayContaining(POINTS));
    },
    TIMEOUT_MS,
  );

  it.each(NEEDED)(
    'breaks a promise at some point when %s is left out',
    async (without) => {
      let isNoticed = false;
      for await (const { outcome } of tryFailPoints({ seed: FAIL_POINTS_SEED, without })) {
        isNoticed ||= outcome.violation !== undefined;
        if (isNoticed) break;
      }
      expect(isNoticed).toBe(true);
    },
    TIMEOUT_MS,
  );
});
