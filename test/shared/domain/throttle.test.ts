import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideThrottle, throttleWindow } from '#shared/domain/throttle.ts';

const limit = fc.record({
  attemptsMax: fc.integer({ min: 1, max: 1000 }),
  windowS: fc.integer({ min: 1, max: 86_400 }),
});
const time = fc.date({
  min: new Date('2000-01-01'),
  max: new Date('2100-01-01'),
  noInvalidDate: true,
});

describe('throttleWindow', () => {
  it('holds the moment it is asked for, and is as long as it should be', () => {
    fc.assert(
      fc.property(limit, time, (of, now) => {
        const { endsAtS } = throttleWindow(now, of);
        const nowS = now.getTime() / 1000;
        expect(endsAtS).toBeGreaterThan(nowS);
        expect(endsAtS - of.windowS).toBeLessThanOrEqual(nowS);
      }),
    );
  });

  it('has one name until it ends, and another from then on', () => {
    fc.assert(
      fc.property(limit, time, (of, now) => {
        const { name, endsAtS } = throttleWindow(now, of);
        expect(throttleWindow(new Date(endsAtS * 1000 - 1), of).name).toBe(name);
        expect(throttleWindow(new Date(endsAtS * 1000), of).name).not.toBe(name);
      }),
    );
  });
});

describe('decideThrottle', () => {
  it('allows as many as the limit says, and then tells when to come again', () => {
    fc.assert(
      fc.property(limit, time, fc.integer({ min: 1, max: 2000 }), (of, now, attempts) => {
        const decision = decideThrottle(attempts, of, now);
        expect(decision.kind).toBe(attempts <= of.attemptsMax ? 'allow' : 'refuse');
        if (decision.kind === 'allow') return;
        const again = new Date(now.getTime() + decision.retryAfterS * 1000);
        expect(throttleWindow(again, of).name).not.toBe(throttleWindow(now, of).name);
      }),
    );
  });
});
