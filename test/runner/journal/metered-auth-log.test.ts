import { expect, it } from 'vitest';
import { BlobAuthLog } from '#runner/journal/blob-auth-log.ts';
import { MeteredAuthLog } from '#runner/journal/metered-auth-log.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { GatedLog } from './gated-log.ts';

async function metered() {
  const { storage, clock } = await openForTest();
  const inner = new GatedLog(new BlobAuthLog(storage.authBlobs, 'one'));
  const metrics = recordedMetrics();
  return { inner, metrics, clock, log: new MeteredAuthLog(inner, { metrics, now: clock.now }) };
}

it('tells how long a record took to become durable', async () => {
  const { inner, log, metrics, clock } = await metered();
  inner.shut();
  const appended = log.append(1, { creds: { me: 'x' } });
  clock.move(35);
  inner.open();
  await appended;

  expect(metrics.figures).toEqual([['JournalLatency', 35]]);
});

it('tells nothing of a record that was not written, and throws what the log threw', async () => {
  const { inner, log, metrics } = await metered();
  inner.refuse(new Error('the disk is full'));

  await expect(log.append(1, {})).rejects.toThrow('the disk is full');
  expect(metrics.figures).toEqual([]);
});

it('is the log in all else', async () => {
  const { log } = await metered();
  await log.append(1, { session: { a: 1 } });
  await log.append(2, { session: { b: 2 } });
  await log.compact(1, { session: { a: 1 } });
  expect(await log.load()).toEqual({ seq: 2, state: { session: { a: 1, b: 2 } } });
  await log.erase();
  expect(await log.load()).toMatchObject({ state: {} });
});
