import { describe, expect, it } from 'vitest';
import type { Happening } from '#runner/webhooks/event-recorder.ts';
import type { WebhookEndpoint } from '#shared/domain/webhook.ts';
import { DeliveryRepository } from '#shared/repositories/delivery-repository.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { EventRepository } from '#shared/repositories/event-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { toUntoldOp, UntoldRepository } from '#shared/repositories/untold-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { aRecorder } from './a-recorder.ts';
import { FaultyTable } from './faulty-table.ts';

const instance = anInstance(1);
const { instanceId } = instance;

async function recorderAtWork(...changes: Partial<WebhookEndpoint>[]) {
  const { storage } = await openForTest();
  const table = new FaultyTable(storage.table);
  const endpoints = new EndpointRepository(table);
  for (const change of changes.length === 0 ? [{}] : changes) {
    await endpoints.replace(anEndpoint(instance, change), undefined);
  }
  const events = new EventRepository(table);
  const deliveries = new DeliveryRepository(table);
  return {
    table,
    endpoints,
    events,
    untold: new UntoldRepository(table),
    instances: new InstanceRepository(table),
    ...aRecorder(table),
    /** All that can be pulled. */
    listed: async () =>
      (await Array.fromAsync(events.after(instanceId, 0))).map(({ event }) => event),
    /** The numbers that wait for an endpoint. */
    waiting: async (endpointId = 'main') => {
      const found = await Array.fromAsync(deliveries.waiting({ instanceId, endpointId }));
      return found.map(({ seq }) => seq);
    },
  };
}

const happening = (key: string, changes: Partial<Happening> = {}): Happening => ({
  event: 'onAck',
  at: new Date('2026-11-22T12:00:00Z'),
  key,
  data: { key },
  ...changes,
});
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

describe('EventRecorder', () => {
  it('records an event as it is to be posted, and then tells of it', async () => {
    const { recorder, recorded, listed } = await recorderAtWork();
    await recorder.record(instance, happening('one'));
    expect(recorded).toEqual([
      {
        id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
        event: 'onAck',
        ts: Date.parse('2026-11-22T12:00:00Z'),
        session_id: instance.sessionId,
        instance_id: instance.instanceId,
        seq: 1,
        data: { key: 'one' },
      },
    ]);
    expect(await listed()).toEqual(recorded);
  });

  it('numbers without gaps, in the order told, also what is told at the same time', async () => {
    const { recorder, recorded, listed } = await recorderAtWork();
    await Promise.all(upTo(60).map((n) => recorder.record(instance, happening(`event ${n}`))));
    expect(recorded.map(({ seq }) => seq)).toEqual(upTo(60));
    expect(recorded.map(({ data }) => data)).toEqual(upTo(60).map((n) => ({ key: `event ${n}` })));
    expect(await listed()).toEqual(recorded);
  });

  it('records once what is told twice, without a gap, at whatever time', async () => {
    const { recorder, recorded } = await recorderAtWork();
    const later = { at: new Date('2026-11-22T13:00:00Z') };
    await Promise.all([
      recorder.record(instance, happening('one')),
      recorder.record(instance, happening('one', later)),
      recorder.record(instance, happening('two')),
      recorder.record(instance, happening('one', later)),
      recorder.record(instance, happening('three')),
    ]);
    expect(recorded.map(({ seq, data }) => [seq, data])).toEqual([
      [1, { key: 'one' }],
      [2, { key: 'two' }],
      [3, { key: 'three' }],
    ]);
  });

  it('tells events of one key and different names apart', async () => {
    const { recorder, recorded } = await recorderAtWork();
    await recorder.record(instance, happening('one', { event: 'onMessage' }));
    await recorder.record(instance, happening('one', { event: 'onAnyMessage' }));
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(2);
  });

  it('numbers each instance by itself', async () => {
    const { recorder, recorded } = await recorderAtWork();
    const other = anInstance(2);
    await Promise.all([
      recorder.record(instance, happening('one')),
      recorder.record(other, happening('one')),
      recorder.record(other, happening('two')),
    ]);
    const seqs = (id: string) =>
      recorded.filter((event) => event.instance_id === id).map(({ seq }) => seq);
    expect(seqs(instance.instanceId)).toEqual([1]);
    expect(seqs(other.instanceId)).toEqual([1, 2]);
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(3);
  });

  it('goes on where the runner before it stopped', async () => {
    const { recorder, table, listed } = await recorderAtWork();
    await recorder.record(instance, happening('one'));
    const { recorder: next } = aRecorder(table);
    await next.record(instance, happening('one'));
    await next.record(instance, happening('two'));
    expect((await listed()).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('loses no number, and takes the event at the next try, when the table was away', async () => {
    const { recorder, recorded, table } = await recorderAtWork();
    await recorder.record(instance, happening('one'));
    table.isAway = ({ kind }) => kind === 'write';
    const failed = recorder.record(instance, happening('two'));
    const behind = recorder.record(instance, happening('three'));
    await expect(failed).rejects.toThrow('away');
    await expect(behind).rejects.toThrow('away');
    table.isAway = () => false;
    await recorder.record(instance, happening('two'));
    await recorder.record(instance, happening('three'));
    expect(recorded.map(({ seq, data }) => [seq, data])).toEqual([
      [1, { key: 'one' }],
      [2, { key: 'two' }],
      [3, { key: 'three' }],
    ]);
  });

  it('reads the last number anew for an instance that it was told to forget', async () => {
    const { recorder, table, listed } = await recorderAtWork();
    await recorder.record(instance, happening('one'));
    await aRecorder(table).recorder.record(instance, happening('two, by another runner'));
    await expect(recorder.record(instance, happening('three'))).rejects.toThrow();
    recorder.forget(instance.instanceId);
    await recorder.record(instance, happening('three'));
    expect((await listed()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});

describe('EventRecorder, for endpoints', () => {
  it('makes a delivery for each that wants the event, with what its filters say', async () => {
    const { recorder, all, waiting } = await recorderAtWork(
      { endpointId: 'all' },
      { endpointId: 'groups', filters: { groups: true } },
      { endpointId: 'messages', events: ['onMessage'] },
      { endpointId: 'failing', state: 'FAILING' },
      { endpointId: 'off', state: 'DISABLED' },
    );
    const data = { chatId: '1@c.us', fromMe: true };
    await recorder.record(instance, happening('one', { data }));
    await recorder.record(instance, happening('two', { data: { ...data, chatId: '2@g.us' } }));
    const made = all.map(({ deliveries }) => deliveries.map(({ endpointId }) => endpointId));
    expect(made).toEqual([
      ['all', 'failing'],
      ['all', 'failing', 'groups'],
    ]);
    expect(await waiting('all')).toEqual([1, 2]);
    expect(await waiting('groups')).toEqual([2]);
    expect(await waiting('messages')).toEqual([]);
  });

  it('records what nobody wants, to be pulled', async () => {
    const { recorder, listed, waiting } = await recorderAtWork({ events: ['onMessage'] });
    await recorder.record(instance, happening('one'));
    expect((await listed()).map(({ data }) => data)).toEqual([{ key: 'one' }]);
    expect(await waiting()).toEqual([]);
  });

  it('does not write down what is fleeting, but for an endpoint that wants it', async () => {
    const { recorder, listed } = await recorderAtWork({ events: ['onAck'] });
    await recorder.record(instance, happening('a', { event: 'onMessage', isFleeting: true }));
    await recorder.record(instance, happening('b', { isFleeting: true }));
    expect((await listed()).map(({ seq, data }) => [seq, data])).toEqual([[1, { key: 'b' }]]);
  });

  it.each([
    ['none while the instance sends no webhooks', false, []],
    ['them while it does', true, [1]],
  ])('makes %s', async (_name, send_webhook, expected) => {
    const { recorder, instances, listed, waiting } = await recorderAtWork();
    const { settings } = instance;
    const actions = { ...settings.actions, send_webhook };
    await instances.create({ ...instance, settings: { ...settings, actions } });
    await recorder.record(instance, happening('one'));
    expect(await waiting()).toEqual(expected);
    expect(await listed()).toHaveLength(1);
  });
});

describe('EventRecorder, told of one moment', () => {
  const moment = (key: string, ...events: Happening['event'][]) =>
    events.map((event) => happening(key, { event }));

  it('records all of it in one transaction, in its order', async () => {
    const { recorder, recorded, table } = await recorderAtWork();
    let writes = 0;
    table.isAway = ({ kind }) => {
      writes += kind === 'write' ? 1 : 0;
      return false;
    };
    await recorder.record(instance, moment('one', 'onMessage', 'onAnyMessage', 'onButton'));
    expect(writes).toBe(1);
    expect(recorded.map(({ seq, event }) => [seq, event])).toEqual([
      [1, 'onMessage'],
      [2, 'onAnyMessage'],
      [3, 'onButton'],
    ]);
  });

  it('records what is new of it when the rest is there already', async () => {
    const { recorder, listed } = await recorderAtWork();
    await recorder.record(instance, happening('one', { event: 'onAnyMessage' }));
    await recorder.record(instance, moment('one', 'onMessage', 'onAnyMessage', 'onButton'));
    await recorder.record(instance, moment('one', 'onMessage', 'onAnyMessage', 'onButton'));
    expect((await listed()).map(({ seq, event }) => [seq, event])).toEqual([
      [1, 'onAnyMessage'],
      [2, 'onMessage'],
      [3, 'onButton'],
    ]);
  });

  it('takes the note away that it was untold, even when it was recorded before', async () => {
    const { recorder, untold, table, events } = await recorderAtWork();
    const note = { kind: 'webhook_deleted', endpointId: 'one' } as const;
    const other = { kind: 'webhook_deleted', endpointId: 'two' } as const;
    await table.write(toUntoldOp(instanceId, note), toUntoldOp(instanceId, other));
    await recorder.record(instance, moment('one', 'onMessage'), [note]);
    expect(await Array.fromAsync(untold.list(instanceId))).toEqual([other]);
    await recorder.record(instance, moment('one', 'onMessage'), [other]);
    expect(await Array.fromAsync(untold.list(instanceId))).toEqual([]);
    expect(await events.lastSeq(instanceId)).toBe(1);
  });

  it('needs several transactions only where one cannot take it', async () => {
    const many = Array.from({ length: 40 }, (_, n) => ({ endpointId: `endpoint ${n}` }));
    const { recorder, recorded, waiting } = await recorderAtWork(...many);
    await recorder.record(instance, moment('one', 'onMessage', 'onAnyMessage', 'onAck'));
    expect(recorded.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await waiting('endpoint 39')).toEqual([1, 2, 3]);
  });
});
