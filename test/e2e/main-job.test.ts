import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../../infra/local/api-client.ts';
import { until } from '../../infra/local/until.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../infra/local/webhook-receiver.ts';
import { LinkedInstance, NO_VIOLATIONS, shownBy, violations } from './linked-instance.ts';
import { ProcessTree } from './process-tree.ts';

const BUSINESS = '15550000001';
const CUSTOMER = '15550000002';
const COLLEAGUE = '15550000003';
const EACH_WAY = 60;

let tree: ProcessTree;
let receiver: WebhookReceiver;
let instance: LinkedInstance;

beforeAll(async () => {
  tree = await ProcessTree.make();
  receiver = await openWebhookReceiver();
  await tree.start();
  instance = await LinkedInstance.make(tree, {
    phone: BUSINESS,
    others: [CUSTOMER, COLLEAGUE],
    webhookUrl: receiver.url,
  });
}, 60_000);

afterAll(async () => {
  await tree.kill();
  await receiver.close();
  await tree.remove();
});

it('carries many texts each way at once, in order, none lost or doubled', async () => {
  const out = Array.from({ length: EACH_WAY }, (_, index) => `out ${index}`);
  const back = Array.from({ length: EACH_WAY }, (_, index) => `in ${index}`);
  await Promise.all([inTurn(out, (text) => instance.send(CUSTOMER, text)), inTurn(back, write)]);

  await until('all webhooks', async () => bodies('onMessage').length >= EACH_WAY || undefined);
  await until('all texts', async () => (await textsAt(CUSTOMER)).length >= EACH_WAY || undefined);
  expect(await textsAt(CUSTOMER)).toEqual(out);
  expect(bodies('onMessage')).toEqual(back);
  expect(await violations(tree.simulator)).toEqual(NO_VIOLATIONS);
}, 60_000);

it('tells of every step of a message, up to READ', async () => {
  const id = await instance.send(CUSTOMER, 'to be read');
  await instance.untilState(id, 'READ');
  const acks = await until('the acks', async () => {
    const found = events('onAck').filter(({ data }) => data.mId === id);
    return found.length >= 3 ? found.map(({ data }) => data.ack) : undefined;
  });
  expect(acks).toEqual([1, 2, 3]);
});

it('speaks in groups, both ways', async () => {
  const participants = [BUSINESS, CUSTOMER, COLLEAGUE];
  const group = await tree.simulator.call('POST', '/groups', { subject: 'Team', participants });
  const { id: groupId } = group.body as { id: string };
  await instance.send(groupId, 'to all');
  for (const number of [CUSTOMER, COLLEAGUE]) {
    await until(
      `${number} to have it`,
      async () => (await textsAt(number)).includes('to all') || undefined,
    );
  }
  await tree.simulator.call('POST', `/phones/${COLLEAGUE}/messages`, {
    to: groupId,
    text: 'hello',
  });
  const told = await until('the webhook', async () =>
    events('onMessage').find(({ data }) => data.body === 'hello'),
  );
  expect(told.data).toMatchObject({
    isGroupMsg: true,
    chatId: groupId,
    author: `${COLLEAGUE}@c.us`,
  });
});

it('says why a message was refused, and goes on with the next', async () => {
  const body = { number: BUSINESS, kind: 'nack', code: 463 };
  await tree.simulator.call('POST', '/faults', body);
  const refused = await instance.send(CUSTOMER, 'refused');
  const next = await instance.send(CUSTOMER, 'the next');
  await instance.untilState(refused, 'FAILED');
  expect((await instance.message(refused)).error).toMatchObject({ code: '463' });
  await instance.untilState(next, 'DELIVERED', 'READ');
});

describe('a connection that ends', () => {
  it.each([
    ['close', undefined],
    ['stream-error', 515],
  ])('is taken up again after %s %s, and what waited goes out', async (kind, code) => {
    await tree.simulator.call('POST', '/faults', { number: BUSINESS, kind, ...(code && { code }) });
    const id = await instance.send(CUSTOMER, `after ${kind}`);
    await instance.untilState(id, 'DELIVERED', 'READ');
    await instance.untilStatus('CONNECTED');
  });

  it('is not fought for when somebody else has taken it', async () => {
    await tree.simulator.call('POST', '/faults', { number: BUSINESS, kind: 'replaced' });
    await instance.untilStatus('CONFLICT');
    const api = await tree.api();
    await api.call('POST', '/whatsapp/init', instance.credentials);
    await instance.untilStatus('CONNECTED');
  });
});

it('shows a stranger nothing', async () => {
  const api = await tree.api();
  const stranger = new ApiClient(api.url, await registerStranger(api.url));
  const query = new URLSearchParams({ session_id: instance.credentials.session_id });
  expect((await stranger.call('GET', `/whatsapp/instance?${query}`)).status).toBe(404);
  expect((await stranger.call('GET', '/whatsapp')).body).toMatchObject({ data: [] });
});

it('is linked by a code that is typed, after the phone has removed the device', async () => {
  const { body } = await tree.simulator.call('GET', `/phones/${BUSINESS}`);
  const { devices } = body as { devices: { id: number }[] };
  await tree.simulator.call('DELETE', `/phones/${BUSINESS}/devices/${devices[0]?.id}`);
  await instance.untilStatus('LOGGED_OUT');
  await until('onLogout', async () => events('onLogout')[0]);

  const api = await tree.api();
  const pair = { ...instance.credentials, phone: BUSINESS };
  const reply = await api.call('POST', '/whatsapp/pair', pair);
  const { code } = (reply.body as { data: { code: string } }).data;
  await tree.simulator.call('POST', `/phones/${BUSINESS}/link`, { code });
  await instance.untilStatus('CONNECTED');
  await instance.untilState(await instance.send(CUSTOMER, 'back again'), 'DELIVERED', 'READ');
}, 40_000);

async function write(text: string): Promise<void> {
  await tree.simulator.call('POST', `/phones/${CUSTOMER}/messages`, { to: BUSINESS, text });
}

async function inTurn(texts: string[], work: (text: string) => Promise<unknown>): Promise<void> {
  for (const text of texts) await work(text);
}

async function textsAt(number: string): Promise<string[]> {
  const messages = await shownBy(tree.simulator, number);
  return messages.flatMap(({ text, fromMe }) => (fromMe ? [] : (text ?? [])));
}

function events(name: string) {
  return receiver.received
    .map(({ body }) => JSON.parse(body))
    .filter(({ event }) => event === name);
}

function bodies(name: string): string[] {
  return events(name).map(({ data }) => data.body);
}

async function registerStranger(url: string): Promise<string> {
  const body = { email: 'stranger@example.com', password: 'a stranger comes' };
  const reply = await new ApiClient(url).call('POST', '/auth/register', body);
  return (reply.body as { data: { access_token: string } }).data.access_token;
}
