import { ulid } from 'ulid';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebhookWork } from '#runner/webhooks/webhook-work.ts';
import { toOwnMessage } from '#runner/whatsapp/own-message.ts';
import type { MessageState } from '#shared/domain/message.ts';
import { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { EventRepository } from '#shared/repositories/event-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { UntoldRepository } from '#shared/repositories/untold-repository.ts';
import { recordedMetrics } from '../../recorded-metrics.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { until } from '../../until.ts';
import { startReceiver } from '../http/receiver.ts';
import { ManualSleep } from '../manual-sleep.ts';
import { aMessage, anEndpoint, anInstance } from '../records.ts';
import { listeningLog } from '../silent-log.ts';
import { eventOf } from './delivery-at-work.ts';
import { FaultyTable } from './faulty-table.ts';

const plain = anInstance(1);
const actions = { ...plain.settings.actions, send_webhook: true };
const instance = { ...plain, settings: { ...plain.settings, actions } };
const { instanceId } = instance;

/** The webhooks of one instance, all of it real. */
async function webhooksAtWork() {
  const { storage, clock } = await openForTest();
  const table = new FaultyTable(storage.table);
  const instances = new InstanceRepository(table);
  const messages = new MessageRepository(table);
  const endpoints = new EndpointRepository(table);
  const receiver = await startReceiver();
  const { log } = listeningLog();
  const stop = new AbortController();
  const options = {
    table,
    instances,
    messages,
    toOwnMessage,
    guard: { allowPrivate: true },
    newId: () => ulid(),
    now: clock.now,
    jitter: () => 0.5,
    sleep: new ManualSleep().sleep,
    metrics: recordedMetrics(),
    log,
  };
  const startRunner = () => {
    const work = new WebhookWork(options, stop.signal);
    work.delivery.hold(instanceId);
    onTestFinished(async () => {
      stop.abort();
      await work.close();
    });
    return work;
  };
  await instances.create(instance);
  await endpoints.replace(anEndpoint(instance, { url: receiver.url }), undefined);
  const events = new EventRepository(table);
  const untold = new UntoldRepository(table);
  const message = aMessage(instance, 1);
  await messages.accept([message]);
  return {
    table,
    clock,
    messages,
    endpoints,
    deliveries: new DeliveryRepository(table),
    receiver,
    startRunner,
    message,
    finish: async (to: MessageState) => await messages.finish(message, { to, at: clock.now() }),
    notes: async () => await Array.fromAsync(untold.list(instanceId)),
    /** What events there are: their names, and how far a message had come. */
    told: async () => {
      const all = await Array.fromAsync(events.after(instanceId, 0));
      return all.map(({ event: { event, data } }) => [event, Object(data).ack]);
    },
  };
}

describe('what a message comes to', () => {
  it.each<[MessageState, number, string]>([
    // What overtakes WhatsApp's own acknowledgement says that, too.
    ['DELIVERED', 2, 'onMessageSent'],
    ['READ', 3, 'onMessageSent'],
    ['PLAYED', 4, 'onMessageSent'],
    ['FAILED', -1, 'onMessageFailed'],
    ['EXPIRED', -1, 'onMessageExpired'],
    ['CANCELED', -1, 'onMessageCanceled'],
  ])('is told by whoever comes after a crash: %s', async (state, ack, end) => {
    const work = await webhooksAtWork();
    await work.finish(state);
    await work.startRunner().tell(instance);
    expect(await work.told()).toEqual([
      ...(ack > 0 ? [['onAnyMessage', ack]] : []),
      ['onAck', ack],
      [end, undefined],
    ]);
    expect(await work.notes()).toEqual([]);
  });

  it('is told step by step, as each was, when several are untold', async () => {
    const work = await webhooksAtWork();
    for (const state of ['SENT', 'DELIVERED', 'READ'] as const) {
      work.clock.move(1_000);
      await work.finish(state);
    }
    await work.startRunner().tell(instance);
    expect(await work.told()).toEqual([
      ['onAnyMessage', 1],
      ['onAck', 1],
      ['onMessageSent', undefined],
      ['onAck', 2],
      ['onAck', 3],
    ]);
  });

  it('is told once, however often somebody looks', async () => {
    const work = await webhooksAtWork();
    await work.finish('SENT');
    const [one, two] = [work.startRunner(), work.startRunner()];
    await Promise.all([one.tell(instance), one.tell(instance), one.tell(instance)]);
    await two.tell(instance);
    expect(await work.told()).toHaveLength(3);
    expect(await work.notes()).toEqual([]);
  });

  it('stays noted while the table is away, and is told later', async () => {
    const work = await webhooksAtWork();
    await work.finish('SENT');
    work.table.isAway = ({ kind }) => kind === 'write';
    const runner = work.startRunner();
    await expect(runner.tell(instance)).rejects.toThrow('away');
    work.table.isAway = () => false;
    expect(await work.notes()).toHaveLength(1);
    await runner.tell(instance);
    expect(await work.told()).toHaveLength(3);
  });

  it('is not noted when nothing changes', async () => {
    const work = await webhooksAtWork();
    await work.finish('READ');
    await work.finish('SENT');
    expect((await work.notes()).map((note) => Object(note).state)).toEqual(['READ']);
  });
});

describe('a webhook that is disabled', () => {
  it('is told to the other endpoints, and to who pulls, with its origin alone', async () => {
    const work = await webhooksAtWork();
    const other = await startReceiver();
    const listener = {
      endpointId: 'other',
      url: other.url,
      events: ['onWebhookDisabled'] as const,
    };
    const endpoint = anEndpoint(instance, { ...listener, events: [...listener.events] });
    await work.endpoints.replace(endpoint, undefined);
    work.receiver.answerWith((_post, response) => void response.writeHead(410).end());
    await work.finish('SENT');
    const runner = work.startRunner();
    await runner.tell(instance);
    await until('the other has it', () => other.posts.length === 1);
    const event = eventOf(other.posts[0]?.body ?? '');
    expect(event).toMatchObject({
      event: 'onWebhookDisabled',
      data: {
        endpoint_id: 'main',
        url: new URL(work.receiver.url).origin,
        reason: 'The endpoint answered 410 Gone.',
      },
    });
    expect(await work.told()).toEqual([
      ['onAnyMessage', 1],
      ['onAck', 1],
      ['onMessageSent', undefined],
      ['onWebhookDisabled', undefined],
    ]);
    await until('nothing is untold', async () => (await work.notes()).length === 0);
    const deliveries = await Array.fromAsync(work.deliveries.newest(instanceId));
    const toMain = deliveries.filter(({ endpointId }) => endpointId === 'main');
    expect(toMain.map(({ state }) => state)).toEqual(['DEAD', 'DEAD']);
  });

  it('is told by whoever comes after a crash, and buries what waits', async () => {
    const work = await webhooksAtWork();
    await work.finish('SENT');
    const before = work.startRunner();
    await before.leave(instanceId);
    await before.tell(instance);
    const why = { reason: 'by hand', at: work.clock.now() };
    const stored = await work.endpoints.get(instance, 'main');
    if (stored) await work.endpoints.disable(stored, why);
    await work.startRunner().tell(instance);
    expect((await work.told()).at(-1)).toEqual(['onWebhookDisabled', undefined]);
    const deliveries = await Array.fromAsync(work.deliveries.newest(instanceId));
    expect(deliveries.map(({ error }) => error)).toEqual(['by hand', 'by hand']);
    expect(work.receiver.posts).toEqual([]);
  });

  it('or deleted leaves nothing that waits', async () => {
    const work = await webhooksAtWork();
    await work.finish('SENT');
    const before = work.startRunner();
    await before.leave(instanceId);
    await before.tell(instance);
    await work.endpoints.delete(instance, 'main');
    await work.startRunner().tell(instance);
    const deliveries = await Array.fromAsync(work.deliveries.newest(instanceId));
    expect(deliveries.map(({ error }) => error)).toEqual(
      Array(2).fill('The endpoint was deleted.'),
    );
    expect(await work.notes()).toEqual([]);
  });
});
