import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { anAccount, anApiKey, anInstance, bearer, call, dataOf, errorOf } from '../callers.ts';

const View = z.strictObject({ runners: z.array(z.unknown()), shards: z.array(z.unknown()) });

let api: ApiUnderTest;
beforeAll(async () => {
  api = await startApi({ config: { shardCount: 2 } });
});
afterAll(async () => {
  await api.close();
});

async function anAdmin() {
  const account = await anAccount(api);
  await api.deps.accounts.setRole(account.accountId, 'ADMIN');
  return account;
}

describe('GET /runners', () => {
  it('is for operators alone', async () => {
    const stranger = await call(api, 'GET /runners');
    expect(stranger.status).toBe(401);
    const customer = await call(api, 'GET /runners', { headers: (await anAccount(api)).headers });
    expect(customer.status).toBe(403);
    expect(errorOf(customer).code).toBe('forbidden');
    const { credentials } = await anInstance(api, await anAdmin());
    const instance = await call(api, `GET /runners?${new URLSearchParams(credentials)}`);
    expect(instance.status).toBe(401);
  });

  it('shows who leads, who holds what, and how much that is', async () => {
    const { runners, leases, leaders } = api.deps;
    const at = api.clock.now;
    await runners.register('one', { at, version: 'runner:7' });
    await runners.register('two', { at });
    await leaders.acquire(undefined, 'one');
    const [first] = await leases.list(2);
    if (first !== undefined) await leases.claim(first, 'one');
    await runners.beat('one', at, [{ shard: 0, sessions: 3 }]);
    const admin = await anAdmin();
    const { key } = await anApiKey(api, admin);
    const counts = await Promise.all([0, 1].map((shard) => api.deps.instances.shardLoad(shard)));

    const data = dataOf(await call(api, 'GET /runners', { headers: bearer(key) }), View);
    const time = at.toISOString();
    const both = { state: 'ALIVE', started_at: time, last_beat_at: time };
    expect(data.runners).toEqual([
      { id: 'one', ...both, version: 'runner:7', is_leader: true, shards: [0], sessions: 3 },
      { id: 'two', ...both, version: null, is_leader: false, shards: [], sessions: 0 },
    ]);
    expect(data.shards).toEqual([
      { shard: 0, owner: 'one', epoch: 1, state: 'HELD', instances: counts[0] },
      { shard: 1, owner: null, epoch: 0, state: 'FREE', instances: counts[1] },
    ]);
    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(1);

    await runners.markDead('one', { at });
    const later = dataOf(await call(api, 'GET /runners', { headers: bearer(key) }), View);
    expect(later.runners[0]).toMatchObject({ id: 'one', state: 'DEAD', sessions: 0 });
  });
});
