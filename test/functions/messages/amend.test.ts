import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '#shared/domain/message.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { type Account, aLinkedInstance, anAccount, errorOf, faultPaths } from '../callers.ts';
import { aReceivedMessage, CHAT, messageId, type Sender, send, waiting } from './message-calls.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const GROUP = '120363041234567890@g.us';

/** Each call that is about another message. */
const CALLS: [string, object][] = [
  ['reaction', { emoji: '👍' }],
  ['edit', { message: 'y' }],
  ['delete', {}],
  ['forward', { chatId: GROUP }],
];

let api: ApiUnderTest;
let account: Account;
let sender: Sender;
let now: Date;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
  now = api.clock.now;
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  api.clock.now = now;
  sender = { api, instance: await aLinkedInstance(api, account) };
});

/** A text that WhatsApp has. */
async function aSentText(): Promise<Message> {
  const answer = await send(sender, '', { chatId: CHAT, message: 'x' });
  const message = await api.deps.messages.get(messageId(answer));
  if (!message) throw new Error(`It was not accepted: ${answer.text}`);
  await api.deps.messages.finish(message, { to: 'SENT', at: api.clock.now });
  return message;
}

function wait(ms: number): void {
  api.clock.now = new Date(api.clock.now.getTime() + ms);
}

describe.each(CALLS)('POST /whatsapp/message/%s', (kind, fields) => {
  it("finds a message by our id, by WhatsApp's and by open-wa's", async () => {
    const { messageId: id, waId } = await aSentText();
    for (const each of [id, waId, `true_${CHAT}@c.us_${waId}`]) {
      expect((await send(sender, kind, { messageId: each, ...fields })).status).toBe(200);
    }

    const target = { waId, chatId: `${CHAT}@c.us`, fromMe: true };
    const chatId = kind === 'forward' ? GROUP : `${CHAT}@c.us`;
    const sent = await waiting(sender);
    expect(sent).toHaveLength(3);
    for (const message of sent)
      expect(message).toMatchObject({ chatId, content: { kind, target } });
  });

  it('does not find an unknown message, and says which field named it', async () => {
    for (const id of ['x', '01ARZ3NDEKTSV4RRFFQ69G5FAV', '3EB0000000000000000000', 'true_x_y']) {
      const answer = await send(sender, kind, { messageId: id, ...fields });
      expect(answer.status).toBe(404);
      expect(errorOf(answer).code).toBe('not_found');
      expect(faultPaths(answer)).toEqual(['messageId']);
    }
    expect(await waiting(sender)).toEqual([]);
  });

  it("does not find another instance's, of the same account either", async () => {
    const { messageId: id, waId } = await aSentText();
    const received = await aReceivedMessage(sender);
    const sibling = { api, instance: await aLinkedInstance(api, account) };

    for (const each of [id, waId, received.waId]) {
      expect((await send(sibling, kind, { messageId: each, ...fields })).status).toBe(404);
    }
    expect(await waiting(sibling)).toEqual([]);
  });

  it('is sent once for an idempotency key', async () => {
    const { messageId: id } = await aSentText();
    const headers = { 'idempotency-key': 'once' };
    const first = await send(sender, kind, { messageId: id, ...fields }, headers);
    const again = await send(sender, kind, { messageId: id, ...fields }, headers);

    expect(again.text).toBe(first.text);
    expect(await waiting(sender)).toHaveLength(1);
  });
});

it.each([
  ['reaction', { emoji: '👍' }, 'reactionMessage'],
  ['edit', { message: 'y' }, 'protocolMessage'],
  ['delete', {}, 'protocolMessage'],
])('the answer to %s says which message it is about', async (kind, fields, field) => {
  const { messageId: id, waId } = await aSentText();
  const answer = await send(sender, kind, { messageId: id, ...fields });

  const key = { remoteJid: `${CHAT}@s.whatsapp.net`, fromMe: true, id: waId };
  expect(answer.json).toMatchObject({ data: { message: { [field]: { key } } } });
});

describe('a reaction', () => {
  it('is to a message that came in, in a group too', async () => {
    const { waId } = await aReceivedMessage(sender, {
      chatId: GROUP,
      remoteJid: GROUP,
      participant: `${CHAT}@s.whatsapp.net`,
    });
    const id = `false_${GROUP}_${waId}_${CHAT}@c.us`;
    expect((await send(sender, 'reaction', { messageId: id, emoji: '👍🏽' })).status).toBe(200);

    expect((await waiting(sender))[0]).toMatchObject({
      chatId: GROUP,
      content: { target: { waId, chatId: GROUP, fromMe: false }, emoji: '👍🏽' },
    });
  });

  it.each(['❤', '👨‍👩‍👧‍👦', '🇳🇬', ''])('may be %j', async (emoji) => {
    const { waId } = await aReceivedMessage(sender);

    expect((await send(sender, 'reaction', { messageId: waId, emoji })).status).toBe(200);
  });

  it.each(['ok', '👍👍', '1', 'x'.repeat(41)])('may not be %j', async (emoji) => {
    const { waId } = await aReceivedMessage(sender);
    const answer = await send(sender, 'reaction', { messageId: waId, emoji });

    expect(answer.status).toBe(400);
    expect(new Set(faultPaths(answer))).toEqual(new Set(['emoji']));
  });
});

describe('what WhatsApp would not change any more', () => {
  it.each<[string, object, number]>([
    ['edit', { message: 'y' }, 15 * MINUTE_MS],
    ['delete', {}, 60 * HOUR_MS],
  ])('is refused by %s', async (kind, fields, withinMs) => {
    const { messageId: id } = await aSentText();
    wait(withinMs);
    expect((await send(sender, kind, { messageId: id, ...fields })).status).toBe(200);
    wait(1);
    const answer = await send(sender, kind, { messageId: id, ...fields });

    expect(answer.status).toBe(409);
    expect(errorOf(answer).code).toBe('too_late');
    expect(await waiting(sender)).toHaveLength(1);
  });

  it('is an edit of a message of somebody else, or of one that is no text', async () => {
    const { waId } = await aReceivedMessage(sender);
    const place = { chatId: CHAT, location: { lat: 1, lng: 2 } };
    const own = messageId(await send(sender, 'location', place));

    for (const id of [waId, own]) {
      const answer = await send(sender, 'edit', { messageId: id, message: 'y' });
      expect([answer.status, errorOf(answer).code]).toEqual([409, 'too_late']);
    }
  });

  it("is a deletion of somebody else's message, but in a group", async () => {
    const { waId } = await aReceivedMessage(sender);
    const inGroup = await aReceivedMessage(sender, { chatId: GROUP, remoteJid: GROUP });

    expect((await send(sender, 'delete', { messageId: waId })).status).toBe(409);
    expect((await send(sender, 'delete', { messageId: inGroup.waId })).status).toBe(200);
  });

  it('is a message that was never sent', async () => {
    const answer = await send(sender, '', { chatId: CHAT, message: 'x' });
    const message = await api.deps.messages.get(messageId(answer));
    if (message) await api.deps.messages.finish(message, { to: 'CANCELED', at: api.clock.now });

    for (const [kind, fields] of [
      ['edit', { message: 'y' }],
      ['delete', {}],
    ] as const) {
      const refused = await send(sender, kind, { messageId: messageId(answer), ...fields });
      expect([refused.status, errorOf(refused).code]).toEqual([409, 'too_late']);
    }
  });
});
