import { describe, expect, it } from 'vitest';
import { recordProgress } from '#runner/webhooks/record-progress.ts';
import { toOwnMessage } from '#runner/whatsapp/own-message.ts';
import type { WebhookEvent } from '#shared/contracts/webhook-event.ts';
import { LIVE_EVENTS } from '#shared/domain/event-name.ts';
import type { Message } from '#shared/domain/message.ts';
import { EndpointRepository } from '#shared/repositories/endpoint-repository.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { MessageRepository } from '#shared/repositories/message-repository.ts';
import { openForTest } from '../../shared/storage/embedded/open-for-test.ts';
import { aMessage, anEndpoint, anInstance } from '../records.ts';
import { aRecorder } from './a-recorder.ts';

const AT = '2026-11-22T12:00:01.000Z';
const LATER = '2026-11-22T12:00:02.000Z';
const AN_HOUR_LATER = '2026-11-22T13:00:01.000Z';
const REFUSED = { code: '463', message: 'WhatsApp does not let this number start new chats now.' };

const instance = anInstance();

async function recording() {
  const { storage, clock } = await openForTest();
  const instances = new InstanceRepository(storage.table);
  const messages = new MessageRepository(storage.table);
  await instances.create(instance);
  const endpoint = anEndpoint(instance, { events: [...LIVE_EVENTS] });
  await new EndpointRepository(storage.table).replace(endpoint, undefined);
  const { recorder: events, recorded } = aRecorder(storage.table);
  const deps = { instances, messages, events, toOwnMessage, now: clock.now };
  const message = aMessage(instance, 1);
  const record = async (changes: Partial<Message>) =>
    await recordProgress({ ...message, ...changes }, { instance, user: undefined }, deps);
  return { message, record, recorded, messages, clock, deps };
}

const namesOf = (recorded: WebhookEvent[]) => recorded.map(({ event }) => event);

describe('recordProgress', () => {
  it('tells that WhatsApp has the message, once, and each step after it', async () => {
    const { message, record, recorded } = await recording();
    await record({ state: 'SENT', sentAt: AT });
    await record({ state: 'SENT', sentAt: AT });
    await record({ state: 'READ', sentAt: AT, readAt: LATER });
    expect(namesOf(recorded)).toEqual(['onAnyMessage', 'onAck', 'onMessageSent', 'onAck']);
    const { messageId, waId, chatId } = message;
    expect(recorded[2]?.data).toEqual({
      id: messageId,
      wa_id: waId,
      chatId,
      state: 'SENT',
      at: AT,
      failure: null,
    });
  });

  it('tells it of a message whose receipt came first', async () => {
    const { record, recorded } = await recording();
    await record({ state: 'DELIVERED', deliveredAt: AT });
    await record({ state: 'READ', deliveredAt: AT, readAt: LATER });
    expect(namesOf(recorded)).toEqual(['onAnyMessage', 'onAck', 'onMessageSent', 'onAck']);
  });

  it.each([
    ['EXPIRED', 'expiredAt', 'onMessageExpired'],
    ['CANCELED', 'canceledAt', 'onMessageCanceled'],
    ['FAILED', 'failedAt', 'onMessageFailed'],
  ] as const)('tells the end of a message that is %s', async (state, field, event) => {
    const { record, recorded } = await recording();
    const failure = { code: 'not_on_whatsapp', message: 'The number is not on WhatsApp.' };
    await record({ state, [field]: AT, ...(state === 'FAILED' && { failure }) });
    expect(namesOf(recorded)).toEqual(['onAck', event]);
    const expected = { state, at: AT, failure: state === 'FAILED' ? failure : null };
    expect(recorded[1]?.data).toMatchObject(expected);
  });

  it('tells of a chat that does not show as a message, too', async () => {
    const { record, recorded } = await recording();
    await record({ chatId: 'status@broadcast', state: 'SENT', sentAt: AT });
    expect(namesOf(recorded)).toEqual(['onMessageSent']);
  });

  it('tells once an hour that WhatsApp refuses the sender', async () => {
    const { record, recorded } = await recording();
    const refused = { state: 'FAILED', failedAt: AT, failure: REFUSED } as const;
    for (const messageId of ['one', 'two']) await record({ ...refused, messageId });
    await record({ ...refused, messageId: 'three', failedAt: AN_HOUR_LATER });
    const restrictions = recorded.filter(({ event }) => event === 'onRestriction');
    expect(restrictions.map(({ data }) => data)).toEqual([
      { ...REFUSED, until: null },
      { ...REFUSED, until: null },
    ]);
  });
});
