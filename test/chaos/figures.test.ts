import { expect, it } from 'vitest';
import { describeMs, percentile } from './figures.ts';

it('finds the value that so many do not exceed, in any order', () => {
  const values = [5, 1, 4, 2, 3];
  expect(percentile(values, 0.5)).toBe(3);
  expect(percentile(values, 0.8)).toBe(4);
  expect(percentile(values, 0.99)).toBe(5);
  expect(percentile(values, 0)).toBe(1);
  expect(percentile([], 0.5)).toBeNaN();
});

it('says it in words', () => {
  expect(describeMs([10.4, 20, 300])).toBe('p50 20 ms, p99 300 ms, most 300 ms (3)');
  expect(describeMs([])).toBe('none');
});
