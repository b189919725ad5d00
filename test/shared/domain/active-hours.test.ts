import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActiveTime, faultOfHours } from '#shared/domain/active-hours.ts';

const DAY = 24 * 60;
const minute = fc.integer({ min: 0, max: DAY });

function timeOf(minutes: number, isPadded = true): string {
  const hours = String(Math.floor(minutes / 60));
  return `${isPadded ? hours.padStart(2, '0') : hours}:${String(minutes % 60).padStart(2, '0')}`;
}

describe('one end of the active hours', () => {
  it('is always, or any minute of the day with or without a leading zero', () => {
    expect(ActiveTime.parse('always')).toBe('always');
    fc.assert(
      fc.property(minute, fc.boolean(), (minutes, isPadded) => {
        expect(ActiveTime.parse(timeOf(minutes, isPadded))).toBe(timeOf(minutes));
      }),
    );
  });

  it.each([
    '',
    'Always',
    'never',
    '5',
    '5:0',
    '005:00',
    '24:01',
    '25:00',
    '-1:00',
    '12:60',
    '5:00pm',
    ' 5:00',
    '5:00\n',
    '٠٥:٠٠',
  ])('is not %j', (text) => {
    expect(ActiveTime.safeParse(text).error?.issues[0]?.message).toContain('must be always');
  });
});

describe('both ends together', () => {
  it('may be any two times, over midnight too, that are not the same moment', () => {
    fc.assert(
      fc.property(minute, minute, (from, to) => {
        const fault = faultOfHours({ from: timeOf(from), to: timeOf(to) });
        const isEmpty = from === to || (from === DAY && to === 0);
        expect(fault !== undefined).toBe(isEmpty);
      }),
    );
  });

  it('may be the whole day', () => {
    expect(faultOfHours({ from: '00:00', to: '24:00' })).toBeUndefined();
    expect(faultOfHours({ from: 'always', to: 'always' })).toBeUndefined();
  });

  it('says that an empty stretch of time is not the whole day', () => {
    expect(faultOfHours({ from: '05:00', to: '05:00' })).toEqual({
      path: 'to',
      message: 'must be another time than from; the whole day is always',
    });
  });

  it('names the end that is always alone', () => {
    expect(faultOfHours({ from: '05:00', to: 'always' })?.path).toBe('to');
    expect(faultOfHours({ from: 'always', to: '05:00' })?.path).toBe('from');
  });
});
