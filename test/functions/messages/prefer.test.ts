import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MessageStep } from '#shared/repositories/message-repository.ts';
import { type ApiUnderTest, startApi } from '../api-under-test.ts';
import { aLinkedInstance, anAccount, errorOf, faultPaths } from '../callers.ts';
import { CHAT, type Sender, send, waiting } from './message-calls.ts';

const TEXT = { chatId: CHAT, message: 'x' };
const BUTTONS = {
  chatId: CHAT,
  btndata: { text: 'x', buttons: [{ type: 'replyButton', title: 'Yes' }] },
};
const FAILURE = { code: '463', message: 'WhatsApp refused it.' };
const NOW_AND_THEN = { interval: 2 };

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

/** As a runner does, as soon as there is a message. */
async function settle(step: Omit<MessageStep, 'at'>): Promise<void> {
  await expect.poll(async () => await waiting(sender), NOW_AND_THEN).toHaveLength(1);
  const [message] = await waiting(sender);
  if (message) await api.deps.messages.finish(message, { ...step, at: api.clock.now });
}

describe('Prefer: wait', () => {
  it('answers when WhatsApp has the message', async () => {
    const answering = send(sender, '', TEXT, { prefer: 'wait=20' });
    await settle({ to: 'SENT' });
    const answer = await answering;

    expect(answer.status).toBe(200);
    expect(answer.headers['x-message-state']).toBe('SENT');
    expect(answer.json).toMatchObject({ data: { message: { status: 'SERVER_ACK' } } });
  });

  it('answers how far it is when the time is over', async () => {
    const answer = await send(sender, '', TEXT, { prefer: 'wait=1' });

    expect(answer.status).toBe(200);
    expect(answer.headers['x-message-state']).toBe('QUEUED');
    expect(answer.json).toMatchObject({ data: { message: { status: 'PENDING' } } });
    expect(await waiting(sender)).toHaveLength(1);
  });

  it('answers 204 when nothing is to be shown', async () => {
    const answering = send(sender, 'button', BUTTONS, { prefer: 'wait=20' });
    await settle({ to: 'SENT' });
    const answer = await answering;

    expect(answer.status).toBe(204);
    expect(answer.headers['x-message-state']).toBe('SENT');
  });

  it('tells of a failure where nothing is to be shown', async () => {
    const answering = send(sender, 'button', BUTTONS, { prefer: 'wait=20' });
    await settle({ to: 'FAILED', failure: FAILURE });
    const answer = await answering;

    expect(answer.status).toBe(422);
    expect(errorOf(answer)).toMatchObject({ code: 'message_failed' });
    expect(answer.text).toContain('463');
  });

  it('shows a failure where the message is shown', async () => {
    const prefer = 'return=representation, wait=20';
    const answering = send(sender, 'button', BUTTONS, { prefer });
    await settle({ to: 'FAILED', failure: FAILURE });
    const answer = await answering;

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      message: 'The message failed: WhatsApp refused it.',
      data: { status: 'ERROR', error: FAILURE },
    });
  });

  it.each(['wait=21', 'wait=x', 'wait='])('must not be %s', async (prefer) => {
    const answer = await send(sender, '', TEXT, { prefer });

    expect(answer.status).toBe(400);
    expect(faultPaths(answer)).toEqual(['headers.prefer']);
    expect(await waiting(sender)).toEqual([]);
  });
});

describe('Prefer: return=representation', () => {
  it.each([
    'Return=Representation',
    'return = "representation"',
    'x; y="1", return=representation',
  ])('may be written as %s', async (prefer) => {
    expect((await send(sender, 'button', BUTTONS, { prefer })).status).toBe(200);
  });

  it.each(['return=minimal', 'representation', 'return=representations', 'nonsense', '=', ','])(
    'is not meant by %s',
    async (prefer) => {
      expect((await send(sender, 'button', BUTTONS, { prefer })).status).toBe(204);
    },
  );

  it("shows WhatsApp's form where the page shows nothing", async () => {
    const silent = await send(sender, 'button', BUTTONS);
    const shown = await send(sender, 'button', BUTTONS, { prefer: 'return=representation' });

    expect([silent.status, silent.text]).toEqual([204, '']);
    expect(silent.headers['location']).toMatch(/^\/whatsapp\/message\/\w{26}$/);
    expect(shown.status).toBe(200);
    expect(shown.json).toMatchObject({
      data: {
        key: { remoteJid: `${CHAT}@s.whatsapp.net`, fromMe: true },
        message: { extendedTextMessage: { text: 'x\n\n1. Yes' } },
        status: 'PENDING',
      },
    });
  });
});
