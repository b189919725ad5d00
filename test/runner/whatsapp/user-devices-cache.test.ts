import { describe, expect, it } from 'vitest';
import { AuthState } from '#runner/journal/auth-state.ts';
import { userDevicesCache } from '#runner/whatsapp/user-devices-cache.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { journalOf } from '../journal/journal-for-test.ts';

const VALID_MS = 6 * 3_600_000;
const DEVICES = [
  { user: '1', device: 0 },
  { user: '1', device: 3 },
];

async function cacheAtWork() {
  const { storage, clock } = await openForTest();
  const log = journalOf(storage.mediaBlobs);
  const state = await AuthState.open(log);
  return {
    state,
    clock,
    cache: userDevicesCache(state, clock.now),
    reopen: async () => userDevicesCache(await AuthState.open(log), clock.now),
  };
}

describe('userDevicesCache', () => {
  it('keeps the devices of a person, over a restart too', async () => {
    const { cache, state, reopen } = await cacheAtWork();
    await cache.set('1', DEVICES);
    expect(await cache.get('1')).toEqual(DEVICES);
    expect(await cache.get('2')).toBeUndefined();
    await state.flush();
    expect(await (await reopen()).get('1')).toEqual(DEVICES);
  });

  it('forgets them after six hours', async () => {
    const { cache, clock } = await cacheAtWork();
    await cache.set('1', DEVICES);
    clock.move(VALID_MS - 1);
    expect(await cache.get('1')).toEqual(DEVICES);
    clock.move(1);
    expect(await cache.get('1')).toBeUndefined();
  });

  it('keeps nothing of those whose time is over, in the auth state either', async () => {
    const { cache, state, clock } = await cacheAtWork();
    const kept = () => Object.keys(state.all('user-devices'));
    for (const user of ['1', '2']) await cache.set(user, DEVICES);
    clock.move(VALID_MS - 1);
    await cache.set('3', DEVICES);
    expect(kept()).toEqual(['1', '2', '3']);
    clock.move(1);
    await cache.set('4', DEVICES);
    expect(kept()).toEqual(['3', '4']);
  });

  it('forgets them when it is told to, one or all', async () => {
    const { cache } = await cacheAtWork();
    for (const user of ['1', '2', '3']) await cache.set(user, DEVICES);
    await cache.del('1');
    expect([await cache.get('1'), await cache.get('2')]).toEqual([undefined, DEVICES]);
    await cache.flushAll();
    expect([await cache.get('2'), await cache.get('3')]).toEqual([undefined, undefined]);
  });

  it('takes and gives several at once', async () => {
    const { cache } = await cacheAtWork();
    await cache.mset?.([
      { key: '1', value: DEVICES },
      { key: '2', value: [] },
    ]);
    expect(await cache.mget?.(['1', '2', '3'])).toEqual({ 1: DEVICES, 2: [], 3: undefined });
    await cache.mdel?.(['1', '2']);
    expect(await cache.mget?.(['1', '2'])).toEqual({ 1: undefined, 2: undefined });
  });
});
