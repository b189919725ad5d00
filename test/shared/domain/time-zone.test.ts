import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeZone } from '#shared/domain/time-zone.ts';

describe('the name of a time zone', () => {
  it.each(['Africa/Harare', 'America/Port-au-Prince', 'Etc/GMT+1', 'UTC'])('%s is kept', (name) => {
    expect(TimeZone.parse(name)).toBe(name);
  });

  it('gets the capitals of the registry', () => {
    expect(TimeZone.parse('africa/harare')).toBe('Africa/Harare');
    expect(TimeZone.parse('utc')).toBe('UTC');
  });

  it.each(['US/Pacific', 'Europe/Kyiv', 'Europe/Kiev', 'EST'])(
    'stays %s, though the runtime may call the zone otherwise',
    (name) => {
      expect(TimeZone.parse(name)).toBe(name);
    },
  );

  it('is kept so that parsing it again changes nothing, for all that the runtime has', () => {
    const names = Intl.supportedValuesOf('timeZone');
    expect(names.length).toBeGreaterThan(300);
    for (const name of names) expect(TimeZone.parse(name.toLowerCase())).toBe(name);
  });
});

describe('a fixed offset', () => {
  it.each([
    ['+1', '+1'],
    ['+01', '+1'],
    ['+01:00', '+1'],
    ['+1:00', '+1'],
    ['-03:30', '-03:30'],
    ['-3:30', '-03:30'],
    ['+5:45', '+05:45'],
    ['-12:00', '-12'],
    ['+14:00', '+14'],
    ['-0:30', '-00:30'],
    ['+0', '+0'],
    ['-0', '+0'],
    ['-00:00', '+0'],
  ])('%s is kept as %s', (text, kept) => {
    expect(TimeZone.parse(text)).toBe(kept);
  });

  it('is kept for every minute from -12:00 to +14:00, in one form that the runtime takes', () => {
    const offset = fc.integer({ min: -20 * 60, max: 20 * 60 });
    fc.assert(
      fc.property(offset, (minutes) => {
        const size = Math.abs(minutes);
        const digits = [Math.floor(size / 60), size % 60].map((part) =>
          String(part).padStart(2, '0'),
        );
        const text = `${minutes < 0 ? '-' : '+'}${digits.join(':')}`;
        const kept = TimeZone.safeParse(text).data;
        if (minutes < -720 || minutes > 840) expect(kept).toBeUndefined();
        else expect(TimeZone.parse(kept)).toBe(kept);
      }),
    );
  });
});

it.each([
  '',
  ' ',
  'Nowhere/Land',
  '1',
  ' 1',
  '+',
  '+1:5',
  '+1:60',
  '+15',
  '+14:01',
  '-12:01',
  '+0100',
  '+23:00',
  'UTC+1',
  '../etc/passwd',
  'Africa/Harare ',
  'x'.repeat(100_000),
])('refuses %j', (text) => {
  const { success, error } = TimeZone.safeParse(text);

  expect(success).toBe(false);
  expect(error?.issues[0]?.message).toContain('must be a time zone');
});

it('refuses any other text, and throws at none', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { data } = TimeZone.safeParse(text);
      if (data !== undefined) expect(TimeZone.parse(data)).toBe(data);
    }),
  );
});
