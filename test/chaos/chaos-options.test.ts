import { expect, it } from 'vitest';
import { readChaosOptions } from './chaos-options.ts';

it('is the whole run without any word', () => {
  expect(readChaosOptions([], { seed: 5 })).toMatchObject({
    instances: 200,
    minutes: 10,
    sends: 20_000,
    inbound: 20_000,
    faults: 30,
    runners: 3,
    seed: 5,
  });
});

it('takes what it is told', () => {
  const args = ['--instances', '20', '--minutes', '0.5', '--faults', '0', '--seed', '9'];
  expect(readChaosOptions(args, { seed: 5 })).toMatchObject({
    instances: 20,
    minutes: 0.5,
    faults: 0,
    seed: 9,
  });
});

it.each([
  ['--instances', '0'],
  ['--minutes', '-1'],
  ['--sends', 'many'],
  ['--runners', '2.5'],
  ['--unknown', '1'],
])('refuses %s %s', (name, value) => {
  expect(() => readChaosOptions([name, value], { seed: 5 })).toThrow(name.replace('--', ''));
});
