import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterPost, type Breaker, CLOSED, decideGate, isOut } from '#runner/webhooks/breaker.ts';

const broken = (results: readonly boolean[], nowMs = 0, from: Breaker = CLOSED) =>
  results.reduce((breaker, isDelivered) => afterPost(breaker, isDelivered, nowMs), from);
const FIVE_FAILURES = [false, false, false, false, false];

describe('the breaker', () => {
  it('lets four through while posts come through, and one after a failure', () => {
    expect(decideGate(CLOSED, 0)).toEqual({ kind: 'open', inFlightMax: 4 });
    expect(decideGate(broken([false]), 0)).toEqual({ kind: 'open', inFlightMax: 1 });
    expect(decideGate(broken([false, true]), 0)).toEqual({ kind: 'open', inFlightMax: 4 });
  });

  it('shuts for 30 s after five failures in a row, then lets one through', () => {
    const shut = broken(FIVE_FAILURES, 1_000);
    expect(decideGate(shut, 30_999)).toEqual({ kind: 'shut', untilMs: 31_000 });
    expect(decideGate(shut, 31_000)).toEqual({ kind: 'open', inFlightMax: 1 });
  });

  it('shuts again when that one fails, and is as new when it comes through', () => {
    const shut = broken(FIVE_FAILURES);
    const again = afterPost(shut, false, 30_000);
    expect(decideGate(again, 59_999)).toEqual({ kind: 'shut', untilMs: 60_000 });
    expect(afterPost(again, true, 60_000)).toEqual(CLOSED);
  });

  it('is out after any five failures in a row, and never by fewer', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), (results) => {
        const inARow = results.length - 1 - results.lastIndexOf(true);
        expect(isOut(broken(results))).toBe(inARow >= 5);
        expect(decideGate(broken(results), 0).kind).toBe(inARow >= 5 ? 'shut' : 'open');
      }),
    );
  });
});
