import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  aLinkedInstance,
  anAccount,
  anInstance,
  call,
  errorOf,
  type OwnedInstance,
} from '../callers.ts';
import { CHAT, messageId, send as sendTo } from './message-calls.ts';

const HOUR_MS = 3_600_000;

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

async function send(json: object): Promise<Answer> {
  return await sendTo({ api, instance }, '', json);
}

async function show(id: string, of = instance): Promise<Answer> {
  return await call(api, `GET /whatsapp/message/${encodeURIComponent(id)}${of.query}`);
}

describe('GET /whatsapp/message/{id}', () => {
  it('tells how far the message has come, and when', async () => {
    const id = messageId(await send({ chatId: CHAT, message: 'x' }));
    const queued = api.clock.now;
    const sent = new Date(queued.getTime() + 1000);
    await api.deps.messages.startAttempt(id, queued);
    const ref = { messageId: id, instanceId: instance.id };
    const stored = await api.deps.messages.finish(ref, { to: 'SENT', at: sent });
    const answer = await show(id);

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ status: true });
    expect(answer.text).toContain(
      JSON.stringify({
        id,
        whatsapp_id: stored?.waId,
        session_id: instance.credentials.session_id,
        chatId: `${CHAT}@c.us`,
        type: 'text',
        state: 'SENT',
        ack: 1,
        times: {
          QUEUED: queued.toISOString(),
          SENDING: queued.toISOString(),
          SENT: sent.toISOString(),
        },
        attempts: 1,
        error: null,
        send_at: null,
        valid_until: new Date(queued.getTime() + 6 * HOUR_MS).toISOString(),
        retry_of: null,
        rendered_as: null,
      }),
    );
  });

  it('tells why it failed', async () => {
    const id = messageId(await send({ chatId: CHAT, message: 'x' }));
    const failure = { code: '463', message: 'WhatsApp refused it.' };
    const ref = { messageId: id, instanceId: instance.id };
    await api.deps.messages.finish(ref, { to: 'FAILED', at: api.clock.now, failure });

    expect((await show(id)).json).toMatchObject({
      data: { state: 'FAILED', ack: -1, error: failure },
    });
  });

  it("finds it by WhatsApp's id and by open-wa's", async () => {
    const id = messageId(await send({ chatId: CHAT, message: 'x' }));
    const waId = (await api.deps.messages.get(id))?.waId ?? '';

    for (const name of [waId, `true_${CHAT}@c.us_${waId}`]) {
      expect((await show(name)).json).toMatchObject({ data: { id } });
    }
  });

  it('shows it to the account, and not to another instance of the account', async () => {
    const id = messageId(await send({ chatId: CHAT, message: 'x' }));
    const sibling = await anInstance(api, account);
    const { headers } = account;

    expect((await call(api, `GET /whatsapp/message/${id}`, { headers })).status).toBe(200);
    expect((await show(id, sibling)).status).toBe(404);
  });

  it('is a 404 once its instance is deleted', async () => {
    const id = messageId(await send({ chatId: CHAT, message: 'x' }));
    const { headers } = account;
    await call(api, `DELETE /whatsapp/${instance.id}`, { headers });

    expect((await call(api, `GET /whatsapp/message/${id}`, { headers })).status).toBe(404);
  });

  it.each(['nothing', '01ARZ3NDEKTSV4RRFFQ69G5FAV', `3EB0${'0'.repeat(18)}`, 'true_x_y'])(
    'is a 404 for %s',
    async (id) => {
      const answer = await show(id);

      expect(answer.status).toBe(404);
      expect(errorOf(answer).code).toBe('not_found');
    },
  );
});
