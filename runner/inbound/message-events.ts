import type { WebhookEventName } from '#shared/domain/event-name.ts';
import { toChatId } from '#shared/domain/recipient.ts';
import type { OpenVote } from '../session/whatsapp.ts';
import type { EventMedia } from './event-media.ts';
import { type ChoiceDeps, findChoice } from './find-choice.ts';
import type { InboundAct, InboundMessage, InboundTarget } from './inbound-message.ts';
import { type OpenWaMessage, toOpenWaMessage, toSender, toSerialized } from './open-wa-message.ts';

export type MessageEvent = { readonly event: WebhookEventName; readonly data: object };

export type MessageEventDeps = ChoiceDeps & {
  /** The message that another one is about, if it is kept still. */
  readonly findTarget: (target: InboundTarget) => Promise<InboundMessage | undefined>;
  readonly openVote: OpenVote;
};

type Of<Kind extends InboundAct['kind']> = {
  readonly message: InboundMessage;
  readonly act: Extract<InboundAct, { kind: Kind }>;
};

/** What is told of a message that came in, the most general last but for what it chooses or orders. */
export async function messageEvents(
  instanceId: string,
  { message, media }: { message: InboundMessage; media: EventMedia | undefined },
  deps: MessageEventDeps,
): Promise<readonly MessageEvent[]> {
  const { act, via, fromMe } = message;
  if (act !== undefined) return via === 'status' ? [] : await actEvents(message, act, deps);
  if (via !== undefined) return fromMe ? [] : [viaEvent(message, via, media)];
  const choice = await findChoice(instanceId, message, deps);
  const data = toOpenWaMessage(message, { choice, media });
  const { order } = message.content;
  return [
    ...(fromMe ? [] : [{ event: 'onMessage', data } as const]),
    { event: 'onAnyMessage', data },
    ...(choice ? [{ event: 'onButton', data } as const] : []),
    ...(order ? [{ event: 'onOrder', data: { ...toOrder(order), message: data } } as const] : []),
  ];
}

function viaEvent(
  message: InboundMessage,
  via: NonNullable<InboundMessage['via']>,
  media: EventMedia | undefined,
): MessageEvent {
  const data = toOpenWaMessage(message, { media });
  if (via === 'broadcast') return { event: 'onBroadcast', data };
  return { event: 'onStory', data: { from: data.author, id: data.id, message: data } };
}

async function actEvents(
  message: InboundMessage,
  act: InboundAct,
  deps: MessageEventDeps,
): Promise<readonly MessageEvent[]> {
  switch (act.kind) {
    case 'edit':
      return [{ event: 'onMessageEdited', data: toTarget(message, act.target) }];
    case 'revoke': {
      const deletedBy = toSender(message.sender);
      const data = { ...toTarget(message, act.target), deletedBy };
      return [{ event: 'onMessageDeleted', data }];
    }
    case 'reaction':
      return [{ event: 'onReaction', data: await toReaction({ message, act }, deps) }];
    case 'vote': {
      const data = await toVote({ message, act }, deps);
      return data === undefined ? [] : [{ event: 'onPollVote', data }];
    }
  }
}

/** The message that was changed, as it is now: under its own id, and its author's. */
function toTarget(message: InboundMessage, { waId, fromMe, author }: InboundTarget): OpenWaMessage {
  return toOpenWaMessage({ ...message, waId, fromMe, sender: author });
}

/** open-wa's `Order`, without its items: WhatsApp tells them only to those who ask. */
function toOrder({
  id,
  title,
  itemCount,
  total1000,
  currency,
}: NonNullable<InboundMessage['content']['order']>) {
  return {
    id,
    title: title ?? null,
    itemCount: itemCount ?? null,
    total: total1000 === undefined ? null : total1000 / 1000,
    currency: currency ?? null,
  };
}

/** open-wa's `ReactionEvent`. It lists what was told now: who else has reacted is not kept. */
async function toReaction({ message, act }: Of<'reaction'>, deps: MessageEventDeps) {
  const { emoji } = act;
  const reaction = { ...toSubEvent({ message, act }), reactionText: emoji };
  const { fromMe } = message;
  const all = { aggregateEmoji: emoji, hasReactionByMe: fromMe, id: emoji, senders: [reaction] };
  return {
    message: await findReactedTo({ message, act }, deps),
    messageId: toSerialized(message, act.target),
    reactionByMe: fromMe ? reaction : null,
    reactions: emoji === '' ? [] : [all],
    type: emoji === '' ? 'change' : 'add',
    sender: toSender(message.sender),
  };
}

/** open-wa's `PollData`, of one vote: it tells all that its voter has chosen, and the last one of a voter counts. */
async function toVote({ message, act }: Of<'vote'>, deps: MessageEventDeps) {
  const poll = await deps.findTarget(act.target);
  const opened = poll && deps.openVote(act, message.sender, poll.wire);
  if (poll === undefined || opened === undefined) return undefined;
  const { options, selected } = opened;
  return {
    pollOptions: options.map((name, localId) => ({ name, localId })),
    votes: [
      {
        ...toSubEvent({ message, act }),
        selectedOptionLocalIds: selected.map((name) => options.indexOf(name)),
        selectedOptionValues: selected,
        sender: toSender(message.sender).id,
        senderObj: toSender(message.sender),
      },
    ],
    pollMessage: toOpenWaMessage(poll),
    messageId: toSerialized(message, act.target),
  };
}

function toSubEvent({ message, act }: Of<'reaction' | 'vote'>) {
  return {
    msgKey: toSerialized(message, { ...message, author: message.sender }),
    parentMsgKey: toSerialized(message, act.target),
    senderUserJid: toSender(message.sender).id,
    timestamp: Math.floor(message.at.getTime() / 1000),
  };
}

/** Ids are the sender's word: a message of another chat is none of his. */
async function findReactedTo({ message, act }: Of<'reaction'>, { findTarget }: MessageEventDeps) {
  const found = await findTarget(act.target);
  const isHere = found !== undefined && namesOf(message).includes(toChatId(found.chat));
  return isHere ? toOpenWaMessage(found) : null;
}

/** All names of the chat that are known. */
function namesOf({ chat, partner }: InboundMessage): string[] {
  const { phone, lid } = partner ?? {};
  return [
    toChatId(chat),
    ...(phone === undefined ? [] : [toChatId({ kind: 'phone', phone })]),
    ...(lid === undefined ? [] : [toChatId({ kind: 'lid', lid })]),
  ];
}

/** What makes it one and the same message: ids are the sender's own. */
export function messageKey({ chat, sender, waId, via }: InboundMessage): string {
  const parts = [toChatId(chat), sender.phone ?? sender.lid ?? '', waId];
  return [...parts, ...(via === undefined ? [] : [via])].join('|');
}
