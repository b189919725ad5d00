import { expect, it } from 'vitest';
import { LogTooSlow } from '#runner/journal/auth-log.ts';
import { AuthState } from '#runner/journal/auth-state.ts';
import { ImpatientAuthLog } from '#runner/journal/impatient-auth-log.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { GatedLog } from './gated-log.ts';
import { journalOf } from './journal-for-test.ts';

async function impatient() {
  const { storage } = await openForTest();
  const inner = new GatedLog(journalOf(storage.authBlobs));
  const sleep = new ManualSleep();
  const log = new ImpatientAuthLog(inner, { sleep: sleep.sleep });
  return { blobs: storage.authBlobs, inner, sleep, state: await AuthState.open(log) };
}

it('fails a state whose record is not durable after 5 s', async () => {
  const { inner, sleep, state } = await impatient();
  inner.shut();
  state.stage({ a: { b: 1 } });
  const flushed = state.flush();
  await until('it waits', () => sleep.asleep.length > 0);
  expect(sleep.asked).toEqual([5_000]);
  sleep.wake();
  await expect(flushed).rejects.toThrow(LogTooSlow);
  expect(state.isDead).toBe(true);
  inner.release();
  await until('it is written', () => inner.records.length === 1);
});

it('waits no longer than a record takes', async () => {
  const { sleep, state } = await impatient();
  state.stage({ a: { b: 1 } });
  await state.flush();
  expect(sleep.asleep).toEqual([]);
  expect(state.isDead).toBe(false);
});

it('takes in what was still written when it had given up', async () => {
  const { blobs, inner, sleep, state } = await impatient();
  inner.shut();
  state.stage({ a: { b: 1 } });
  const flushed = state.flush();
  await until('it waits', () => sleep.asleep.length > 0);
  sleep.wake();
  await expect(flushed).rejects.toThrow(LogTooSlow);
  inner.release();
  await until('it is written', () => inner.records.length === 1);
  expect(await journalOf(blobs).open()).toEqual({ a: { b: 1 } });
});
