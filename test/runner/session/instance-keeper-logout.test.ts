import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { aMessage } from '../records.ts';
import { aDelivery } from '../webhooks/delivery-at-work.ts';
import { keeperAtWork } from './keeper-at-work.ts';

const USER = { id: '2349040613521:8@s.whatsapp.net', name: 'Shop' };
const LOGOUT_TIMEOUT_MS = 10_000;

describe('InstanceKeeper, wished LOGGED_OUT', () => {
  const LINKED = { desired: 'LOGGED_OUT', status: 'CONNECTED', user: USER } as const;

  it('tells WhatsApp, erases the keys and says so', async () => {
    const { keeper, socket, record, link, authLog, recorded } = await keeperAtWork(LINKED);
    await link();
    const looked = keeper.look();
    const connection = await socket(1);
    connection.open(USER);
    await looked;
    expect(connection.logouts).toBe(1);
    const after = await record();
    expect(after?.status).toBe('LOGGED_OUT');
    expect(after?.user).toBeUndefined();
    expect((await authLog.load()).state).toEqual({});
    expect(recorded.filter(({ event }) => event === 'onLogout')).toHaveLength(1);
  });

  it('forgets the keys also when WhatsApp cannot be told in time', async () => {
    const { keeper, socket, record, link, authLog, sleep } = await keeperAtWork(LINKED);
    await link();
    const looked = keeper.look();
    const connection = await socket(1);
    await until('it waits', () => sleep.asleep.includes(LOGOUT_TIMEOUT_MS));
    sleep.wake(LOGOUT_TIMEOUT_MS);
    await looked;
    expect(connection.logouts).toBe(0);
    expect((await record())?.status).toBe('LOGGED_OUT');
    expect((await authLog.load()).state).toEqual({});
  });

  it('does not wait for WhatsApp when no phone was ever linked', async () => {
    const { keeper, record, sleep } = await keeperAtWork({
      desired: 'LOGGED_OUT',
      status: 'SCAN_QR',
    });
    await keeper.look();
    expect((await record())?.status).toBe('LOGGED_OUT');
    expect(sleep.asked).not.toContain(LOGOUT_TIMEOUT_MS);
  });

  it.each(['CREATED', 'LOGGED_OUT'] as const)('does nothing when it is %s', async (status) => {
    const { keeper, sockets, record } = await keeperAtWork({ desired: 'LOGGED_OUT', status });
    await keeper.look();
    await keeper.look();
    expect(sockets).toEqual([]);
    expect((await record())?.status).toBe(status);
  });

  it('does it once, however often it looks', async () => {
    const { keeper, socket, sockets, record } = await keeperAtWork(LINKED);
    const looks = [keeper.look(), keeper.look()];
    (await socket(1)).open(USER);
    await Promise.all(looks);
    await keeper.look();
    expect(sockets).toHaveLength(1);
    expect((await record())?.desired).toBe('LOGGED_OUT');
  });

  it('can be linked again when it is wished ON', async () => {
    const { keeper, socket, wish, hasStatus, stop } = await keeperAtWork(LINKED);
    const looked = keeper.look();
    (await socket(1)).open(USER);
    await looked;
    await wish('ON');
    await keeper.look();
    const connection = await socket(2);
    connection.listener.onQr('code', new Date('2026-11-22T12:01:00Z'));
    await hasStatus('SCAN_QR');
    await stop();
  });
});

describe('InstanceKeeper, wished DELETED', () => {
  it('logs out, purges messages, webhooks and keys, and removes the record', async () => {
    const work = await keeperAtWork({ desired: 'DELETED', status: 'CONNECTED', user: USER });
    const { keeper, socket, record, link, messages, instance, authLog } = work;
    const { instanceId } = instance;
    await link();
    const message = aMessage(instance, 1);
    await messages.accept([message]);
    await messages.finish(message, { to: 'CANCELED', at: work.clock.now() });
    const event = {
      id: 'evt_1',
      event: 'onAck' as const,
      ts: work.clock.now().getTime(),
      session_id: instance.sessionId,
      instance_id: instanceId,
      seq: 1,
      data: {},
    };
    const delivery = aDelivery(event, work.clock.now());
    await work.events.append({ event, deliveries: [delivery] });
    const looked = keeper.look();
    const connection = await socket(1);
    connection.open(USER);
    await looked;
    expect(connection.logouts).toBe(1);
    expect(await record()).toBeUndefined();
    expect(await work.instances.getBySessionId(instance.sessionId)).toBeUndefined();
    expect(await work.instances.shardLoad(instance.shard)).toBe(0);
    expect(await messages.get(message.messageId)).toBeUndefined();
    expect(await Array.fromAsync(work.outbox.all(instance.instanceId))).toEqual([]);
    expect(await work.endpoints.list(instance)).toEqual([]);
    expect(await work.events.lastSeq(instanceId)).toBe(0);
    expect(await Array.fromAsync(work.events.after(instanceId, 0))).toEqual([]);
    expect(await Array.fromAsync(work.deliveries.newest(instanceId))).toEqual([]);
    expect(await work.deliveries.firstWaiting(delivery, 10)).toEqual({
      places: [],
      hasMore: false,
    });
    expect(await Array.fromAsync(work.untold.list(instanceId))).toEqual([]);
    expect((await authLog.load()).state).toEqual({});
  });

  it('removes an instance that was never started without a session', async () => {
    const { keeper, sockets, record } = await keeperAtWork({ desired: 'DELETED' });
    await Promise.all([keeper.look(), keeper.look()]);
    expect(sockets).toEqual([]);
    expect(await record()).toBeUndefined();
  });

  it('does it again when the purge failed half way', async () => {
    let purges = 0;
    const { keeper, record, sentences } = await keeperAtWork({ desired: 'DELETED' }, () => ({
      purge: async () => {
        purges += 1;
        if (purges === 1) throw new Error('the table is away');
      },
    }));
    await keeper.look();
    expect(sentences()).toContain('The instance could not be looked after.');
    expect((await record())?.desired).toBe('DELETED');
    await keeper.look();
    expect(await record()).toBeUndefined();
  });

  it('stays wished DELETED when its session gives up meanwhile', async () => {
    const desired: unknown[] = [];
    const work = await keeperAtWork(
      { desired: 'DELETED', status: 'CONNECTED', user: USER },
      (home) => ({
        purge: async () => void desired.push((await home.record())?.desired),
      }),
    );
    const looked = work.keeper.look();
    (await work.socket(1)).end('forbidden');
    await work.hasStatus('FORBIDDEN');
    await until('it waits', () => work.sleep.asleep.includes(LOGOUT_TIMEOUT_MS));
    work.sleep.wake(LOGOUT_TIMEOUT_MS);
    await looked;
    expect(desired).toEqual(['DELETED']);
    expect(await work.record()).toBeUndefined();
  });
});
