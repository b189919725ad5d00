import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideDelivery } from '#runner/webhooks/decide-delivery.ts';

const answered = (statusCode: number) => ({ kind: 'answered', statusCode }) as const;
const FAILED = { kind: 'failed', reason: 'ECONNREFUSED' } as const;
const first = { attempts: 1, isTest: false, jitter: 0.5 };
const DELAYS_S = [5, 60, 300, 1_800, 7_200, 21_600, 43_200];

describe('decideDelivery', () => {
  it.each([200, 201, 204, 299])('takes %d as delivered', (statusCode) => {
    expect(decideDelivery(answered(statusCode), first)).toEqual({ kind: 'delivered' });
  });

  it.each([
    ['an endpoint that is gone', answered(410), 'The endpoint answered 410 Gone.'],
    ['one that must not be dialled', { kind: 'refused', reason: 'Not public.' }, 'Not public.'],
  ] as const)('gives up on %s, and says why', (_name, outcome, error) => {
    expect(decideDelivery(outcome, first)).toEqual({ kind: 'give_up', error });
  });

  it.each([
    ['an answer of 500', answered(500)],
    ['a redirect', answered(302)],
    ['an answer of 404', answered(404)],
    ['an answer of 429', answered(429)],
    ['a failed connection', FAILED],
  ])('tries again after %s, later each time, then gives up', (_name, outcome) => {
    const decisions = DELAYS_S.map((_delay, index) =>
      decideDelivery(outcome, { ...first, attempts: index + 1 }),
    );
    expect(decisions).toEqual(
      DELAYS_S.map((delayS) => ({ kind: 'retry', delayMs: delayS * 1_000 })),
    );
    expect(decideDelivery(outcome, { ...first, attempts: 8 })).toMatchObject({ kind: 'give_up' });
  });

  it('tries a test once', () => {
    expect(decideDelivery(FAILED, { ...first, isTest: true })).toMatchObject({ kind: 'give_up' });
    expect(decideDelivery(answered(204), { ...first, isTest: true }).kind).toBe('delivered');
  });

  it('waits a fifth more or less by chance', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), chance, (attempts, jitter) => {
        const middle = decideDelivery(FAILED, { ...first, attempts });
        const decision = decideDelivery(FAILED, { ...first, attempts, jitter });
        expect(decision.kind).toBe(attempts <= DELAYS_S.length ? 'retry' : 'give_up');
        if (decision.kind !== 'retry' || middle.kind !== 'retry') return;
        expect(decision.delayMs).toBeGreaterThanOrEqual(0.8 * middle.delayMs);
        expect(decision.delayMs).toBeLessThanOrEqual(1.2 * middle.delayMs);
      }),
    );
  });
});
