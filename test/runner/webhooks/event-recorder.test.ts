import { describe, expect, it } from 'vitest';
import { EventRecorder, type Happening } from '#runner/webhooks/event-recorder.ts';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { WebhookRepository } from '#shared/repositories/webhook-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { anEndpoint, anInstance } from '../records.ts';
import { FaultyTable } from './faulty-table.ts';

const instance = anInstance(1);

async function recorderAtWork() {
  const { storage } = await openForTest();
  const table = new FaultyTable(storage.table);
  const webhooks = new WebhookRepository(table);
  await webhooks.replaceEndpoint(anEndpoint(instance), undefined);
  const recorded: WebhookEvent[] = [];
  const makeRecorder = () =>
    new EventRecorder({ webhooks, onRecorded: (event) => recorded.push(event) });
  return {
    table,
    webhooks,
    recorded,
    makeRecorder,
    recorder: makeRecorder(),
    undelivered: async () => await Array.fromAsync(webhooks.undelivered(instance.instanceId)),
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
    const { recorder, recorded, undelivered } = await recorderAtWork();
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
    expect(await undelivered()).toEqual(recorded);
  });

  it('numbers without gaps, in the order told, also what is told at the same time', async () => {
    const { recorder, recorded, undelivered } = await recorderAtWork();
    await Promise.all(upTo(60).map((n) => recorder.record(instance, happening(`event ${n}`))));
    expect(recorded.map(({ seq }) => seq)).toEqual(upTo(60));
    expect(recorded.map(({ data }) => data)).toEqual(upTo(60).map((n) => ({ key: `event ${n}` })));
    expect(await undelivered()).toEqual(recorded);
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
    const { recorder, recorded, webhooks } = await recorderAtWork();
    const other = anInstance(2);
    await webhooks.replaceEndpoint(anEndpoint(other), undefined);
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
    const { recorder, makeRecorder, recorded } = await recorderAtWork();
    await recorder.record(instance, happening('one'));
    const next = makeRecorder();
    await next.record(instance, happening('one'));
    await next.record(instance, happening('two'));
    expect(recorded.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it.each([
    ['no endpoint is set', undefined],
    ['the endpoint does not ask for it', { events: ['onMessage' as const] }],
    ['the endpoint is disabled', { state: 'DISABLED' as const }],
  ])('records nothing when %s', async (_name, changes) => {
    const { recorder, recorded, webhooks, undelivered } = await recorderAtWork();
    const other = anInstance(2);
    if (changes) await webhooks.replaceEndpoint(anEndpoint(other, changes), undefined);
    await recorder.record(other, happening('one'));
    expect(recorded).toEqual([]);
    expect(await undelivered()).toEqual([]);
    expect(await webhooks.lastSeq(other.instanceId)).toBe(0);
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
    const { recorder, makeRecorder, recorded } = await recorderAtWork();
    await recorder.record(instance, happening('one'));
    await makeRecorder().record(instance, happening('two, by another runner'));
    await expect(recorder.record(instance, happening('three'))).rejects.toThrow();
    recorder.forget(instance.instanceId);
    await recorder.record(instance, happening('three'));
    expect(recorded.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });
});
