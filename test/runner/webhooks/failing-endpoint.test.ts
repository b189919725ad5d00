import { describe, expect, it } from 'vitest';
import type { Recorded } from '#shared/repositories/event-repository.ts';
import { until } from '../../until.ts';
import {
  aDelivery,
  deliveryAtWork,
  eventOf,
  instance,
  isSettled,
  recordSeveral,
  type Work,
} from './delivery-at-work.ts';

const DELAYS_MS = [5, 60, 300, 1_800, 7_200, 21_600, 43_200].map((delayS) => delayS * 1_000);
const BREAK_MS = 30_000;
const DAY_MS = 86_400_000;

const answerWith = (work: Work, statusCode: number) =>
  work.receiver.answerWith((_post, response) => void response.writeHead(statusCode).end());

/** A few events of one chat, on their way. */
async function send(work: Work, count: number): Promise<Recorded[]> {
  const all = await recordSeveral(work, count);
  for (const recorded of all) work.delivery.enqueue(recorded);
  return all;
}

const hasTried = (work: Work, seq: number, attempts: number) =>
  until(`event ${seq} was tried ${attempts} times`, async () => {
    return (await work.deliveryOf(seq)).attempts === attempts;
  });

describe('WebhookDelivery, when a post fails', () => {
  it('tries again seven times under the same id, then gives up, and keeps each attempt', async () => {
    const work = await deliveryAtWork();
    answerWith(work, 500);
    await send(work, 1);
    for (const [index, delayMs] of DELAYS_MS.entries()) {
      await hasTried(work, 1, index + 1);
      const due = Date.parse((await work.deliveryOf(1)).nextAttemptAt ?? '') - work.now().getTime();
      expect(due).toBeGreaterThan(delayMs - 5_000);
      expect(due).toBeLessThanOrEqual(delayMs);
      await until('it waits', () => work.sleep.asleep.length > 0);
      work.pass(Math.max(delayMs, BREAK_MS));
    }
    await isSettled(work);
    const dead = await work.deliveryOf(1);
    expect(dead).toMatchObject({ state: 'DEAD', attempts: 8, error: 'Every attempt has failed.' });
    expect(dead.recent.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(500));
    expect(dead.nextAttemptAt).toBeUndefined();
    expect(work.receiver.posts).toHaveLength(8);
    expect(new Set(work.receiver.posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(work.receiver.posts.map(({ body }) => body)).size).toBe(1);
  });

  it('sends what the customer has set with every attempt, and tells the log nothing of it', async () => {
    const request = { headers: { authorization: 'Bearer s3cret' }, timeoutMs: 5_000 };
    const work = await deliveryAtWork({ endpoint: { request } });
    answerWith(work, 500);
    await send(work, 1);
    await hasTried(work, 1, 1);
    answerWith(work, 204);
    work.pass(5_000);
    await isSettled(work);
    const sent = work.receiver.posts.map(({ headers }) => headers['authorization']);
    expect(sent).toEqual(['Bearer s3cret', 'Bearer s3cret']);
    expect(work.written()).toContain('A webhook failed.');
    expect(work.written()).not.toContain('s3cret');
  });

  it('notes why there was no answer, and how long it took', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith((_post, response) => void response.destroy());
    await send(work, 1);
    await hasTried(work, 1, 1);
    const { recent } = await work.deliveryOf(1);
    expect(recent).toEqual([
      { at: expect.any(String), ms: expect.any(Number), error: 'UND_ERR_SOCKET' },
    ]);
  });

  it('posts to where the endpoint is by then', async () => {
    const work = await deliveryAtWork();
    answerWith(work, 500);
    await send(work, 1);
    await hasTried(work, 1, 1);
    const moved = work.receiver.url.replace('/hook', '/new');
    await work.endpoints.replace({ ...work.endpoint, url: moved }, work.endpoint);
    answerWith(work, 200);
    work.pass(5_000);
    await isSettled(work);
    expect(work.receiver.posts.map(({ path }) => path)).toEqual(['/hook', '/new']);
  });

  it('lets the next of the chat pass, and tries the failed one at once when that comes through', async () => {
    const work = await deliveryAtWork();
    let isBad = true;
    work.receiver.answerWith(({ body }, response) => {
      const fails = isBad && eventOf(body).seq === 1;
      if (fails) isBad = false;
      response.writeHead(fails ? 503 : 200).end();
    });
    await send(work, 3);
    await isSettled(work);
    expect(work.posted().filter((seq) => seq === 1)).toHaveLength(2);
    expect(work.posted().slice(0, 2)).toEqual([1, 2]);
  });

  it('lets one that fails alone wait for its time after that', async () => {
    const work = await deliveryAtWork();
    work.receiver.answerWith(({ body }, response) => {
      response.writeHead(eventOf(body).seq === 1 ? 500 : 200).end();
    });
    await send(work, 2);
    await hasTried(work, 1, 2);
    await send(work, 3);
    await until('all others are through', async () => (await work.pending()).length === 1);
    expect((await work.deliveryOf(1)).attempts).toBe(2);
  });

  it('tries again after a fault of our own', async () => {
    const work = await deliveryAtWork();
    const recorded = await work.recorded('1@c.us');
    work.table.isAway = ({ kind }) => kind === 'get';
    work.delivery.enqueue(recorded);
    await until('it waits', () => work.sleep.asleep.length === 1);
    work.table.isAway = () => false;
    work.pass(5_000);
    await isSettled(work);
    expect(work.posted()).toEqual([1]);
  });
});

describe('WebhookDelivery, to an endpoint that does not answer', () => {
  /** Ten events, of which five attempts have failed. */
  async function broken() {
    const work = await deliveryAtWork();
    answerWith(work, 500);
    await send(work, 10);
    await until('five were tried', () => work.posted().length === 5);
    await until('it is noted', async () => (await work.deliveryOf(5)).attempts === 1);
    return work;
  }

  it('stops after five failures, one at a time, and tries with one after half a minute', async () => {
    const work = await broken();
    work.pass(BREAK_MS - 1_000);
    expect(work.posted()).toHaveLength(5);
    work.pass(2_000);
    await until('one was tried', () => work.posted().length === 6);
    await until('it is noted', () => work.sleep.asleep.length > 0);
    expect(work.posted()).toHaveLength(6);
  });

  it('delivers all that waits when it answers again, the oldest first', async () => {
    const work = await broken();
    answerWith(work, 204);
    work.pass(BREAK_MS + 1_000);
    await isSettled(work);
    const after = work.posted().slice(5);
    expect([...after].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect((await work.stored())?.state).toBe('ACTIVE');
  });

  it('is noted as failing once, since when, and as active when it answers', async () => {
    const work = await broken();
    const failing = await work.stored();
    expect(failing).toMatchObject({ state: 'FAILING', updatedAt: work.endpoint.updatedAt });
    const [first] = (await work.deliveryOf(1)).recent;
    expect(failing?.failingSince?.slice(0, 16)).toBe(first?.at.slice(0, 16));
    answerWith(work, 204);
    work.pass(BREAK_MS + 1_000);
    await isSettled(work);
    expect(await work.stored()).toEqual(work.endpoint);
  });

  it('is disabled after three days of failures, and what waits comes to nothing', async () => {
    const work = await broken();
    work.pass(3 * DAY_MS);
    await until('it is disabled', () => work.disabled.length > 0);
    work.pass(BREAK_MS);
    await isSettled(work);
    const reason = 'Every post of three days has failed.';
    expect(await work.stored()).toMatchObject({ state: 'DISABLED', disabledReason: reason });
    const all = await work.readAll();
    expect(all.map(({ state, error }) => [state, error])).toEqual(Array(10).fill(['DEAD', reason]));
    expect(work.disabled).toEqual([instance.instanceId]);
  });
});

describe('WebhookDelivery, to an endpoint that is no more', () => {
  it('disables one that answers 410, posts nothing more, and says why', async () => {
    const work = await deliveryAtWork();
    answerWith(work, 410);
    await send(work, 3);
    await isSettled(work);
    expect(work.receiver.posts).toHaveLength(1);
    const reason = 'The endpoint answered 410 Gone.';
    expect(await work.stored()).toMatchObject({ state: 'DISABLED', disabledReason: reason });
    expect((await work.readAll()).map(({ error }) => error)).toEqual([reason, reason, reason]);
  });

  it('disables one that must not be dialled', async () => {
    const work = await deliveryAtWork({ guard: { allowPrivate: false } });
    await send(work, 1);
    await isSettled(work);
    expect(work.receiver.connections()).toBe(0);
    expect((await work.stored())?.state).toBe('DISABLED');
  });

  it.each([['deleted'], ['disabled']])('buries what waits for one that is %s', async (how) => {
    const work = await deliveryAtWork();
    answerWith(work, 500);
    await send(work, 3);
    await until('all have failed', async () => (await work.deliveryOf(3)).attempts === 1);
    if (how === 'deleted') await work.endpoints.delete(instance, 'main');
    else await work.endpoints.disable(work.endpoint, { reason: 'by hand', at: work.now() });
    await work.delivery.bury({ instanceId: instance.instanceId, endpointId: 'main' });
    const error = how === 'deleted' ? 'The endpoint was deleted.' : 'by hand';
    const all = await work.readAll();
    expect(all.map((one) => [one.state, one.error])).toEqual(Array(3).fill(['DEAD', error]));
  });

  it('buries nothing that waits for one that was set anew', async () => {
    const work = await deliveryAtWork();
    answerWith(work, 500);
    await send(work, 1);
    await hasTried(work, 1, 1);
    await work.delivery.bury({ instanceId: instance.instanceId, endpointId: 'main' });
    expect(await work.pending()).toEqual([1]);
  });
});

describe('WebhookDelivery, of a test', () => {
  async function test(work: Work): Promise<void> {
    const { sessionId, instanceId } = instance;
    const event = {
      id: 'evt_test',
      event: 'onTest' as const,
      ts: work.now().getTime(),
      session_id: sessionId,
      instance_id: instanceId,
      seq: 0,
      data: {},
    };
    await work.events.appendTest(event, aDelivery(event, work.now()));
    await work.delivery.look({ instanceId, endpointId: 'main' });
  }

  it('posts it even to a disabled endpoint', async () => {
    const work = await deliveryAtWork({ endpoint: { state: 'DISABLED', disabledReason: 'x' } });
    await test(work);
    await isSettled(work);
    expect((await work.deliveryOf(0)).state).toBe('DELIVERED');
    expect((await work.stored())?.state).toBe('DISABLED');
  });

  it.each([500, 410])('makes one attempt that says nothing of the endpoint: %d', async (code) => {
    const work = await deliveryAtWork();
    answerWith(work, code);
    await test(work);
    await isSettled(work);
    expect(await work.deliveryOf(0)).toMatchObject({ state: 'DEAD', attempts: 1 });
    expect(await work.stored()).toEqual(work.endpoint);
  });

  it('does not wait until the endpoint answers again', async () => {
    const work = await deliveryAtWork();
    answerWith(work, 500);
    await send(work, 10);
    await until('five were tried', () => work.posted().length === 5);
    await test(work);
    await until('it is posted', () => work.posted().includes(0));
  });
});
