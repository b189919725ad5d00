import { describe, expect, it } from 'vitest';
import { EventRecorder } from '#runner/webhooks/event-recorder.ts';
import { until } from '../../until.ts';
import { deliveryAtWork, eventOf, instance } from './delivery-at-work.ts';

describe('WebhookDelivery, with a table that loses answers', () => {
  it('delivers an event that was recorded and reported as failed', async () => {
    const { delivery, table, webhooks, receiver, sleep, undelivered } = await deliveryAtWork();
    const recorder = new EventRecorder({
      webhooks,
      onRecorded: (event) => delivery.enqueue(event),
      onDoubt: (instanceId) => delivery.lookAgain(instanceId),
    });
    const happen = async (key: string) =>
      await recorder.record(instance, { event: 'onAck', at: new Date(), key, data: { key } });
    table.losesAnswer = ({ kind }) => kind === 'write';
    await expect(happen('in doubt')).rejects.toThrow('The answer was lost.');
    table.losesAnswer = () => false;
    await happen('in doubt');
    await happen('sure');
    await until('the later one is posted', () => receiver.posts.length === 1);
    await until('it waits before it looks', () => sleep.asleep.length === 1);
    sleep.wake();
    await until('all is delivered', async () => (await undelivered()).length === 0);
    expect(receiver.posts.map(({ body }) => eventOf(body).seq)).toEqual([2, 1]);
  });
});
