import { expect, it } from 'vitest';
import { LocalFailures } from '#runner/outbound/local-failures.ts';

const AT = new Date('2026-11-22T10:00:00.000Z');
const later = (ms: number) => new Date(AT.getTime() + ms);

it('has a message tried again after one and after four seconds, and then given up', () => {
  const failures = new LocalFailures();
  expect(failures.note('a', AT)).toBe('again');
  expect(failures.againMs('a')).toBe(AT.getTime() + 1_000);
  expect(failures.note('a', later(1_000))).toBe('again');
  expect(failures.againMs('a')).toBe(AT.getTime() + 5_000);
  expect(failures.note('a', later(5_000))).toBe('give_up');
  expect(failures.againMs('a')).toBeUndefined();
});

it('forgets those that were not tried again for an hour: they were canceled, or have expired', () => {
  const failures = new LocalFailures();
  failures.note('a', AT);
  failures.note('b', later(3_601_000));
  expect(failures.againMs('a')).toBeDefined();
  failures.note('b', later(3_601_001));
  expect(failures.againMs('a')).toBeUndefined();
  expect(failures.againMs('b')).toBeDefined();
});
