import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { deliveryAtWork, isSettled } from './delivery-at-work.ts';

describe('WebhookDelivery', () => {
  it('counts each attempt, and how long it took', async () => {
    const work = await deliveryAtWork();
    const statuses = [500, 200];
    work.receiver.answerWith((_post, response) => {
      response.writeHead(statuses.shift() ?? 200).end();
    });
    work.delivery.enqueue(await work.recorded());
    await until('it was tried', async () => (await work.deliveryOf(1)).attempts === 1);
    work.pass(5_000);
    await isSettled(work);
    expect(work.metrics.figures.filter(([name]) => name === 'WebhookAttempts')).toEqual([
      ['WebhookAttempts', 1, 'FAILED'],
      ['WebhookAttempts', 1, 'DELIVERED'],
    ]);
    const latencies = work.metrics.valuesOf('WebhookLatency');
    expect(latencies).toHaveLength(2);
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(0);
  });

  it('counts an endpoint that must not be dialled as a failure without a latency', async () => {
    const work = await deliveryAtWork({ guard: { allowPrivate: false } });
    work.delivery.enqueue(await work.recorded());
    await isSettled(work);
    expect(work.metrics.figures).toEqual([['WebhookAttempts', 1, 'FAILED']]);
  });
});
