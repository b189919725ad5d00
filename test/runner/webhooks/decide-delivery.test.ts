import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideDelivery } from '#runner/webhooks/decide-delivery.ts';

const answered = (statusCode: number) => ({ kind: 'answered', statusCode }) as const;
const FAILED = { kind: 'failed', reason: 'ECONNREFUSED' } as const;

describe('decideDelivery', () => {
  it.each([200, 201, 204, 299])('takes %d as delivered', (statusCode) => {
    expect(decideDelivery(answered(statusCode), 1, 0.5)).toEqual({ kind: 'delivered' });
  });

  it('disables an endpoint that answers 410', () => {
    expect(decideDelivery(answered(410), 1, 0.5)).toMatchObject({ kind: 'disable' });
  });

  it('disables an endpoint that must not be dialled, and says why', () => {
    expect(decideDelivery({ kind: 'refused', reason: 'Not public.' }, 1, 0.5)).toEqual({
      kind: 'disable',
      reason: 'Not public.',
    });
  });

  it.each([
    ['an answer of 500', answered(500)],
    ['a redirect', answered(302)],
    ['an answer of 404', answered(404)],
    ['an answer of 429', answered(429)],
    ['a failed connection', FAILED],
  ])('tries again after %s, later each time, then gives up', (_name, outcome) => {
    const delays = [1, 2, 3, 4, 5].map((attempts) => decideDelivery(outcome, attempts, 0.5));
    expect(delays).toEqual(
      [1_000, 5_000, 30_000, 60_000, 300_000].map((delayMs) => ({ kind: 'retry', delayMs })),
    );
    expect(decideDelivery(outcome, 6, 0.5)).toEqual({ kind: 'give_up' });
  });

  it('waits a fifth more or less by chance', () => {
    const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), jitter, (attempts, chance) => {
        const middle = decideDelivery(FAILED, attempts, 0.5);
        const decision = decideDelivery(FAILED, attempts, chance);
        expect(decision.kind).toBe(attempts <= 5 ? 'retry' : 'give_up');
        if (decision.kind !== 'retry' || middle.kind !== 'retry') return;
        expect(decision.delayMs).toBeGreaterThanOrEqual(0.8 * middle.delayMs);
        expect(decision.delayMs).toBeLessThanOrEqual(1.2 * middle.delayMs);
      }),
    );
  });
});
