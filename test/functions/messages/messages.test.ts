import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { anAttachment } from '../attachments/attachment-calls.ts';
import {
  type Account,
  type Answer,
  aLinkedInstance,
  anAccount,
  anInstance,
  call,
  errorOf,
  faultPaths,
  type OwnedInstance,
  recordOf,
  report,
} from '../callers.ts';
import { nextDoorbell } from '../next-doorbell.ts';

const CHAT = '2348179803743';

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi();
  account = await anAccount(api);
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  instance = await aLinkedInstance(api, account);
});

async function send(fields: object, of = instance): Promise<Answer> {
  return await call(api, `POST /whatsapp/message${of.query}`, { json: fields });
}

function messageId({ headers }: Answer): string {
  return String(headers['x-message-id']);
}

async function outbox(): Promise<string[]> {
  const waiting: string[] = [];
  for await (const { messageId: id } of api.deps.outbox.all(instance.id)) waiting.push(id);
  return waiting;
}

describe('POST /whatsapp/message', () => {
  it("answers in the customer's page's shape, and tells where to look for the state", async () => {
    const answer = await send({ chatId: CHAT, message: 'Hello dear' });
    const id = messageId(answer);
    const stored = await api.deps.messages.get(id);

    expect(answer.status).toBe(200);
    expect(answer.headers['location']).toBe(`/whatsapp/message/${id}`);
    expect(answer.text).toBe(
      JSON.stringify({
        status: true,
        message: 'Message sent successfully',
        data: {
          message: {
            key: { remoteJid: `${CHAT}@s.whatsapp.net`, fromMe: true, id: stored?.waId },
            message: { extendedTextMessage: { text: 'Hello dear' } },
            messageTimestamp: String(Math.floor(api.clock.now.getTime() / 1000)),
            status: 'PENDING',
          },
          attachment: [],
          contact: {},
          image: {},
          buttons: {},
          location: {},
          ids: [id],
        },
      }),
    );
  });

  it('puts the message into the outbox and rings for it', async () => {
    await nextDoorbell(api, await recordOf(api, instance));
    const id = messageId(await send({ chatId: CHAT, message: 'x' }));

    expect(await outbox()).toEqual([id]);
    expect(await nextDoorbell(api, await recordOf(api, instance))).toMatchObject({
      kind: 'outbox',
    });
  });

  it('keeps the order of messages of one millisecond', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 50; i += 1) {
      ids.push(messageId(await send({ chatId: CHAT, message: `${i}` })));
    }

    expect(await outbox()).toEqual(ids);
  });

  it.each([
    [CHAT, `${CHAT}@s.whatsapp.net`],
    [2348179803743, `${CHAT}@s.whatsapp.net`],
    [`+234 817 980-3743`, `${CHAT}@s.whatsapp.net`],
    [`${CHAT}@c.us`, `${CHAT}@s.whatsapp.net`],
    [`${CHAT}@s.whatsapp.net`, `${CHAT}@s.whatsapp.net`],
    ['120363041234567890@g.us', '120363041234567890@g.us'],
    ['10150000000@lid', '10150000000@lid'],
  ])('takes the chat %j', async (chatId, remoteJid) => {
    const answer = await send({ chatId, message: 'x' });

    expect(answer.json).toMatchObject({ data: { message: { key: { remoteJid } } } });
  });

  it.each([
    [{ chatId: '', message: 'x' }, ['chatId']],
    [{ chatId: 'me@example.com', message: 'x' }, ['chatId']],
    [{ chatId: CHAT, message: '' }, ['message']],
    [{ chatId: CHAT, message: 'x'.repeat(65_537) }, ['message']],
    [{}, ['chatId', 'message']],
    [{ chatId: CHAT }, ['message']],
    [{ chatId: CHAT, message: 'x', location: { lat: '6.5' } }, ['location.lng']],
    [{ chatId: CHAT, message: 'x', location: { lat: 91, lng: 0 } }, ['location.lat']],
    [{ chatId: CHAT, message: 'x', attachments: new Array(21).fill('x') }, ['attachments']],
    [{ chatId: CHAT, message: 'x', mentions: ['nobody'] }, ['mentions.0']],
    [{ chatId: CHAT, message: 'x', mentions: [CHAT, '120363041234567890@g.us'] }, ['mentions.1']],
    [{ chatId: CHAT, message: ' \n\t' }, ['message']],
    [{ chatId: CHAT, message: ' ', location: { lat: 1, lng: 2 } }, ['message']],
  ])('refuses %j and accepts nothing', async (fields, paths) => {
    const answer = await send(fields);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(paths);
    expect(await outbox()).toEqual([]);
  });

  it.each([
    [{ attachments: ['64ac311eee05a1a2c27fbdb5'] }, 'attachments.0'],
    [{ contactId: '64a00ec7c5e487d95dcb0d5e' }, 'contactId'],
    [{ quotedMessageId: '3EB0C767D71C2A2F8A04D2' }, 'quotedMessageId'],
  ])('does not find %j, and accepts nothing', async (fields, path) => {
    const answer = await send({ chatId: CHAT, message: 'x', ...fields });

    expect(answer.status).toBe(404);
    expect(faultPaths(answer)).toEqual([path]);
    expect(await outbox()).toEqual([]);
  });

  it('makes a message of each part, in order, and shows each under its name', async () => {
    const { _id } = await anAttachment(api, account);
    const { headers } = account;
    const card = { fullName: 'John Doe', phoneNumber: '919999999999' };
    await call(api, 'POST /whatsapp/contacts', { headers, json: card });
    const [contact] = (await api.deps.contacts.list(account.accountId, { limit: 1 })).contacts;
    const location = { name: 'Home', lat: '6.556452', lng: '3.2774487' };
    const fields = { message: 'x', attachments: [_id], location, contactId: contact?.contactId };
    const answer = await send({ chatId: CHAT, ...fields });

    expect(answer.json).toMatchObject({
      data: {
        message: { message: { extendedTextMessage: { text: 'x' } } },
        attachment: [_id],
        contact: { contactMessage: { displayName: 'John Doe' } },
        image: {},
        buttons: {},
        location: {
          locationMessage: { degreesLatitude: 6.556452, degreesLongitude: 3.2774487, name: 'Home' },
        },
        ids: await outbox(),
      },
    });
    const kinds = (await outbox()).map(
      async (id) => (await api.deps.messages.get(id))?.content.kind,
    );
    expect(await Promise.all(kinds)).toEqual(['text', 'document', 'contact', 'location']);
  });

  it('takes fields that are empty', async () => {
    const empty = { attachments: [], location: {}, contactId: '' };

    expect((await send({ chatId: CHAT, message: 'x', ...empty })).status).toBe(200);
  });

  it.each(['CONNECTING', 'SCAN_QR', 'DISCONNECTED', 'CONFLICT', 'FORBIDDEN'] as const)(
    'accepts messages while the instance is %s',
    async (status) => {
      await report(api, instance, { status });

      expect((await send({ chatId: CHAT, message: 'x' })).status).toBe(200);
    },
  );

  it('refuses an instance that was never started, or is logged out', async () => {
    const fresh = await anInstance(api, account);
    await report(api, instance, { status: 'LOGGED_OUT', user: null });

    for (const of of [fresh, instance]) {
      const answer = await send({ chatId: CHAT, message: 'x' }, of);
      expect(answer.status).toBe(409);
      expect(errorOf(answer).code).toBe('not_linked');
    }
  });

  it('is accepted when the doorbell cannot be rung', async () => {
    const mute = await startApi({
      deps: {
        ringDoorbell: async () => {
          throw new Error('the queue is away');
        },
      },
    });
    try {
      const muteInstance = await aLinkedInstance(mute, await anAccount(mute));
      const path = `POST /whatsapp/message${muteInstance.query}`;
      const answer = await call(mute, path, { json: { chatId: CHAT, message: 'x' } });

      expect(answer.status).toBe(200);
      expect(await mute.deps.messages.get(messageId(answer))).toMatchObject({ state: 'QUEUED' });
      const warnings = mute.logLines().filter(({ level }) => level === 'WARN');
      expect(warnings.at(-1)).toMatchObject({ instanceId: muteInstance.id });
    } finally {
      await mute.close();
    }
  });
});

describe('the deprecated ways to send a text', () => {
  it.each(['/whatsapp/sendText', '/whatsapp/message/sendText'])(
    "%s answers open-wa's id",
    async (path) => {
      const json = { ...instance.credentials, to: CHAT, message: 'Hello sir 3.' };
      const answer = await call(api, `POST ${path}`, { json });
      const stored = await api.deps.messages.get(messageId(answer));

      expect(answer.status).toBe(200);
      expect(answer.headers['deprecation']).toBe('true');
      expect(answer.text).toBe(
        JSON.stringify({
          status: true,
          message: 'Message sent successfully',
          data: `true_${CHAT}@c.us_${stored?.waId}`,
        }),
      );
    },
  );

  it('name what is missing', async () => {
    const answer = await call(api, `POST /whatsapp/sendText${instance.query}`, { json: {} });

    expect(faultPaths(answer)).toEqual(['to', 'message']);
  });
});
