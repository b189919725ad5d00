import { describe, expect, it } from 'vitest';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { until } from '../../until.ts';
import { deliveryAtWork, instance } from './delivery-at-work.ts';

type Work = Awaited<ReturnType<typeof deliveryAtWork>>;

/** The next events of one chat. */
async function recordSeveral(work: Work, count: number): Promise<WebhookEvent[]> {
  const events: WebhookEvent[] = [];
  for (let n = 0; n < count; n += 1) events.push(await work.recorded('1@c.us'));
  return events;
}

const isDelivered = (work: Work) =>
  until('all is delivered', async () => (await work.undelivered()).length === 0);

describe('WebhookDelivery, leaving an instance', () => {
  it('starts no more posts, and waits for those under way', async () => {
    const work = await deliveryAtWork();
    const answers: (() => void)[] = [];
    work.receiver.answerWith((_post, response) => {
      answers.push(() => response.writeHead(200).end());
    });
    const events = await recordSeveral(work, 3);
    for (const event of events) work.delivery.enqueue(event);
    await until('one is posted', () => answers.length === 1);
    let hasLeft = false;
    const left = work.delivery.leave(instance.instanceId).then(() => {
      hasLeft = true;
    });
    const idle = work.delivery.idle();
    expect(hasLeft).toBe(false);
    answers[0]?.();
    await Promise.all([left, idle]);
    expect(work.posted()).toEqual([1]);
    expect(await work.undelivered()).toEqual([2, 3]);
  });

  it('takes up what is left when the instance comes back', async () => {
    const work = await deliveryAtWork();
    const [first] = await recordSeveral(work, 1);
    if (first) work.delivery.enqueue(first);
    await isDelivered(work);
    await work.delivery.leave(instance.instanceId);
    await recordSeveral(work, 2);
    await work.delivery.resume(instance.instanceId);
    await isDelivered(work);
    expect(work.posted()).toEqual([1, 2, 3]);
  });

  it('has nothing to leave for an instance that it does not know', async () => {
    const work = await deliveryAtWork();
    await work.delivery.leave('0'.repeat(24));
    expect(work.posted()).toEqual([]);
  });
});
