import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { answerCommand } from '../answer-commands.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { aLinkedInstance, anAccount, call, errorOf, faultPaths, report } from '../callers.ts';
import { aReceivedMessage, CHAT, messageId, type Sender, send } from './message-calls.ts';

const GROUP = '120363041234567890@g.us';

let api: ApiUnderTest;
let sender: Sender;
beforeAll(async () => {
  api = await startApi({ hurry: 10 });
});
afterAll(async () => {
  await api.close();
});
beforeEach(async () => {
  sender = { api, instance: await aLinkedInstance(api, await anAccount(api)) };
});

describe('POST /whatsapp/message/read', () => {
  it('names each message as WhatsApp knows it', async () => {
    const one = await aReceivedMessage(sender);
    const participant = '10150000000@lid';
    const two = await aReceivedMessage(sender, { chatId: GROUP, remoteJid: GROUP, participant });
    const ids = [one.waId, `false_${GROUP}_${two.waId}_${participant}`];
    const [answer, asked] = await Promise.all([
      send(sender, 'read', { messageId: ids }),
      answerCommand(api, sender.instance, { kind: 'done' }),
    ]);

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(asked).toEqual({
      kind: 'mark_read',
      messages: [
        { waId: one.waId, remoteJid: one.remoteJid },
        { waId: two.waId, remoteJid: GROUP, participant },
      ],
    });
  });

  it('says which of several it does not find', async () => {
    const { waId } = await aReceivedMessage(sender);
    const answer = await send(sender, 'read', { messageId: [waId, 'x'] });

    expect([answer.status, faultPaths(answer)]).toEqual([404, ['messageId.1']]);
  });

  it("does not take an unknown message, one's own, or too many", async () => {
    const own = messageId(await send(sender, '', { chatId: CHAT, message: 'x' }));
    const fromPhone = await aReceivedMessage(sender, { fromMe: true });
    const answers = [
      await send(sender, 'read', { messageId: 'x' }),
      await send(sender, 'read', { messageId: own }),
      await send(sender, 'read', { messageId: fromPhone.waId }),
      await send(sender, 'read', { messageId: [] }),
      await send(sender, 'read', { messageId: new Array(51).fill('x') }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 400, 400]);
    for (const answer of answers) expect(faultPaths(answer)).toEqual(['messageId']);
  });
});

describe('POST /whatsapp/presence', () => {
  it.each(['composing', 'recording', 'paused'])('shows %s', async (presence) => {
    const path = `POST /whatsapp/presence${sender.instance.query}`;
    const [answer, asked] = await Promise.all([
      call(api, path, { json: { chatId: CHAT, presence } }),
      answerCommand(api, sender.instance, { kind: 'done' }),
    ]);

    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(asked).toEqual({ kind: 'show_presence', chatId: `${CHAT}@c.us`, presence });
  });

  it('names what is wrong, and is refused when the session is down', async () => {
    const path = `POST /whatsapp/presence${sender.instance.query}`;
    const wrong = await call(api, path, { json: { chatId: 'me', presence: 'online' } });
    await report(api, sender.instance, { status: 'CONNECTING' });
    const down = await call(api, path, { json: { chatId: CHAT, presence: 'paused' } });

    expect([wrong.status, faultPaths(wrong)]).toEqual([400, ['chatId', 'presence']]);
    expect([down.status, errorOf(down).code]).toEqual([409, 'not_connected']);
  });
});
