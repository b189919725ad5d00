import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toGroupedHex } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { A_USER, anInstance } from '../domain/an-instance.ts';
import { allOf, anId, type OpenTable, openTable } from './open-table.ts';

const AT = new Date('2026-11-22T11:00:00.000Z');
const BY = { runnerId: 'runner-1', at: AT };
const QR = { code: '2@abc', expiresAt: '2026-11-22T11:00:20.000Z' };
const SHARD = 7;

let open: OpenTable;
let instances: InstanceRepository;
let instance: Instance;
let ids = 0;
beforeAll(async () => {
  open = await openTable();
  instances = new InstanceRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(async () => {
  instance = fresh();
  await instances.create(instance);
});

function fresh(change: Partial<Instance> = {}): Instance {
  ids += 1;
  const sessionId = toGroupedHex(new Uint8Array(16).fill(ids));
  return anInstance({
    accountId: anId(ids),
    instanceId: anId(1000 + ids),
    sessionId,
    shard: SHARD,
    ...change,
  });
}

describe('a record', () => {
  it('comes back as it was created, by its ids and by its session id', async () => {
    expect(await instances.get(instance)).toEqual(instance);
    expect(await instances.getBySessionId(instance.sessionId)).toEqual(instance);
  });

  it('is not found by what is not its own', async () => {
    const { accountId, instanceId } = instance;
    expect(await instances.get({ accountId: anId(999), instanceId })).toBeUndefined();
    expect(await instances.get({ accountId, instanceId: anId(999) })).toBeUndefined();
    expect(await instances.getBySessionId('0000-'.repeat(7).concat('0000'))).toBeUndefined();
    expect(await instances.getBySessionId('nonsense')).toBeUndefined();
  });

  it('is not created over another, nor with a session id that is taken', async () => {
    const load = await instances.shardLoad(SHARD);
    await expect(instances.create(instance)).rejects.toMatchObject({ opIndex: 0 });
    const second = fresh({ sessionId: instance.sessionId });
    await expect(instances.create(second)).rejects.toMatchObject({ opIndex: 1 });

    expect(await instances.get(second)).toBeUndefined();
    expect(await instances.shardLoad(SHARD)).toBe(load);
  });

  it('counts in its shard, and is listed there', async () => {
    const load = await instances.shardLoad(SHARD);
    const second = fresh();
    await instances.create(second);
    expect(await instances.shardLoad(SHARD)).toBe(load + 1);
    expect(await allOf(instances.listByShard(SHARD))).toContainEqual(second);
    expect(await instances.shardLoad(SHARD + 1)).toBe(0);

    await instances.remove(second);
    expect(await instances.shardLoad(SHARD)).toBe(load);
    expect(await allOf(instances.listByShard(SHARD))).not.toContainEqual(second);
    expect(await instances.getBySessionId(second.sessionId)).toBeUndefined();
    await expect(instances.remove(second)).rejects.toMatchObject({ opIndex: 0 });
  });
});

describe('listByAccount', () => {
  it('has all of the account and none of others, oldest first, without those being deleted', async () => {
    const { accountId } = instance;
    const createdAt = new Date(new Date(instance.createdAt).getTime() + 1).toISOString();
    const third = fresh({ accountId, createdAt });
    const second = fresh({ accountId });
    const deleted = fresh({ accountId });
    for (const next of [third, second, deleted]) await instances.create(next);
    await instances.wish(deleted, { desired: 'DELETED', at: AT });

    expect(await instances.listByAccount(accountId)).toEqual([instance, second, third]);
    expect(await allOf(instances.listByShard(SHARD))).toContainEqual(
      expect.objectContaining({ instanceId: deleted.instanceId, desired: 'DELETED' }),
    );
  });
});

describe('wish', () => {
  it('counts the generations, and leaves the status to the runner', async () => {
    const pairingRequest = { requestId: 'r', phone: '2349011668758' };
    await instances.wish(instance, { desired: 'ON', at: AT });
    const wished = await instances.wish(instance, { desired: 'ON', pairingRequest, at: AT });

    expect(wished).toEqual({
      ...instance,
      desired: 'ON',
      generation: 2,
      pairingRequest,
      updatedAt: AT.toISOString(),
    });
    expect(await instances.get(instance)).toEqual(wished);
  });

  it('is not taken by an instance that is being deleted, or is gone', async () => {
    await instances.wish(instance, { desired: 'DELETED', at: AT });
    const again = { desired: 'ON', at: AT } as const;
    await expect(instances.wish(instance, again)).rejects.toMatchObject({ opIndex: 0 });

    await instances.remove(instance);
    await expect(instances.wish(instance, again)).rejects.toMatchObject({ opIndex: 0 });
    expect(await instances.get(instance)).toBeUndefined();
  });

  it('loses no generation when many come at once', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () => instances.wish(instance, { desired: 'ON', at: AT })),
    );

    expect((await instances.get(instance))?.generation).toBe(10);
  });
});

describe('report', () => {
  it('sets what it says, keeps what it does not, and takes away what is null', async () => {
    await instances.report(instance, { status: 'SCAN_QR', qr: QR }, BY);
    expect(await instances.get(instance)).toMatchObject({ status: 'SCAN_QR', qr: QR });

    await instances.report(instance, { status: 'CONNECTED', user: A_USER, qr: null }, BY);
    const connected = await instances.get(instance);
    expect(connected).toMatchObject({ status: 'CONNECTED', user: A_USER, generation: 0 });
    expect(connected).not.toHaveProperty('qr');

    await instances.report(instance, { status: 'DISCONNECTED' }, BY);
    expect((await instances.get(instance))?.user).toEqual(A_USER);
    const loggedOut = await instances.report(instance, { status: 'LOGGED_OUT', user: null }, BY);
    expect(loggedOut).not.toHaveProperty('user');
  });

  it('does not bring a removed instance back', async () => {
    await instances.remove(instance);
    const report = { status: 'CONNECTED' } as const;

    await expect(instances.report(instance, report, BY)).rejects.toMatchObject({ opIndex: 0 });
    await expect(
      instances.answerPairing(instance, { requestId: 'r', code: 'ABCDEFGH' }),
    ).rejects.toMatchObject({ opIndex: 0 });
    expect(await instances.get(instance)).toBeUndefined();
  });
});

it('keeps the answer to a pairing request', async () => {
  const answer = { requestId: 'r', code: 'ABCDEFGH' };
  await instances.answerPairing(instance, answer);

  expect(await instances.get(instance)).toEqual({ ...instance, pairingAnswer: answer });
});
