import { expect, it } from 'vitest';
import { sessionAtWork } from './session-at-work.ts';

const MINUTE_MS = 60_000;

it('ends without a word when it was replaced and the lease is another’s', async () => {
  const work = await sessionAtWork({ deps: { isLeaseOurs: async () => false } });
  const ended = work.run();
  (await work.socket(1)).open();
  await work.hasStatus('CONNECTED');
  (await work.socket(1)).end('replaced');
  expect(await ended).toBe('stopped');
  // The new owner's session says what is true.
  expect((await work.record())?.status).toBe('CONNECTED');
  expect(work.sockets).toHaveLength(1);
});

it('says CONFLICT and waits when it was replaced while the lease is ours', async () => {
  let asked = 0;
  const isLeaseOurs = async () => {
    asked += 1;
    return true;
  };
  const work = await sessionAtWork({ deps: { isLeaseOurs } });
  const ended = work.run();
  (await work.socket(1)).end('connection_lost');
  await work.asleep();
  expect(asked).toBe(0);
  work.sleep.wake();
  (await work.socket(2)).end('replaced');
  await work.hasStatus('CONFLICT');
  expect(await work.asleep()).toBe(MINUTE_MS);
  expect(asked).toBe(1);
  work.stop.abort();
  expect(await ended).toBe('stopped');
});

it('does not fight when the table cannot say whose the lease is', async () => {
  const isLeaseOurs = async () => {
    throw new Error('the table is away');
  };
  const work = await sessionAtWork({ deps: { isLeaseOurs } });
  const ended = work.run();
  (await work.socket(1)).end('replaced');
  await work.hasStatus('CONFLICT');
  expect(work.sentences()).toContain('The lease could not be looked at.');
  work.stop.abort();
  expect(await ended).toBe('stopped');
});
