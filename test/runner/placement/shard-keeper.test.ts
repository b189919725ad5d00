import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { shardQueueSettings } from '#shared/contracts/doorbell.ts';
import { until } from '../../until.ts';
import { aMessage, anInstance } from '../records.ts';
import { bellFor, SWEEP_EVERY_MS, shardAtWork } from './shard-at-work.ts';

const FAULT_DELAY_MS = 1_000;
const POSTS_GRACE_MS = 500;

describe('ShardKeeper', () => {
  it('starts all instances of its shard that are wished ON, and takes up their webhooks', async () => {
    const on = [anInstance(2), anInstance(3), anInstance(4)];
    const off = anInstance(5, { desired: 'OFF' });
    const elsewhere = anInstance(6, { shard: 1 });
    const work = await shardAtWork([...on, off, elsewhere]);
    const ended = work.run();
    await until('three are started', () => work.sockets.length === 3);
    await work.swept();
    const ids = on.map(({ instanceId }) => instanceId);
    expect(work.connected().sort()).toEqual(ids);
    expect(work.resumed).toEqual([...ids, off.instanceId]);
    work.stop.abort();
    await ended;
    expect(work.sockets.map(({ closes }) => closes)).toEqual([
      ['stopped'],
      ['stopped'],
      ['stopped'],
    ]);
  });

  it('says how many sessions it holds, and how all of its instances are', async () => {
    const work = await shardAtWork([
      anInstance(2),
      anInstance(3),
      anInstance(4, { desired: 'OFF' }),
    ]);
    const ended = work.run();
    (await work.socket(2)).open();
    await until('one is connected', () => work.keeper.statuses().includes('CONNECTED'));
    expect(work.keeper.sessionCount).toBe(2);
    expect(work.keeper.statuses().sort()).toEqual(['CONNECTED', 'CONNECTING', 'CREATED']);
    work.stop.abort();
    await ended;
    expect(work.keeper.sessionCount).toBe(0);
  });

  it('leaves the webhooks of all its instances when the sessions are closed', async () => {
    const work = await shardAtWork([anInstance(2), anInstance(3, { desired: 'OFF' })]);
    const ended = work.run();
    await work.swept();
    await work.socket(1);
    expect(work.left).toEqual([]);
    work.stop.abort();
    await ended;
    expect(work.left.sort()).toEqual([anInstance(2).instanceId, anInstance(3).instanceId]);
  });

  it('waits half a second for webhooks that are being posted, and no longer', async () => {
    const work = await shardAtWork([anInstance(2)], () => ({
      leaveWebhooks: () => new Promise(() => undefined),
    }));
    const ended = work.run();
    await work.socket(1);
    work.stop.abort();
    await until('it waits', () => work.sleep.asleep.includes(POSTS_GRACE_MS));
    work.sleep.wake(POSTS_GRACE_MS);
    await ended;
  });

  it('forgets an instance that is deleted', async () => {
    const instance = anInstance(2);
    const work = await shardAtWork([instance]);
    const ended = work.run();
    await work.socket(1);
    await work.instances.wish(instance, { desired: 'DELETED', at: work.clock.now() });
    await work.ring(bellFor(instance, 'instance'));
    await until('it is gone', async () => (await work.instances.get(instance)) === undefined);
    expect(work.made).toHaveLength(1);
    await until('it is forgotten', () => work.keeper.statuses().length === 0);
    await work.ring(bellFor(instance, 'outbox'));
    await until('it is a stranger', () => work.made.length === 2);
    await until('it is forgotten again', () => work.keeper.statuses().length === 0);
    expect(work.sockets).toHaveLength(1);
    work.stop.abort();
    await ended;
  });

  it('looks at the instance that a doorbell names', async () => {
    const instance = anInstance(2, { desired: 'OFF' });
    const work = await shardAtWork([instance]);
    const ended = work.run();
    await work.swept();
    await work.instances.wish(instance, { desired: 'ON', at: work.clock.now() });
    await work.ring(bellFor(instance, 'instance'));
    await until('it is started', () => work.sockets.length === 1);
    work.stop.abort();
    await ended;
  });

  it('knows an instance that was created after its start', async () => {
    const work = await shardAtWork([]);
    const ended = work.run();
    await work.swept();
    const instance = anInstance(2);
    await work.instances.create(instance);
    await work.ring(bellFor(instance, 'instance'));
    await until('it is started', () => work.sockets.length === 1);
    work.stop.abort();
    await ended;
  });

  it('tells what is untold before it takes up webhooks, and again when a doorbell names the instance', async () => {
    const instance = anInstance(2, { desired: 'OFF' });
    const work = await shardAtWork([instance]);
    const ended = work.run();
    await work.swept();
    expect(work.told).toEqual([instance.instanceId]);
    await work.ring(bellFor(instance, 'instance'));
    await until('it is told', () => work.told.length === 2);
    work.stop.abort();
    await ended;
  });

  it('looks at the webhook that a doorbell names, of an instance that it does not know too', async () => {
    const work = await shardAtWork([]);
    const ended = work.run();
    await work.swept();
    const { accountId, instanceId } = anInstance(3);
    await work.ring({ kind: 'webhook', endpointId: 'one', accountId, instanceId });
    await until('it is looked at', () => work.lookedAt.length === 1);
    expect(work.lookedAt).toEqual(['one']);
    expect(work.told).toEqual([instanceId]);
    work.stop.abort();
    await ended;
  });

  it('has the outbox worked when a doorbell says so', async () => {
    const instance = anInstance(2);
    const work = await shardAtWork([instance]);
    const ended = work.run();
    const socket = await work.socket(1);
    socket.open();
    await until(
      'it is connected',
      async () => (await work.instances.get(instance))?.status === 'CONNECTED',
    );
    const message = aMessage(instance, 1);
    await work.messages.accept([message]);
    await work.ring(bellFor(instance, 'outbox'));
    await until('it is sent', () => socket.sent.length > 0);
    expect(socket.sentIds).toEqual([message.waId]);
    work.stop.abort();
    await ended;
  });

  it.each([
    ['no JSON', '{"kind":'],
    ['another kind', '{"kind":"tea","accountId":"a","instanceId":"b"}'],
    ['bad ids', '{"kind":"outbox","accountId":"../x","instanceId":"b"}'],
  ])('throws away a doorbell that cannot be read: %s', async (_name, body) => {
    const instance = anInstance(2, { desired: 'OFF' });
    const work = await shardAtWork([instance]);
    await work.ring(body);
    const ended = work.run();
    await until('it was told', () => work.sentences().includes('A doorbell could not be read.'));
    await work.instances.wish(instance, { desired: 'ON', at: work.clock.now() });
    await work.ring(bellFor(instance, 'instance'));
    await until('it goes on', () => work.sockets.length === 1);
    work.stop.abort();
    await ended;
    work.clock.move(3_600_000);
    expect(await work.queue.receive({ max: 10, waitMs: 0 })).toEqual([]);
    expect(await work.storage.openQueue(shardQueueSettings(0)).listDeadLetters()).toEqual([]);
  });

  it('finds by its sweep what lost doorbells should have told', async () => {
    const [running, sleeping] = [anInstance(2), anInstance(3, { desired: 'OFF' })];
    const work = await shardAtWork([running, sleeping]);
    const ended = work.run();
    const socket = await work.socket(1);
    socket.open();
    await work.swept();
    const message = aMessage(running, 1);
    await work.messages.accept([message]);
    await work.instances.wish(sleeping, { desired: 'ON', at: work.clock.now() });
    work.sleep.wake(SWEEP_EVERY_MS);
    await until('it is started', () => work.sockets.length === 2);
    await until('it is sent', () => socket.sent.length === 1);
    // Their webhooks are looked at each time.
    expect(work.resumed).toHaveLength(4);
    work.stop.abort();
    await ended;
  });

  it('expires what has run out, whether there is a session or not', async () => {
    const [running, off] = [anInstance(2), anInstance(3, { desired: 'OFF' })];
    const work = await shardAtWork([running, off]);
    const validUntil = work.clock.now().toISOString();
    const late = [aMessage(running, 1, { validUntil }), aMessage(off, 2, { validUntil })];
    for (const message of late) await work.messages.accept([message]);
    const ended = work.run();
    await work.swept();
    expect(work.expired.sort()).toEqual(late.map(({ messageId }) => messageId));
    work.stop.abort();
    await ended;
  });

  it('has a command answered when a doorbell says so', async () => {
    const off = anInstance(2, { desired: 'OFF' });
    const work = await shardAtWork([off]);
    const { accountId, instanceId } = off;
    const [commandId, phone] = [ulid(), '2348179803743'];
    const request = { kind: 'check_number', phone } as const;
    await work.commands.ask(instanceId, { commandId, request }, work.clock.now());
    const ended = work.run();
    await work.ring({ kind: 'command', accountId, instanceId, commandId });
    const answer = async () => (await work.commands.get(instanceId, commandId))?.answer;
    await until('it is answered', async () => (await answer()) !== undefined);
    expect(await answer()).toMatchObject({ kind: 'refused' });
    work.stop.abort();
    await ended;
  });

  it('takes up the webhooks at its next sweep when it could not at its start', async () => {
    let isDown = true;
    const resumed: string[] = [];
    const [first, second] = [anInstance(2), anInstance(3)];
    const work = await shardAtWork([first, second], () => ({
      resumeWebhooks: async (instanceId) => {
        if (isDown) throw new Error('the table is away');
        resumed.push(instanceId);
      },
    }));
    const ended = work.run();
    await work.swept();
    expect(work.sentences()).toContain('The shard could not be swept.');
    isDown = false;
    work.sleep.wake(SWEEP_EVERY_MS);
    await until('both are taken up', () => resumed.length === 2);
    expect(resumed).toEqual([first.instanceId, second.instanceId]);
    await until('both are started', () => work.sockets.length === 2);
    work.stop.abort();
    await ended;
  });

  it('goes on a second after the queue failed', async () => {
    const instance = anInstance(2, { desired: 'OFF' });
    let failures = 0;
    const work = await shardAtWork([instance], ({ storage }) => {
      const queue = storage.openQueue(shardQueueSettings(0));
      return {
        queue: {
          send: (message) => queue.send(message),
          receive: async (options) => {
            failures += 1;
            if (failures === 1) throw new Error('the queue is away');
            return await queue.receive(options);
          },
        },
      };
    });
    const ended = work.run();
    await until('it waits', () => work.sleep.asleep.includes(FAULT_DELAY_MS));
    await work.instances.wish(instance, { desired: 'ON', at: work.clock.now() });
    await work.ring(bellFor(instance, 'instance'));
    work.sleep.wake(FAULT_DELAY_MS);
    await until('it is started', () => work.sockets.length === 1);
    work.stop.abort();
    await ended;
  });
});
