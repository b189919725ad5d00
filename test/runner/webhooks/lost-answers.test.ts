import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { EventRecorder } from '#runner/webhooks/event-recorder.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { until } from '../../until.ts';
import { deliveryAtWork, eventOf, instance, isSettled } from './delivery-at-work.ts';

describe('WebhookDelivery, with a table that loses answers', () => {
  it('delivers an event that was recorded and reported as failed, when it looks at the table', async () => {
    const work = await deliveryAtWork();
    const { delivery, table, receiver } = work;
    const recorder = new EventRecorder({
      ...work,
      instances: new InstanceRepository(table),
      onRecorded: (recorded) => delivery.enqueue(recorded),
      newId: () => ulid(),
    });
    const happen = async (key: string) =>
      await recorder.record(instance, { event: 'onAck', at: new Date(), key, data: { key } });
    await delivery.resume(instance.instanceId);
    table.losesAnswer = ({ kind }) => kind === 'write';
    await expect(happen('in doubt')).rejects.toThrow('The answer was lost.');
    table.losesAnswer = () => false;
    await happen('in doubt');
    await happen('sure');
    await until('the later one is posted', () => receiver.posts.length === 1);
    await delivery.resume(instance.instanceId);
    await isSettled(work);
    expect(receiver.posts.map(({ body }) => eventOf(body).seq)).toEqual([2, 1]);
  });

  it('posts again what it could not write down', async () => {
    const work = await deliveryAtWork();
    const recorded = await work.recorded('1@c.us');
    work.table.isAway = ({ kind }) => kind === 'write';
    work.delivery.enqueue(recorded);
    await until('it was told', () => work.sentences().includes('A webhook could not be handled.'));
    work.table.isAway = () => false;
    work.pass(5_000);
    await isSettled(work);
    expect(work.posted()).toEqual([1, 1]);
    expect(await work.deliveryOf(1)).toMatchObject({ state: 'DELIVERED', attempts: 1 });
  });
});
