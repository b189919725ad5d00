import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { until } from '../../infra/local/until.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { OpenStream } from '../infra/local/open-stream.ts';
import { LinkedInstance } from './linked-instance.ts';
import { ProcessTree } from './process-tree.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';

const Delivery = z.looseObject({
  id: z.string(),
  event_id: z.string(),
  event: z.string(),
  state: z.string(),
  attempts: z.number(),
  last_attempt: z.looseObject({ status_code: z.number().nullable() }).nullable(),
});
const Event = z.looseObject({ id: z.string(), event: z.string(), data: z.unknown() });

let tree: ProcessTree;
let receiver: WebhookReceiver;
let instance: LinkedInstance;
let webhook: { id: string; secret: string };

beforeAll(async () => {
  tree = await ProcessTree.make();
  receiver = await openWebhookReceiver();
  await tree.start();
  instance = await LinkedInstance.make(tree, { phone: BUSINESS, others: [CUSTOMER] });
}, 60_000);

afterAll(async () => {
  await tree.kill();
  await receiver.close();
  await tree.remove();
});

/** A call of the account about the instance. Throws when it is refused. */
async function ask<S extends z.ZodType>(
  route: string,
  data: S,
  fields: Record<string, string> = {},
): Promise<z.infer<S>> {
  const [method = '', path = ''] = route.split(' ');
  const { session_id } = instance.credentials;
  const isRead = method === 'GET';
  const search = new URLSearchParams({ session_id, ...(isRead && fields) });
  const body = isRead ? undefined : fields;
  const api = await tree.api();
  const reply = await api.call(method, `/whatsapp${path}?${search}`, body);
  if (reply.status >= 300) throw new Error(`${route} is refused: ${JSON.stringify(reply)}`);
  return z.looseObject({ data }).parse(reply.body).data as z.infer<S>;
}

async function write(text: string): Promise<void> {
  const json = { to: BUSINESS, text };
  await tree.simulator.call('POST', `/phones/${CUSTOMER}/messages`, json);
}

/** What arrived that is of this event. */
function arrivals(id: string) {
  return receiver.received.filter(({ headers }) => headers['webhook-id'] === id);
}

async function arrived(id: string, count = 1) {
  return await until(`the event ${id}`, async () => arrivals(id)[count - 1]);
}

/** The event of a message that says this, pulled. */
async function pulled(text: string): Promise<z.infer<typeof Event>> {
  const Page = z.looseObject({ events: z.array(Event), cursor: z.string() });
  let after = '';
  return await until(`the event of ${text}`, async () => {
    const page = await ask('GET /events', Page, { after, events: 'onMessage', wait: '5' });
    after = page.cursor;
    return page.events.find(
      ({ data }) => z.looseObject({ body: z.string() }).parse(data).body === text,
    );
  });
}

async function deliveryOf(event_id: string): Promise<z.infer<typeof Delivery> | undefined> {
  const Page = z.looseObject({ deliveries: z.array(Delivery) });
  const { deliveries } = await ask('GET /webhooks/deliveries', Page, { webhook: webhook.id });
  return deliveries.find((delivery) => delivery.event_id === event_id);
}

it('tells of events without a webhook', async () => {
  await write('nobody listens');

  expect(await pulled('nobody listens')).toMatchObject({ event: 'onMessage' });
  expect(receiver.received).toEqual([]);
});

it('streams events as they happen', async () => {
  const { url } = await tree.api();
  const search = new URLSearchParams({
    ...instance.credentials,
    after: 'latest',
    events: 'message',
  });
  const stream = await OpenStream.open(`${url}/whatsapp/events/stream?${search}`, {});
  await write('streamed');
  await stream.untilEvents(1);
  stream.leave();

  expect(JSON.parse(stream.events[0]?.data ?? '')).toMatchObject({ data: { body: 'streamed' } });
});

it('tests a webhook that fails, and one that works', async () => {
  const Made = z.looseObject({ id: z.string(), secret: z.string() });
  webhook = await ask('POST /webhooks', Made, { webhook_url: receiver.url, events: 'onMessage' });
  receiver.answerWith(500);
  const Tested = z.looseObject({ delivery: Delivery });
  const failed = await ask(`POST /webhooks/${webhook.id}/test`, Tested);
  expect(failed.delivery).toMatchObject({ state: 'DEAD', last_attempt: { status_code: 500 } });

  receiver.answerWith(204);
  const { delivery } = await ask(`POST /webhooks/${webhook.id}/test`, Tested);
  expect(delivery).toMatchObject({ state: 'DELIVERED', last_attempt: { status_code: 204 } });
  receiver.verify(await arrived(delivery.event_id), webhook.secret);
});

it('posts again what failed, under the id that it has', async () => {
  receiver.answerWith(500);
  await write('refused at first');
  const { id } = await pulled('refused at first');
  const failed = await until('a failed attempt', async () => {
    const delivery = await deliveryOf(id);
    return delivery && delivery.attempts > 0 ? delivery : undefined;
  });
  expect(failed).toMatchObject({ state: 'PENDING', last_attempt: { status_code: 500 } });

  receiver.answerWith(204);
  const before = arrivals(id).length;
  const replay = await ask(`POST /webhooks/deliveries/${failed.id}/replay`, Delivery);
  await arrived(id, before + 1);
  expect(replay).toMatchObject({ replay_of: failed.id, event_id: id });
  await until('both to be delivered', async () => {
    const first = await ask(`GET /webhooks/deliveries/${failed.id}`, Delivery);
    const second = await ask(`GET /webhooks/deliveries/${replay.id}`, Delivery);
    const isDone = first.state === 'DELIVERED' && second.state === 'DELIVERED';
    return isDone || undefined;
  });
});

it('replays what happened before there was a webhook', async () => {
  const { id } = await pulled('nobody listens');
  expect(arrivals(id)).toEqual([]);
  const Replayed = z.looseObject({ count: z.number(), cursor: z.null() });
  const { count } = await ask(`POST /webhooks/${webhook.id}/replay`, Replayed, { since: '0' });

  expect(count).toBeGreaterThanOrEqual(3);
  receiver.verify(await arrived(id), webhook.secret);
});

it('signs with the old secret and the new one, once it was changed', async () => {
  const Rotated = z.looseObject({ secret: z.string() });
  const { secret } = await ask(`POST /webhooks/${webhook.id}/rotate`, Rotated);
  await write('signed twice');
  const { id } = await pulled('signed twice');
  const received = await arrived(id);

  expect(secret).not.toBe(webhook.secret);
  expect(received.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  receiver.verify(received, secret);
  receiver.verify(received, webhook.secret);
  expect(() => receiver.verify({ ...received, body: `${received.body} ` }, secret)).toThrow();
});

it('posts nothing to one that is paused, and to one that is deleted', async () => {
  await ask(`PUT /webhooks/${webhook.id}`, z.unknown(), { state: 'DISABLED' });
  await write('while paused');
  const paused = await pulled('while paused');
  const tested = await ask(`POST /webhooks/${webhook.id}/test`, z.object({ delivery: Delivery }));
  expect(tested.delivery.state).toBe('DELIVERED');
  await ask(`PUT /webhooks/${webhook.id}`, z.unknown());
  await write('again');
  const { id } = await pulled('again');
  await arrived(id);
  const api = await tree.api();
  const { session_id } = instance.credentials;
  await api.call('DELETE', `/whatsapp/webhooks/${webhook.id}?session_id=${session_id}`);
  await write('after it');
  const after = await pulled('after it');

  expect([...arrivals(paused.id), ...arrivals(after.id)]).toEqual([]);
});
