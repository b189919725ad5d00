import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { until } from '../../until.ts';
import { deliveryAtWork, eventOf, instance } from './delivery-at-work.ts';

const IN_FLIGHT_MAX = 4;
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

type Work = Awaited<ReturnType<typeof deliveryAtWork>>;

async function recordSeveral(work: Work, count: number, chatOf: (n: number) => string | undefined) {
  const events: WebhookEvent[] = [];
  for (const n of upTo(count)) events.push(await work.recorded(chatOf(n)));
  return events;
}

const isDelivered = (work: Work) =>
  until('all is delivered', async () => (await work.undelivered()).length === 0);

describe('WebhookDelivery', () => {
  it('posts an event, signed with the secret of the endpoint, and settles it', async () => {
    const work = await deliveryAtWork();
    const event = await work.recorded('1@c.us');
    work.delivery.enqueue(event);
    await isDelivered(work);
    expect(work.receiver.posts).toHaveLength(1);
    const [post] = work.receiver.posts;
    expect(post && new Webhook(work.endpoint.secret).verify(post.body, post.headers)).toEqual(
      event,
    );
    expect(post?.headers['webhook-id']).toBe(event.id);
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
    for (const event of events) work.delivery.enqueue(event);
    await isDelivered(work);
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
    for (const event of events) work.delivery.enqueue(event);
    for (let answered = 0; answered < 10; answered += 1) {
      const expected = Math.min(IN_FLIGHT_MAX, 10 - answered);
      await until('as many as may be are in flight', () => waiting.length === expected);
      waiting.shift()?.();
    }
    await isDelivered(work);
    expect(work.posted().sort((a, b) => a - b)).toEqual(upTo(10));
  });

  it('lets a slow chat hold up no other', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith(({ body }, response) => {
      if (JSON.stringify(eventOf(body).data).includes('slow')) return;
      response.writeHead(200).end();
    });
    const events = await recordSeveral(work, 12, (n) => (n <= 3 ? 'slow' : `${n % 3}@c.us`));
    for (const event of events) work.delivery.enqueue(event);
    await until('the others are through', async () => (await work.undelivered()).length === 3);
    expect(work.posted().filter((seq) => seq <= 3)).toEqual([1]);
  });

  it('keeps the events of no chat in order too', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 6, () => undefined);
    for (const event of events) work.delivery.enqueue(event);
    await isDelivered(work);
    expect(work.posted()).toEqual(upTo(6));
  });

  it('settles without a post what nobody wants any more', async () => {
    const work = await deliveryAtWork({ endpoint: { events: ['onAck'] } });
    work.delivery.enqueue(await work.recorded('1@c.us'));
    await isDelivered(work);
    expect(work.receiver.posts).toEqual([]);
  });
});

describe('WebhookDelivery, when a post fails', () => {
  it('sends what the customer has set with every attempt, and tells the log nothing of it', async () => {
    const request = { headers: { authorization: 'Bearer s3cret' }, timeoutMs: 5_000 };
    const work = await deliveryAtWork({ endpoint: { request } });
    work.receiver.answerWith((_post, response) => void response.writeHead(500).end());
    work.delivery.enqueue(await work.recorded('1@c.us'));
    await until('it waits to try again', () => work.sleep.asleep.length === 1);
    work.receiver.answerWith((_post, response) => void response.writeHead(204).end());
    work.sleep.wake();
    await isDelivered(work);
    const sent = work.receiver.posts.map(({ headers }) => headers['authorization']);
    expect(sent).toEqual(['Bearer s3cret', 'Bearer s3cret']);
    expect(work.written()).toContain('A webhook failed.');
    expect(work.written()).not.toContain('s3cret');
  });

  it('tries again five times under the same id, then gives up', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith((_post, response) => void response.writeHead(500).end());
    work.delivery.enqueue(await work.recorded('1@c.us'));
    for (const delayMs of [1_000, 5_000, 30_000, 60_000, 300_000]) {
      await until(`it waits ${delayMs} ms`, () => work.sleep.asleep.includes(delayMs));
      expect(await work.undelivered()).toEqual([1]);
      work.sleep.wake(delayMs);
    }
    await isDelivered(work);
    expect(work.receiver.posts).toHaveLength(6);
    expect(new Set(work.receiver.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(work.receiver.posts.map(({ body }) => body)).size).toBe(1);
    expect(work.sleep.asleep).toEqual([]);
  });

  it('lets the next of the chat pass meanwhile', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith(({ body }, response) => {
      response.writeHead(eventOf(body).seq === 1 ? 503 : 200).end();
    });
    const events = await recordSeveral(work, 3, () => '1@c.us');
    for (const event of events) work.delivery.enqueue(event);
    await until('only the failing one is left', async () => {
      const left = await work.undelivered();
      return left.length === 1 && left[0] === 1;
    });
    expect(work.posted()).toEqual([1, 2, 3]);
  });

  it('posts to where the endpoint is by then', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith((_post, response) => void response.writeHead(500).end());
    work.delivery.enqueue(await work.recorded('1@c.us'));
    await until('it waits', () => work.sleep.asleep.length === 1);
    const moved = work.receiver.url.replace('/hook', '/new');
    await work.webhooks.replaceEndpoint({ ...work.endpoint, url: moved }, work.endpoint);
    work.receiver.answerWith((_post, response) => void response.writeHead(200).end());
    work.sleep.wake();
    await isDelivered(work);
    expect(work.receiver.posts.map(({ path }) => path)).toEqual(['/hook', '/new']);
  });

  it('disables an endpoint that answers 410, and posts nothing more', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith((_post, response) => void response.writeHead(410).end());
    const events = await recordSeveral(work, 3, () => '1@c.us');
    for (const event of events) work.delivery.enqueue(event);
    await isDelivered(work);
    expect(work.receiver.posts).toHaveLength(1);
    expect(await work.webhooks.getEndpoint(instance)).toMatchObject({
      state: 'DISABLED',
      disabledReason: expect.stringContaining('410'),
    });
  });

  it('disables an endpoint that must not be dialled', async () => {
    const work = await deliveryAtWork({ guard: { allowPrivate: false } });
    work.delivery.enqueue(await work.recorded('1@c.us'));
    await isDelivered(work);
    expect(work.receiver.connections()).toBe(0);
    expect((await work.webhooks.getEndpoint(instance))?.state).toBe('DISABLED');
  });

  it('tries again after a fault of our own', async () => {
    const work = await deliveryAtWork();
    const event = await work.recorded('1@c.us');
    work.table.isAway = ({ kind }) => kind === 'get';
    work.delivery.enqueue(event);
    await until('it waits', () => work.sleep.asleep.length === 1);
    expect(work.sentences()).toContain('A webhook could not be handled.');
    work.table.isAway = () => false;
    work.sleep.wake();
    await isDelivered(work);
    expect(work.posted()).toEqual([1]);
  });
});

describe('WebhookDelivery, over a restart', () => {
  it('takes up what is not settled, in order', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 5, () => '1@c.us');
    for (const event of events.slice(0, 2)) work.delivery.enqueue(event);
    await until('two are through', async () => (await work.undelivered()).length === 3);
    work.stop.abort();
    await work.delivery.idle();
    const next = work.startRunner();
    await next.delivery.resume(instance.instanceId);
    await isDelivered(work);
    expect(work.posted()).toEqual(upTo(5));
  });

  it('posts nothing after it was stopped, and keeps what was not posted', async () => {
    const work = await deliveryAtWork();
    const event = await work.recorded('1@c.us');
    work.stop.abort();
    work.delivery.enqueue(event);
    await work.delivery.idle();
    expect(work.receiver.posts).toEqual([]);
    expect(await work.undelivered()).toEqual([1]);
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
    await isDelivered(work);
    expect(work.posted()).toEqual([1, 1]);
  });

  it('does not post again what is settled, or what is under way', async () => {
    const work = await deliveryAtWork();
    const answers: (() => void)[] = [];
    work.receiver.answerWith((_post, response) => {
      answers.push(() => response.writeHead(200).end());
    });
    const event = await work.recorded('1@c.us');
    work.delivery.enqueue(event);
    work.delivery.enqueue(event);
    await until('it is under way', () => answers.length === 1);
    await work.delivery.resume(instance.instanceId);
    answers.shift()?.();
    await isDelivered(work);
    await work.delivery.resume(instance.instanceId);
    await work.delivery.idle();
    expect(work.posted()).toEqual([1]);
  });

  it('lets no new event pass the older ones of its chat that are still being read', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 31, () => '1@c.us');
    const resumed = work.delivery.resume(instance.instanceId);
    for (const event of events.slice(30)) work.delivery.enqueue(event);
    await resumed;
    await isDelivered(work);
    expect(work.posted()).toEqual(upTo(31));
  });
});

describe('WebhookDelivery, with more than it keeps in memory', () => {
  it('reads the rest from the table, each once and in order', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 320, () => '1@c.us');
    for (const event of events) work.delivery.enqueue(event);
    await isDelivered(work);
    expect(work.posted()).toEqual(upTo(320));
  });

  it('does not wait with the rest for one that fails', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith(({ body }, response) => {
      response.writeHead(eventOf(body).seq === 1 ? 500 : 200).end();
    });
    const events = await recordSeveral(work, 250, (n) => `${n % 7}@c.us`);
    for (const event of events) work.delivery.enqueue(event);
    await until('only the failing one is left', async () => {
      const left = await work.undelivered();
      return left.length === 1 && left[0] === 1;
    });
    expect(work.posted().sort((a, b) => a - b)).toEqual(upTo(250));
  });

  it('reads on later when the table was away', async () => {
    const work = await deliveryAtWork();
    const events = await recordSeveral(work, 250, () => '1@c.us');
    work.table.isAway = ({ kind }) => kind === 'query';
    for (const event of events) work.delivery.enqueue(event);
    await until('it was told', () => work.sentences().includes('Webhooks could not be read.'));
    work.table.isAway = () => false;
    await until('it waits', () => work.sleep.asleep.length > 0);
    work.sleep.wake();
    await isDelivered(work);
    expect(work.posted()).toEqual(upTo(250));
  });
});
