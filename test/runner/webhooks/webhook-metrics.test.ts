import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { deliveryAtWork } from './delivery-at-work.ts';

const settled = ({ undelivered }: Awaited<ReturnType<typeof deliveryAtWork>>) =>
  until('all is settled', async () => (await undelivered()).length === 0);

describe('WebhookDelivery', () => {
  it('counts each attempt, and how long it took', async () => {
    const work = await deliveryAtWork();
    const statuses = [500, 200];
    work.receiver.answerWith((_post, response) => {
      response.writeHead(statuses.shift() ?? 200).end();
    });
    work.delivery.enqueue(await work.recorded());
    await until('it waits to try again', () => work.sleep.asleep.length === 1);
    work.sleep.wake();
    await settled(work);
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
    await settled(work);
    expect(work.metrics.figures).toEqual([['WebhookAttempts', 1, 'FAILED']]);
  });
});
