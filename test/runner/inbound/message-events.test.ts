import { describe, expect, it } from 'vitest';
import type { InboundMessage } from '#runner/inbound/inbound-message.ts';
import { encryptPollVote } from '#simulator/phones/poll-vote.ts';
import { aMessage } from '../records.ts';
import { anInboundMessage } from './messages.ts';
import { instance, recorderAtWork } from './recorder-at-work.ts';

const ADA = { phone: '2348179803743', lid: '98765432101', name: 'Ada' };
const US = { phone: '2349040613521', lid: '77701' };
const SECRET = Buffer.alloc(32, 5);
const OPTIONS = ['Soup', 'Fish'];

type Home = Awaited<ReturnType<typeof recorderAtWork>>;

async function told({ inbound, recorded }: Home, changes: Partial<InboundMessage>) {
  const before = recorded.length;
  inbound.take(anInboundMessage(changes), () => undefined);
  await inbound.leave();
  return recorded.slice(before).map(({ event, data }) => ({ event, data: Object(data) }));
}

describe('the events of a message that came in', () => {
  it('tell of a reaction, with the message that it is about', async () => {
    const home = await recorderAtWork();
    const message = aMessage(instance, 1);
    await home.messages.accept([message]);
    const target = { waId: message.waId, fromMe: true, author: US };
    const act = { kind: 'reaction', target, emoji: '👍' } as const;
    const [reaction, ...others] = await told(home, { act });
    expect(others).toEqual([]);
    expect(reaction).toMatchObject({
      event: 'onReaction',
      data: {
        type: 'add',
        message: { mId: message.waId, body: 'text 1', fromMe: true },
        messageId: `true_2348179803743@c.us_${message.waId}`,
        reactionByMe: null,
        reactions: [{ aggregateEmoji: '👍', senders: [{ senderUserJid: '2348179803743@c.us' }] }],
        sender: { phone: '2348179803743', pushname: 'Ada' },
      },
    });
    const [gone] = await told(home, { waId: '3EB0BB', act: { ...act, emoji: '' } });
    expect(gone?.data).toMatchObject({ type: 'change', reactions: [] });
  });

  it('tell of a reaction to a message that is not kept', async () => {
    const home = await recorderAtWork();
    const target = { waId: 'OLD', fromMe: false, author: ADA };
    const [reaction] = await told(home, { act: { kind: 'reaction', target, emoji: '👍' } });
    expect(reaction?.data).toMatchObject({
      message: null,
      messageId: 'false_2348179803743@c.us_OLD',
    });
  });

  it('show the message of that chat alone, by whichever name of it', async () => {
    const home = await recorderAtWork();
    const byLid = aMessage(instance, 1, { chatId: `${ADA.lid}@lid` });
    const elsewhere = aMessage(instance, 2, { chatId: '15550000009@c.us' });
    await home.messages.accept([byLid, elsewhere]);
    const shownFor = async ({ waId }: { waId: string }) => {
      const target = { waId, fromMe: true, author: US };
      const act = { kind: 'reaction', target, emoji: '👍' } as const;
      const [reaction] = await told(home, { waId: `R${waId}`, partner: ADA, act });
      return reaction?.data.message?.mId ?? null;
    };
    expect(await shownFor(byLid)).toBe(byLid.waId);
    expect(await shownFor(elsewhere)).toBeNull();
  });

  it('show an edited and a deleted message under its own id', async () => {
    const home = await recorderAtWork();
    const target = { waId: 'OLD', fromMe: false, author: ADA };
    const content = { kind: 'chat', text: 'better', mentioned: [] } as const;
    const [edited] = await told(home, { act: { kind: 'edit', target }, content });
    expect(edited).toMatchObject({
      event: 'onMessageEdited',
      data: { id: 'false_2348179803743@c.us_OLD', body: 'better' },
    });
    const revoked = { kind: 'revoked', text: '', mentioned: [] } as const;
    const [deleted] = await told(home, {
      waId: '3EB0BB',
      act: { kind: 'revoke', target },
      content: revoked,
    });
    expect(deleted).toMatchObject({
      event: 'onMessageDeleted',
      data: { mId: 'OLD', type: 'revoked', body: '', deletedBy: { phone: '2348179803743' } },
    });
  });

  it.each([
    ['numbers', '2349040613521@s.whatsapp.net', '2348179803743@s.whatsapp.net'],
    ['LIDs', '77701@lid', '98765432101@lid'],
  ])('open a vote by %s', async (_name, creatorJid, voterJid) => {
    const home = await recorderAtWork();
    const content = {
      kind: 'poll',
      name: 'Lunch?',
      options: OPTIONS,
      selectable: 1,
      secret: SECRET.toString('base64'),
    } as const;
    const poll = aMessage(instance, 1, { content });
    await home.messages.accept([poll]);
    const ballot = { pollId: poll.waId, creatorJid, voterJid, secret: SECRET };
    const sealed = encryptPollVote(['Fish'], ballot, Buffer.alloc(12, 1));
    const target = { waId: poll.waId, fromMe: true, author: US };
    const vote = { payload: sealed.encPayload, iv: sealed.encIv };
    const [event] = await told(home, { act: { kind: 'vote', target, vote } });
    expect(event).toMatchObject({
      event: 'onPollVote',
      data: {
        pollOptions: [
          { name: 'Soup', localId: 0 },
          { name: 'Fish', localId: 1 },
        ],
        votes: [{ selectedOptionValues: ['Fish'], selectedOptionLocalIds: [1] }],
        pollMessage: { type: 'poll_creation', body: 'Lunch?', mId: poll.waId },
      },
    });
  });

  it('tell nothing of a vote in a poll that is not kept, or of a forged one', async () => {
    const home = await recorderAtWork();
    const target = { waId: aMessage(instance, 1).waId, fromMe: true, author: US };
    const vote = { payload: Buffer.alloc(40), iv: Buffer.alloc(12) };
    const act = { kind: 'vote', target, vote } as const;
    expect(await told(home, { act })).toEqual([]);
    await home.messages.accept([aMessage(instance, 1)]);
    expect(await told(home, { act })).toEqual([]);
  });

  it('tell of a status and of what went to a list, and not as of a message of a chat', async () => {
    const home = await recorderAtWork();
    const story = await told(home, { via: 'status' });
    expect(story).toMatchObject([
      {
        event: 'onStory',
        data: {
          from: '2348179803743@c.us',
          id: 'false_status@broadcast_3EB0AA_2348179803743@c.us',
          message: { body: 'hello', chatId: 'status@broadcast', from: '2348179803743@c.us' },
        },
      },
    ]);
    expect(await home.received.get(instance.instanceId, '3EB0AA')).toBeUndefined();
    const broadcast = await told(home, { via: 'broadcast', waId: '3EB0BB' });
    expect(broadcast).toMatchObject([
      { event: 'onBroadcast', data: { chatId: '2348179803743@c.us', body: 'hello' } },
    ]);
    expect(await told(home, { via: 'status', fromMe: true, waId: '3EB0CC' })).toEqual([]);
  });

  it('tell of an order beside its message', async () => {
    const home = await recorderAtWork();
    const order = { id: '42', itemCount: 2, total1000: 12_500, currency: 'EUR' };
    const events = await told(home, {
      content: { kind: 'order', text: 'soon', mentioned: [], order },
    });
    expect(events.map(({ event }) => event)).toEqual(['onMessage', 'onAnyMessage', 'onOrder']);
    expect(events.at(-1)?.data).toMatchObject({
      id: '42',
      title: null,
      itemCount: 2,
      total: 12.5,
      currency: 'EUR',
      message: { type: 'order', body: 'soon' },
    });
  });

  it('are recorded once, whatever comes twice', async () => {
    const home = await recorderAtWork();
    const target = { waId: 'OLD', fromMe: false, author: ADA };
    const act = { kind: 'revoke', target } as const;
    expect(await told(home, { act })).toHaveLength(1);
    expect(await told(home, { act })).toEqual([]);
  });
});
