import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changePace, effectivePace, PaceSettings, paceInForce } from '#shared/domain/pace.ts';

const LINKED_AT = '2026-11-22T10:00:00.000Z';
const DAY_MS = 24 * 60 * 60 * 1_000;
const OLD = {
  per_minute: 20,
  burst: 5,
  chat_gap_ms: 1_000,
  new_chats_per_day: 0,
  typing: true,
};
const YOUNG = { ...OLD, per_minute: 8, new_chats_per_day: 50 };

function afterDays(days: number, isOnByDefault = true) {
  const now = new Date(new Date(LINKED_AT).getTime() + days * DAY_MS);
  return { linkedAt: LINKED_AT, now, isOnByDefault };
}

/** All settings that there may be. */
const settings = fc.record(
  {
    on: fc.boolean(),
    per_minute: fc.integer({ min: 1, max: 600 }),
    burst: fc.integer({ min: 1, max: 100 }),
    chat_gap_ms: fc.integer({ min: 0, max: 60_000 }),
    new_chats_per_day: fc.integer({ min: 0, max: 10_000 }),
    typing: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('effectivePace', () => {
  it('is slower for seven days after the number was linked', () => {
    expect(effectivePace(undefined, afterDays(0))).toEqual(YOUNG);
    expect(effectivePace(undefined, afterDays(6.999))).toEqual(YOUNG);
    expect(effectivePace(undefined, afterDays(7))).toEqual(OLD);
  });

  it('takes a number that is not linked yet for a young one', () => {
    expect(effectivePace({}, { ...afterDays(30), linkedAt: undefined })).toEqual(YOUNG);
  });

  it('is none where neither the customer nor the deployment wants one', () => {
    expect(effectivePace(undefined, afterDays(1, false))).toBeUndefined();
    expect(effectivePace({ burst: 9 }, afterDays(1, false))).toBeUndefined();
    expect(effectivePace({ on: false }, afterDays(1))).toBeUndefined();
    expect(effectivePace({ on: true }, afterDays(1, false))).toEqual(YOUNG);
  });

  it('is what the customer has set, whatever the defaults are', () => {
    const days = fc.integer({ min: 0, max: 14 });
    fc.assert(
      fc.property(settings, days, fc.boolean(), (stored, age, isOn) => {
        expect(PaceSettings.parse(stored)).toEqual(stored);
        expect(paceInForce(stored, afterDays(age, isOn))).toMatchObject(stored);
      }),
    );
  });
});

describe('changePace', () => {
  it('keeps what it is not told of, and forgets what is null', () => {
    expect(changePace(undefined, { burst: 2 })).toEqual({ burst: 2 });
    expect(changePace({ burst: 2 }, { on: false })).toEqual({ burst: 2, on: false });
    expect(changePace({ burst: 2, on: false }, { on: null })).toEqual({ burst: 2 });
  });

  it('says when nothing changes', () => {
    expect(changePace(undefined, { on: null })).toBeUndefined();
    expect(changePace({ burst: 2 }, { burst: 2, typing: null })).toBeUndefined();
  });

  it('changes nothing the second time, and can be taken back', () => {
    fc.assert(
      fc.property(settings, settings, (before, change) => {
        const after = changePace(before, change) ?? before;
        expect(after).toEqual({ ...before, ...change });
        expect(changePace(after, change)).toBeUndefined();
        const back = { ...Object.fromEntries(Object.keys(change).map((name) => [name, null])) };
        expect(changePace(changePace(after, back) ?? after, before) ?? before).toEqual(before);
      }),
    );
  });
});
