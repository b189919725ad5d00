import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebhookBook } from './webhook-book.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const INSTANCE = {
  instanceId: 'inst',
  credentials: { session_id: 's', access_token: 't' },
  number: '15550000001',
  secret: SECRET,
  chats: [],
};

let book: WebhookBook;

beforeEach(async () => {
  book = await WebhookBook.open();
  book.add(INSTANCE);
});

afterEach(async () => {
  await book.close();
});

/** Posts an event; what is signed and what is posted may differ. */
async function post(id: string, { secret = SECRET, instance = 'inst', forged = '' } = {}) {
  const data = { body: `text of ${id}`, sender: { phone: '15560000001' } };
  const body = JSON.stringify({ id, event: 'onMessage', instance_id: instance, data });
  const at = new Date();
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
  return await fetch(book.url, { method: 'POST', headers, body: body + forged });
}

it('keeps what comes, in order, and counts each event once', async () => {
  for (const id of ['one', 'two', 'one']) expect((await post(id)).status).toBe(204);
  const chat = '15550000001>15560000001';
  expect(book.deliveries).toMatchObject([
    { eventId: 'one', chat, text: 'text of one', isSigned: true },
    { eventId: 'two', chat, text: 'text of two', isSigned: true },
    { eventId: 'one', chat, text: 'text of one', isSigned: true },
  ]);
  expect(book.eventCount).toBe(2);
});

it.each([
  ['signed with another secret', { secret: OTHER_SECRET }],
  ['not what was signed', { forged: ' ' }],
  ['of an instance that nobody knows', { instance: 'stranger' }],
])('notices what is %s', async (_, options) => {
  await post('evt', options);
  expect(book.deliveries).toMatchObject([{ eventId: 'evt', isSigned: false }]);
});
