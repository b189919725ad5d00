import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { until } from '../../until.ts';
import { deliveryAtWork, eventOf, instance, isSettled, recordSeveral } from './delivery-at-work.ts';

const IN_FLIGHT_MAX = 4;
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

describe('WebhookDelivery', () => {
  it('posts an event, signed with the secret of the endpoint, and settles it', async () => {
    const work = await deliveryAtWork();
    const recorded = await work.recorded('1@c.us');
    work.delivery.enqueue(recorded);
    await isSettled(work);
    expect(work.receiver.posts).toHaveLength(1);
    const [post] = work.receiver.posts;
    expect(post && new Webhook(work.endpoint.secret).verify(post.body, post.headers)).toEqual(
      recorded.event,
    );
    expect(post?.headers['webhook-id']).toBe(recorded.event.id);
  });

  it('posts the events of one chat one after the other', async () => {
    const work = await deliveryAtWork();
    let inFlight = 0;
    let most = 0;
    work.receiver.answerWith(async (_post, response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inFlight -= 1;
      response.writeHead(200).end();
    });
    const events = await recordSeveral(work, 20, () => '1@c.us');
    for (const recorded of events) work.delivery.enqueue(recorded);
    await isSettled(work);
    expect(work.posted()).toEqual(upTo(20));
    expect(most).toBe(1);
  });

  it('posts those of several chats side by side, at most four at a time', async () => {
    const work = await deliveryAtWork();
    const waiting: (() => void)[] = [];
    work.receiver.answerWith((_post, response) => {
      waiting.push(() => response.writeHead(200).end());
    });
    const events = await recordSeveral(work, 10, (n) => `${n}@c.us`);
    for (const recorded of events) work.delivery.enqueue(recorded);
    for (let answered = 0; answered < 10; answered += 1) {
      const expected = Math.min(IN_FLIGHT_MAX, 10 - answered);
      await until('as many as may be are in flight', () => waiting.length === expected);
      waiting.shift()?.();
    }
    await isSettled(work);
    expect(work.posted().sort((a, b) => a - b)).toEqual(upTo(10));
  });

  it('lets a slow chat hold up no other', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith(({ body }, response) => {
      if (JSON.stringify(eventOf(body).data).includes('slow')) return;
      response.writeHead(200).end();
    });
    const events = await recordSeveral(work, 12, (n) => (n <= 3 ? 'slow' : `${n % 3}@c.us`));
    for (const recorded of events) work.delivery.enqueue(recorded);
    await until('the others are through', async () => (await work.pending()).length === 3);
    expect(work.posted().filter((seq) => seq <= 3)).toEqual([1]);
  });

  it('keeps the events of no chat in order too', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 6, () => undefined);
    for (const recorded of events) work.delivery.enqueue(recorded);
    await isSettled(work);
    expect(work.posted()).toEqual(upTo(6));
  });
});

describe('WebhookDelivery, over a restart', () => {
  it('takes up what is not settled, in order', async () => {
    const work = await deliveryAtWork();
    for (const recorded of await recordSeveral(work, 2)) work.delivery.enqueue(recorded);
    await isSettled(work);
    await recordSeveral(work, 3);
    work.stop.abort();
    await work.delivery.idle();
    const next = work.startRunner();
    await next.delivery.resume(instance.instanceId);
    await isSettled(work);
    expect(work.posted()).toEqual(upTo(5));
  });

  it('posts nothing after it was stopped, and keeps what was not posted', async () => {
    const work = await deliveryAtWork();
    const recorded = await work.recorded('1@c.us');
    work.stop.abort();
    work.delivery.enqueue(recorded);
    await work.delivery.idle();
    expect(work.receiver.posts).toEqual([]);
    expect(await work.pending()).toEqual([1]);
  });

  it('tries a failed one again after a restart', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith((_post, response) => void response.writeHead(500).end());
    work.delivery.enqueue(await work.recorded('1@c.us'));
    await until('it waits', () => work.sleep.asleep.length === 1);
    work.stop.abort();
    await work.delivery.idle();
    work.receiver.answerWith((_post, response) => void response.writeHead(200).end());
    await work.startRunner().delivery.resume(instance.instanceId);
    await until('it waits until then', () => work.sleep.asleep.length === 1);
    work.pass(5_000);
    await isSettled(work);
    expect(work.posted()).toEqual([1, 1]);
  });

  it('does not post again what is settled, or what is under way', async () => {
    const work = await deliveryAtWork();
    const answers: (() => void)[] = [];
    work.receiver.answerWith((_post, response) => {
      answers.push(() => response.writeHead(200).end());
    });
    const recorded = await work.recorded('1@c.us');
    work.delivery.enqueue(recorded);
    work.delivery.enqueue(recorded);
    await until('it is under way', () => answers.length === 1);
    await work.delivery.resume(instance.instanceId);
    answers.shift()?.();
    await isSettled(work);
    await work.delivery.resume(instance.instanceId);
    await work.delivery.idle();
    expect(work.posted()).toEqual([1]);
  });

  it('lets no new event pass the older ones of its chat that are still being read', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 31, () => '1@c.us');
    const resumed = work.delivery.resume(instance.instanceId);
    for (const recorded of events.slice(30)) work.delivery.enqueue(recorded);
    await resumed;
    await isSettled(work);
    expect(work.posted()).toEqual(upTo(31));
  });
});

describe('WebhookDelivery, with more than it keeps in memory', () => {
  it('reads the rest from the table, each once and in order', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 250, () => '1@c.us');
    for (const recorded of events) work.delivery.enqueue(recorded);
    await isSettled(work);
    expect(work.posted()).toEqual(upTo(250));
  });

  it('does not wait with the rest for one that fails', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith(({ body }, response) => {
      response.writeHead(eventOf(body).seq === 1 ? 500 : 200).end();
    });
    const events = await recordSeveral(work, 220, (n) => `${n % 7}@c.us`);
    for (const recorded of events) work.delivery.enqueue(recorded);
    await until('only the failing one is left', async () => {
      const ref = { instanceId: instance.instanceId, endpointId: 'main' };
      const { places } = await work.deliveries.firstWaiting(ref, 2);
      return places.length === 1 && places[0]?.seq === 1;
    });
    // It is tried once more when the endpoint has answered another.
    await until('it was tried again', async () => (await work.deliveryOf(1)).attempts === 2);
    expect(new Set(work.posted())).toEqual(new Set(upTo(220)));
    expect(work.posted()).toHaveLength(221);
  });

  it('reads on later when the table was away', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 220, () => '1@c.us');
    work.table.isAway = ({ kind }) => kind === 'query';
    for (const recorded of events) work.delivery.enqueue(recorded);
    await until('it was told', () => work.sentences().includes('Webhooks could not be read.'));
    work.table.isAway = () => false;
    await until('it waits', () => work.sleep.asleep.length > 0);
    work.sleep.wake();
    await isSettled(work);
    expect(work.posted()).toEqual(upTo(220));
  });
});
