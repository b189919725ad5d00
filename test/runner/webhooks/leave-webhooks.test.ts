import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { deliveryAtWork, instance, isSettled, recordSeveral } from './delivery-at-work.ts';

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
    expect(await work.pending()).toEqual([2, 3]);
  });

  it('does nothing for an instance that was left, until it comes back', async () => {
    const work = await deliveryAtWork();
    const [first] = await recordSeveral(work, 1);
    if (first) work.delivery.enqueue(first);
    await isSettled(work);
    await work.delivery.leave(instance.instanceId);
    const [late] = await recordSeveral(work, 2);
    if (late) work.delivery.enqueue(late);
    await work.delivery.resume(instance.instanceId);
    await work.delivery.idle();
    expect(work.posted()).toEqual([1]);
    work.delivery.hold(instance.instanceId);
    await work.delivery.resume(instance.instanceId);
    await isSettled(work);
    expect(work.posted()).toEqual([1, 2, 3]);
  });

  it('has nothing to leave for an instance that it does not know', async () => {
    const work = await deliveryAtWork();
    await work.delivery.leave('0'.repeat(24));
    expect(work.posted()).toEqual([]);
  });
});
