import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerCommand } from '../answer-commands.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import {
  type Account,
  type Answer,
  aLinkedInstance,
  anAccount,
  call,
  errorOf,
  faultPaths,
  type OwnedInstance,
  report,
} from '../callers.ts';

const PHONE = '2348179803743';
const LID = '10150000000';

let api: ApiUnderTest;
let account: Account;
let instance: OwnedInstance;
beforeAll(async () => {
  api = await startApi({ hurry: 10 });
  account = await anAccount(api);
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  instance = await aLinkedInstance(api, account);
});

describe('GET /whatsapp/check/{number}', () => {
  async function check(number: string, of = instance): Promise<Answer> {
    return await call(api, `GET /whatsapp/check/${encodeURIComponent(number)}${of.query}`);
  }

  it.each([PHONE, '+234 817 980-3743', `${PHONE}@c.us`, `${PHONE}@s.whatsapp.net`])(
    'asks WhatsApp for %s, and shows the addresses',
    async (number) => {
      const jid = `${PHONE}@s.whatsapp.net`;
      const lid = `${LID}@lid`;
      const [answer, asked] = await Promise.all([
        check(number),
        answerCommand(api, instance, { kind: 'checked', exists: true, jid, lid }),
      ]);

      expect(asked).toEqual({ kind: 'check_number', phone: PHONE });
      expect(answer.status).toBe(200);
      expect(answer.json).toMatchObject({
        data: { number: PHONE, exists: true, chatId: `${PHONE}@c.us`, jid, lid },
      });
    },
  );

  it('says of a number that is not on WhatsApp that it has no address', async () => {
    const [answer] = await Promise.all([
      check(PHONE),
      answerCommand(api, instance, { kind: 'checked', exists: false }),
    ]);

    expect(answer.json).toMatchObject({
      data: { number: PHONE, exists: false, chatId: null, jid: null, lid: null },
    });
  });

  it('is refused when the session is not connected, or does not answer', async () => {
    const [refused] = await Promise.all([
      check(PHONE),
      answerCommand(api, instance, { kind: 'refused', reason: 'The session is starting.' }),
    ]);
    expect([refused.status, errorOf(refused).code]).toEqual([409, 'not_connected']);
    const silent = await check(PHONE);
    expect([silent.status, errorOf(silent).code]).toEqual([504, 'runner_timeout']);

    await report(api, instance, { status: 'DISCONNECTED' });
    const down = await check(PHONE);
    expect([down.status, errorOf(down).code]).toEqual([409, 'not_connected']);
  });

  it.each(['12', 'me', '120363041234567890@g.us'])('refuses %s', async (number) => {
    const answer = await check(number);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['number']);
  });
});

describe('GET /whatsapp/lids/{lid}', () => {
  async function show(lid: string, of = instance): Promise<Answer> {
    return await call(api, `GET /whatsapp/lids/${encodeURIComponent(lid)}${of.query}`);
  }

  it.each([LID, `${LID}@lid`])('shows the number that the instance has learnt: %s', async (lid) => {
    await api.deps.lids.keep(instance.id, { lid: LID, phone: PHONE });
    const answer = await show(lid);

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      data: {
        lid: `${LID}@lid`,
        phone: PHONE,
        jid: `${PHONE}@s.whatsapp.net`,
        chatId: `${PHONE}@c.us`,
      },
    });
  });

  it('does not show what another instance has learnt', async () => {
    await api.deps.lids.keep(instance.id, { lid: LID, phone: PHONE });
    const sibling = await aLinkedInstance(api, account);

    expect((await show(LID, sibling)).status).toBe(404);
  });

  it.each(['me', '12', `${PHONE}@c.us`])('refuses %s', async (lid) => {
    const answer = await show(lid);

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['lid']);
  });
});
