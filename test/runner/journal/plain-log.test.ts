import { describe, expect, it } from 'vitest';
import { COVERED_KEPT_MS } from '#runner/journal/sweep-journal.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { journalOf, NEXT_RUNNER } from './journal-for-test.ts';

/** As version 0.1.0 wrote them, byte for byte. */
const OLD: Readonly<Record<string, string>> = {
  'auth/one/snapshot/000000000256':
    '{"creds":{"creds":{"noiseKey":{"private":{"$bytes":"AQID"}},"registered":true}},"session":{"2348179803743.0":{"v":1},"gone.0":{"v":1}}}',
  'auth/one/log/000000000256': '{"session":{"stale":{"v":9}}}',
  'auth/one/log/000000000257': '{"session":{"gone.0":null,"2348179803743.0":{"v":2}}}',
  'auth/one/log/000000000258': '{"inbox":{"abc":{"order":1,"handled":false}}}',
};
const STATE = {
  creds: { creds: { noiseKey: { private: Buffer.from([1, 2, 3]) }, registered: true } },
  session: { '2348179803743.0': { v: 2 } },
  inbox: { abc: { order: 1, handled: false } },
};

async function withOld(old: Readonly<Record<string, string>> = OLD) {
  const { storage, clock } = await openForTest();
  const blobs = storage.authBlobs;
  for (const [key, text] of Object.entries(old)) await blobs.put(key, Buffer.from(text));
  const oldKeys = async () => await Array.fromAsync(blobs.list('auth/one/'));
  return { blobs, clock, oldKeys };
}

describe('an instance of an earlier version', () => {
  it('goes on with its state, from the new journal alone', async () => {
    const { blobs, oldKeys } = await withOld();
    const journal = journalOf(blobs);
    expect(await journal.open()).toEqual(STATE);
    await journal.append({ session: { new: { v: 1 } } });
    for (const key of await oldKeys()) await blobs.delete(key);
    expect(await journalOf(blobs, { opener: NEXT_RUNNER }).open()).toEqual({
      ...STATE,
      session: { ...STATE.session, new: { v: 1 } },
    });
  });

  it('goes on with a log that has no snapshot', async () => {
    const { blobs } = await withOld({
      'auth/one/log/000000000001': '{"creds":{"creds":"linked"}}',
    });
    expect(await journalOf(blobs).open()).toEqual({ creds: { creds: 'linked' } });
  });

  it('is imported once: what is old stays as it was, for 48 hours', async () => {
    const { blobs, clock, oldKeys } = await withOld();
    const journal = journalOf(blobs, { now: clock.now });
    await journal.open();
    await journal.append({ creds: { creds: null } });
    clock.move(COVERED_KEPT_MS - 1);
    const next = journalOf(blobs, { now: clock.now, opener: NEXT_RUNNER });
    expect(await next.open()).toMatchObject({ creds: {} });
    expect(await oldKeys()).toHaveLength(4);
    clock.move(1);
    await journalOf(blobs, { now: clock.now, opener: NEXT_RUNNER }).open();
    expect(await oldKeys()).toEqual([]);
  });

  it('is forgotten with its old state when it is erased', async () => {
    const { blobs, oldKeys } = await withOld();
    const journal = journalOf(blobs);
    await journal.open();
    await journal.erase();
    expect(await oldKeys()).toEqual([]);
    expect(await journalOf(blobs).open()).toEqual({});
  });
});
