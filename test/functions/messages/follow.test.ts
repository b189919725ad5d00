import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { MessageState } from '#shared/domain/message.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  aLinkedInstance,
  anAccount,
  call,
  dataOf,
  errorOf,
  faultPaths,
  recordOf,
} from '../callers.ts';
import { nextDoorbell } from '../next-doorbell.ts';
import { CHAT, messageId, type Sender, send, waiting } from './message-calls.ts';

const UNKNOWN_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const Page = z.strictObject({
  messages: z.array(z.looseObject({ id: z.string(), state: z.string() })),
  cursor: z.string().nullable(),
});

let api: ApiUnderTest;
let account: Account;
let sender: Sender;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  sender = { api, instance: await aLinkedInstance(api, account) };
});

async function aText(fields: object = {}): Promise<string> {
  return messageId(await send(sender, '', { chatId: CHAT, message: 'x', ...fields }));
}

async function finish(id: string, to: MessageState): Promise<void> {
  const message = await api.deps.messages.get(id);
  if (message) await api.deps.messages.finish(message, { to, at: api.clock.now });
}

async function post(id: string, what: string, json: object = {}, of = sender): Promise<Answer> {
  return await call(api, `POST /whatsapp/message/${id}/${what}${of.instance.query}`, { json });
}

describe('GET /whatsapp/messages', () => {
  async function list(query = ''): Promise<Answer> {
    return await call(api, `GET /whatsapp/messages${sender.instance.query}${query}`);
  }

  async function idsOf(query?: string): Promise<string[]> {
    return dataOf(await list(query), Page).messages.map(({ id }) => id);
  }

  it('shows pages, newest first, and nothing of another instance', async () => {
    const ids = [await aText(), await aText(), await aText()].reverse();
    const first = dataOf(await list('&limit=2'), Page);
    const second = dataOf(await list(`&limit=2&cursor=${first.cursor}`), Page);

    expect(first.messages.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(second.messages.map(({ id }) => id)).toEqual(ids.slice(2));
    sender = { api, instance: await aLinkedInstance(api, account) };
    expect(dataOf(await list(), Page)).toEqual({ messages: [], cursor: null });
    expect(faultPaths(await list(`&cursor=${first.cursor}`))).toEqual(['cursor']);
  });

  it('shows those of one state alone, over as many pages as it takes', async () => {
    const sent: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      const id = await aText();
      if (i % 3 === 0) sent.unshift(id);
    }
    for (const id of sent) await finish(id, 'SENT');

    expect(await idsOf('&state=SENT')).toEqual(sent);
    expect(await idsOf('&state=SENT&limit=1')).toEqual(sent.slice(0, 1));
    expect(await idsOf('&state=QUEUED')).toHaveLength(4);
    expect(await idsOf('&state=READ')).toEqual([]);
    expect(await idsOf('&state=')).toHaveLength(6);
  });

  it.each(['state=sent', 'limit=0', 'limit=101', 'cursor=x'])('refuses %s', async (query) => {
    const answer = await list(`&${query}`);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([query.split('=')[0]]);
  });
});

describe('POST /whatsapp/message/{id}/cancel', () => {
  it('takes a message out of the outbox, and says so again', async () => {
    const id = await aText();
    const later = await aText({ sendAt: api.clock.now.getTime() + 3_600_000 });
    for (const each of [id, later, id]) {
      const answer = await post(each, 'cancel');
      expect(answer.status).toBe(200);
      expect(answer.json).toMatchObject({ data: { id: each, state: 'CANCELED', ack: -1 } });
    }

    expect(await waiting(sender)).toEqual([]);
  });

  it('has the runner look, which tells of it', async () => {
    const id = await aText();
    const record = await recordOf(api, sender.instance);
    // They may come in any order: those of making the instance and of the text are not meant.
    const before = [await nextDoorbell(api, record), await nextDoorbell(api, record)];
    expect(before.map((doorbell) => doorbell?.kind).sort()).toEqual(['instance', 'outbox']);
    await post(id, 'cancel');

    expect(await nextDoorbell(api, record)).toMatchObject({ kind: 'instance' });
  });

  it('is too late when an attempt was made, or it is over', async () => {
    const [underWay, sent] = [await aText(), await aText()];
    await api.deps.messages.startAttempt(underWay, api.clock.now);
    await finish(sent, 'SENT');

    for (const id of [underWay, sent]) {
      const answer = await post(id, 'cancel');
      expect([answer.status, errorOf(answer).code]).toEqual([409, 'too_late']);
    }
    expect((await waiting(sender)).map(({ messageId: id }) => id)).toEqual([underWay]);
  });
});

describe('POST /whatsapp/message/{id}/retry', () => {
  it.each(['FAILED', 'EXPIRED', 'CANCELED'] as const)(
    'sends what a message said that is %s, once',
    async (state) => {
      const id = await aText();
      await finish(id, state);
      const calls = Array.from({ length: 10 }, () => post(id, 'retry'));
      const answers = await Promise.all(calls);

      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(new Set(answers.map(messageId)).size).toBe(1);
      const [first] = answers;
      expect(first?.json).toMatchObject({ data: { state: 'QUEUED', type: 'text', retry_of: id } });
      const [again, ...others] = await waiting(sender);
      expect(others).toEqual([]);
      expect(again).toMatchObject({ chatId: `${CHAT}@c.us`, content: { text: 'x' }, retryOf: id });
      expect((await api.deps.messages.get(id))?.state).toBe(state);
    },
  );

  it('is not confused by a customer whose Idempotency-Key says the same', async () => {
    const id = await aText();
    await finish(id, 'FAILED');
    const headers = { 'idempotency-key': `retry|${id}` };
    const keyed = await send(sender, '', { chatId: CHAT, message: 'y' }, headers);
    const retried = await post(id, 'retry');

    expect([keyed.status, retried.status]).toEqual([200, 200]);
    expect(messageId(retried)).not.toBe(messageId(keyed));
    const again = await send(sender, '', { chatId: CHAT, message: 'y' }, headers);
    expect(messageId(again)).toBe(messageId(keyed));
    const texts = (await waiting(sender)).map(({ content }) => 'text' in content && content.text);
    expect(texts).toEqual(['y', 'x']);
  });

  it('takes other times, and names them when they are wrong', async () => {
    const id = await aText();
    await finish(id, 'EXPIRED');
    expect(faultPaths(await post(id, 'retry', { expiresIn: 0 }))).toEqual(['expiresIn']);
    await post(id, 'retry', { expiresIn: 60 });

    const validUntil = new Date(api.clock.now.getTime() + 60_000).toISOString();
    expect((await waiting(sender))[0]).toMatchObject({ validUntil });
  });

  it('has nothing to retry of a message that may yet come', async () => {
    const [queued, sent] = [await aText(), await aText()];
    await finish(sent, 'SENT');

    for (const id of [queued, sent]) {
      const answer = await post(id, 'retry');
      expect([answer.status, errorOf(answer).code]).toEqual([409, 'too_late']);
    }
  });
});

describe.each(['cancel', 'retry'])('POST /whatsapp/message/{id}/%s', (what) => {
  it('finds only what is there, and is of the caller', async () => {
    const id = await aText();
    const sibling = { api, instance: await aLinkedInstance(api, account) };
    const stranger = await anAccount(api);
    const answers = [
      await post(UNKNOWN_ID, what),
      await post('x', what),
      await post(id, what, {}, sibling),
      await call(api, `POST /whatsapp/message/${id}/${what}`, { headers: stranger.headers }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(await waiting(sender)).toHaveLength(1);
  });
});

describe('GET /whatsapp/media/{mediaId}', () => {
  async function show(id: string, of = sender): Promise<Answer> {
    return await call(api, `GET /whatsapp/media/${id}${of.instance.query}`);
  }

  it('leads to the bytes', async () => {
    const key = `inbound/${sender.instance.id}/abc`;
    await api.deps.media.put(key, new TextEncoder().encode('a picture'));
    const answer = await show('abc');

    expect([answer.status, answer.text]).toEqual([302, '']);
    const download = await request(String(answer.headers['location']));
    expect(await download.body.text()).toBe('a picture');
  });

  it("does not find what is not there, or is another instance's", async () => {
    await api.deps.media.put(`inbound/${sender.instance.id}/abc`, new Uint8Array(1));
    const sibling = { api, instance: await aLinkedInstance(api, account) };
    const answers = [await show('abd'), await show('..%2Fabc'), await show('abc', sibling)];

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});
