import { expect, it } from 'vitest';
import { encodeChanges } from '#runner/journal/changes.ts';
import { MeteredAuthLog } from '#runner/journal/metered-auth-log.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { GatedLog } from './gated-log.ts';
import { journalOf } from './journal-for-test.ts';

async function metered() {
  const { storage, clock } = await openForTest();
  const inner = new GatedLog(journalOf(storage.authBlobs));
  const metrics = recordedMetrics();
  const log = new MeteredAuthLog(inner, { metrics, now: clock.now });
  await log.open();
  return { inner, metrics, clock, log };
}

it('tells how long a record took to become durable', async () => {
  const { inner, log, metrics, clock } = await metered();
  inner.shut();
  const appended = log.append({ creds: { me: 'x' } });
  clock.move(35);
  inner.release();
  await appended;

  expect(metrics.figures).toEqual([['JournalLatency', 35]]);
});

it('tells nothing of a record that was not written, and throws what the log threw', async () => {
  const { inner, log, metrics } = await metered();
  inner.refuse(new Error('the disk is full'));

  await expect(log.append({})).rejects.toThrow('the disk is full');
  expect(metrics.figures).toEqual([]);
});

it('is the log in all else', async () => {
  const { log } = await metered();
  await log.append({ session: { a: 1 } });
  await log.append({ session: { b: 2 } });
  expect(log.isSnapshotDue).toBe(false);
  await log.compact(encodeChanges({ session: { a: 1, b: 2 } }));
  await log.close(() => encodeChanges({}));
  expect(await log.open()).toEqual({ session: { a: 1, b: 2 } });
  await log.erase();
  expect(await log.open()).toEqual({});
});
