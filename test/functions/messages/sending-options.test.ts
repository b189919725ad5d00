import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allOf } from '../../shared/repositories/open-table.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  aLinkedInstance,
  anAccount,
  call,
  errorOf,
  faultPaths,
} from '../callers.ts';
import { CHAT, messageId, type Sender, send, sendForm, waiting } from './message-calls.ts';

const AT_ONCE = 1_000;
const DAY_MS = 24 * 3_600_000;
const TEXT = { chatId: CHAT, message: 'x' };

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

describe('Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'order 4711' };

  it('gives a repeated call the same answer, and makes one message', async () => {
    const first = await send(sender, '', TEXT, headers);
    api.clock.now = new Date(api.clock.now.getTime() + 5_000);
    const again = await send(sender, '', TEXT, headers);

    expect(first.status).toBe(200);
    expect(again.status).toBe(200);
    expect(again.text).toBe(first.text);
    expect(messageId(again)).toBe(messageId(first));
    expect(await waiting(sender)).toHaveLength(1);
  });

  it('takes no notice of how the same is said', async () => {
    await send(sender, '', TEXT, headers);
    const { api: at, instance } = sender;
    const json = { message: 'x', chatId: CHAT, ...instance.credentials };
    const again = await call(at, 'POST /whatsapp/message', {
      json,
      headers: { 'idempotency-key': '"order 4711"' },
    });

    expect(again.status).toBe(200);
    expect(await waiting(sender)).toHaveLength(1);
  });

  it('is refused for another text, and for another kind of call', async () => {
    await send(sender, '', TEXT, headers);
    const refused = [
      await send(sender, '', { ...TEXT, message: 'y' }, headers),
      await send(sender, '', { ...TEXT, expiresIn: 60 }, headers),
      await send(sender, 'location', { chatId: CHAT, location: { lat: 1, lng: 2 } }, headers),
    ];

    for (const answer of refused) {
      expect(answer.status).toBe(422);
      expect(errorOf(answer).code).toBe('idempotency_mismatch');
    }
    expect(await waiting(sender)).toHaveLength(1);
  });

  it('is one of its instance, and free again when its call was refused', async () => {
    const refused = await send(sender, '', { ...TEXT, quotedMessageId: 'nothing' }, headers);
    expect(refused.status).toBe(404);
    expect((await send(sender, '', TEXT, headers)).status).toBe(200);
    const sibling = { api, instance: await aLinkedInstance(api, account) };
    expect((await send(sibling, '', { ...TEXT, message: 'y' }, headers)).status).toBe(200);
  });

  it('is good for a message of several parts', async () => {
    const parts = { ...TEXT, location: { lat: 1, lng: 2 } };
    const first = await send(sender, '', parts, headers);
    const again = await send(sender, '', parts, headers);

    expect(again.text).toBe(first.text);
    expect(await waiting(sender)).toHaveLength(2);
  });

  it('knows a file by its bytes and its name', async () => {
    const file = new File(['a,b'], 'a.csv', { type: 'text/csv' });
    const first = await sendForm(sender, 'doc', { chatId: CHAT, file }, headers);
    const again = await sendForm(sender, 'doc', { chatId: CHAT, file }, headers);
    const others = [
      new File(['a,c'], 'a.csv', { type: 'text/csv' }),
      new File(['a,b'], 'b.csv', { type: 'text/csv' }),
    ];

    expect([first.status, again.status]).toEqual([204, 204]);
    expect(messageId(again)).toBe(messageId(first));
    for (const other of others) {
      const answer = await sendForm(sender, 'doc', { chatId: CHAT, file: other }, headers);
      expect(answer.status).toBe(422);
    }
    expect(await waiting(sender)).toHaveLength(1);
    const blobs = await allOf(api.storage.mediaBlobs.list(`sent/${sender.instance.id}/`));
    expect(blobs).toHaveLength(1);
  });

  it(`makes one message of ${AT_ONCE} calls at once`, async () => {
    const calls = Array.from({ length: AT_ONCE }, () => send(sender, '', TEXT, headers));
    const answers = await Promise.all(calls);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await waiting(sender)).toHaveLength(1);
  });

  it.each(['', '""', 'x'.repeat(256), 'schlüssel'])('must not be %j', async (key) => {
    const answer = await send(sender, '', TEXT, { 'idempotency-key': key });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['headers.idempotency-key']);
    expect(await waiting(sender)).toEqual([]);
  });
});

describe('what a call may leave out', () => {
  const OPTIONS = ['sendAt', 'expiresIn', 'quotedMessageId', 'mentions'];
  const each = <V extends string | null>(names: string[], value: V): Record<string, V> =>
    Object.fromEntries(names.map((name) => [name, value]));

  it('may be null', async () => {
    const sends: [string, object, string[]][] = [
      ['', TEXT, ['attachments', 'location', 'contactId']],
      ['location', { chatId: CHAT, location: { lat: 1, lng: 2, name: null, address: null } }, []],
      ['poll', { chatId: CHAT, name: 'x', options: ['a', 'b'] }, ['selectableCount']],
      [
        'fileurl',
        { chatId: CHAT, url: 'https://example.com/a', type: 'audio' },
        ['mimetype', 'caption', 'filename', 'ptt'],
      ],
    ];
    for (const [kind, fields, names] of sends) {
      const answer = await send(sender, kind, { ...fields, ...each([...OPTIONS, ...names], null) });
      expect([kind, answer.text]).toEqual([kind, expect.not.stringContaining('validation_failed')]);
    }
    expect(await waiting(sender)).toHaveLength(sends.length);
  });

  it('may be empty in a form', async () => {
    const file = new File(['a,b'], 'a.csv', { type: 'text/csv' });
    const names = [...OPTIONS, 'attachmentId', 'filename', 'caption'];
    const doc = await sendForm(sender, 'doc', { chatId: CHAT, file, ...each(names, '') });
    const text = await sendForm(sender, '', { ...TEXT, ...each(OPTIONS, '') });

    expect([doc.text, doc.status, text.status]).toEqual(['', 204, 200]);
  });
});

describe('sendAt and expiresIn', () => {
  const in1h = () => new Date(Math.floor(api.clock.now.getTime() / 1_000) * 1_000 + 3_600_000);

  async function timesOf(answer: Answer) {
    const { sendAt, validUntil } = (await api.deps.messages.get(messageId(answer))) ?? {};
    return { sendAt, validUntil };
  }

  it.each<[string, (at: Date) => unknown]>([
    ['a time', (at) => at.toISOString()],
    ['a time with an offset', (at) => at.toISOString().replace('Z', '+00:00')],
    ['seconds', (at) => at.getTime() / 1_000],
    ['milliseconds', (at) => at.getTime()],
    ['a text of seconds', (at) => String(at.getTime() / 1_000)],
  ])('puts a message off, as %s', async (_, write) => {
    const answer = await send(sender, '', { ...TEXT, sendAt: write(in1h()), expiresIn: 60 });

    expect(answer.status).toBe(200);
    expect(await timesOf(answer)).toEqual({
      sendAt: in1h().toISOString(),
      validUntil: new Date(in1h().getTime() + 60_000).toISOString(),
    });
    expect(await allOf(api.deps.outbox.due(sender.instance.id, api.clock.now))).toEqual([]);
    expect(await waiting(sender)).toHaveLength(1);
  });

  it('sends at once what was to be sent before, and gives up after six hours', async () => {
    const answer = await send(sender, '', { ...TEXT, sendAt: '2020-01-01T00:00:00Z' });

    const validUntil = new Date(api.clock.now.getTime() + DAY_MS / 4).toISOString();
    expect(await timesOf(answer)).toEqual({ sendAt: undefined, validUntil });
  });

  it('take a form', async () => {
    const sendAt = String(in1h().getTime());
    const answer = await sendForm(sender, '', { ...TEXT, sendAt, expiresIn: '60' });

    expect((await timesOf(answer)).sendAt).toBe(in1h().toISOString());
  });

  it.each<[string, () => object]>([
    ['sendAt', () => ({ sendAt: new Date(api.clock.now.getTime() + 30 * DAY_MS + 1_000) })],
    ['sendAt', () => ({ sendAt: 'tomorrow' })],
    ['sendAt', () => ({ sendAt: -1 })],
    ['sendAt', () => ({ sendAt: Number.MAX_SAFE_INTEGER })],
    ['expiresIn', () => ({ expiresIn: 0 })],
    ['expiresIn', () => ({ expiresIn: 30 * 86_400 + 1 })],
    ['expiresIn', () => ({ expiresIn: 1.5 })],
  ])('name %s when it is wrong', async (path, fields) => {
    const answer = await send(sender, '', { ...TEXT, ...fields() });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual([path]);
    expect(await waiting(sender)).toEqual([]);
  });
});

describe('the quota of an account', () => {
  const RETRY_AFTER = /^[1-9]\d?$/;
  let strict: ApiUnderTest;
  beforeAll(async () => {
    strict = await startApi({ config: { messagesPerMinute: 3 } });
  });
  afterAll(async () => {
    await strict.close();
  });

  it('is told by 429 with when to come again, and does not count repeats', async () => {
    const mine = { api: strict, instance: await aLinkedInstance(strict, await anAccount(strict)) };
    const headers = { 'idempotency-key': 'once' };
    for (let tries = 0; tries < 5; tries += 1) await send(mine, '', TEXT, headers);
    const parts = { ...TEXT, location: { lat: 1, lng: 2 } };
    expect((await send(mine, '', parts)).status).toBe(200);
    const refused = await send(mine, '', TEXT);

    expect(refused.status).toBe(429);
    expect(errorOf(refused).code).toBe('too_many_requests');
    expect(refused.headers['retry-after']).toMatch(RETRY_AFTER);
    expect(await waiting(mine)).toHaveLength(3);
  });

  it('keeps no file of what it refuses', async () => {
    const instance = await aLinkedInstance(strict, await anAccount(strict));
    const mine = { api: strict, instance };
    const file = new File(['a,b'], 'a.csv', { type: 'text/csv' });
    const statuses = [];
    for (let tries = 0; tries < 5; tries += 1) {
      statuses.push((await sendForm(mine, 'doc', { chatId: CHAT, file })).status);
    }

    expect(statuses).toEqual([204, 204, 204, 429, 429]);
    expect(await allOf(strict.storage.mediaBlobs.list(`sent/${instance.id}/`))).toHaveLength(3);
  });

  it('holds for retries, each of which is told of once', async () => {
    const instance = await aLinkedInstance(strict, await anAccount(strict));
    const mine = { api: strict, instance };
    const ids = [await send(mine, '', TEXT), await send(mine, '', TEXT)].map(messageId);
    for (const message of await waiting(mine)) {
      await strict.deps.messages.finish(message, { to: 'FAILED', at: strict.clock.now });
    }
    const retry = async (id = '') =>
      await call(strict, `POST /whatsapp/message/${id}/retry${instance.query}`, { json: {} });
    const answers = [await retry(ids[0]), await retry(ids[0]), await retry(ids[1])];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(await waiting(mine)).toHaveLength(1);
  });
});
