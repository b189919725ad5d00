import { jidOf } from '#simulator/addresses.ts';
import type { ContextInfo, MessageKey } from '#simulator/proto/messages.ts';
import { Message, PROTOCOL_TYPE } from '#simulator/proto/messages.ts';
import { addressingOf, type ChatRoute, chatOf } from '#simulator/server/message-node.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';
import type { ContactView } from '#simulator/store/message-view.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';

import { nativeFlowButtonOf } from './choice-view.ts';
import { encryptPollVote } from './poll-vote.ts';
import { unwrap } from './unwrap-message.ts';

/** Another message that a phone speaks of: where it is, who wrote it, and what it says. */
export type Target = {
  readonly record: MessageRecord;
  readonly author: PhoneRecord;
  readonly phone: PhoneRecord;
  readonly route: ChatRoute;
};

/** What a person chose: its id, and how it is called. */
export type Choice = { readonly selected: string; readonly title: string };

/** WhatsApp's name for the one kind of button, and the one kind of list, that people can choose. */
const QUICK_REPLY = 'quick_reply';
const NATIVE_FLOW_VERSION = 3;

export function textContent(
  text: string,
  { quote, mentions }: { quote: Target | undefined; mentions: readonly string[] },
): Message {
  if (!quote && mentions.length === 0) return { conversation: text };
  const contextInfo = { ...(quote ? quoteOf(quote) : {}), mentionedJid: mentions };
  return { extendedTextMessage: { text, contextInfo } };
}

export function locationContent(place: {
  readonly latitude: number;
  readonly longitude: number;
  readonly name?: string | undefined;
  readonly address?: string | undefined;
}): Message {
  const { latitude, longitude, name, address } = place;
  return {
    locationMessage: { degreesLatitude: latitude, degreesLongitude: longitude, name, address },
  };
}

export function contactsContent(contacts: readonly ContactView[]): Message {
  const [first, ...others] = contacts;
  if (others.length === 0) return { contactMessage: first };
  return { contactsArrayMessage: { displayName: `${contacts.length} contacts`, contacts } };
}

export function pollContent(
  poll: {
    readonly name: string;
    readonly options: readonly string[];
    readonly selectable: number;
  },
  secret: Buffer,
): Message {
  return {
    pollCreationMessageV3: {
      name: poll.name,
      options: poll.options.map((optionName) => ({ optionName })),
      selectableOptionsCount: poll.selectable,
    },
    messageContextInfo: { messageSecret: secret },
  };
}

export function reactionContent(target: Target, text: string, at: Date): Message {
  return { reactionMessage: { key: keyOf(target), text, senderTimestampMs: at.getTime() } };
}

export function editContent(target: Target, text: string, at: Date): Message {
  return {
    protocolMessage: {
      key: keyOf(target),
      type: PROTOCOL_TYPE.messageEdit,
      editedMessage: { conversation: text },
      timestampMs: at.getTime(),
    },
  };
}

export function revokeContent(target: Target): Message {
  return { protocolMessage: { key: keyOf(target), type: PROTOCOL_TYPE.revoke } };
}

export function buttonReplyContent(target: Target, { selected, title }: Choice): Message {
  return {
    buttonsResponseMessage: {
      selectedButtonId: selected,
      selectedDisplayText: title,
      type: 1,
      contextInfo: quoteOf(target),
    },
  };
}

export function listReplyContent(target: Target, { selected, title }: Choice): Message {
  return {
    listResponseMessage: {
      title,
      listType: 1,
      singleSelectReply: { selectedRowId: selected },
      contextInfo: quoteOf(target),
    },
  };
}

/** A tap on a native flow's button, or on a row of its list. */
export function interactiveReplyContent(target: Target, { selected, title }: Choice): Message {
  const offered = unwrap(Message.decode(target.record.content));
  return {
    interactiveResponseMessage: {
      body: { text: title },
      nativeFlowResponseMessage: {
        name: nativeFlowButtonOf(offered, selected)?.name ?? QUICK_REPLY,
        paramsJson: JSON.stringify({ id: selected }),
        version: NATIVE_FLOW_VERSION,
      },
      contextInfo: quoteOf(target),
    },
  };
}

/** Undefined when the target is no poll that can be voted in. */
export function pollVoteContent(
  target: Target,
  options: readonly string[],
  { iv, at }: { iv: Buffer; at: Date },
): Message | undefined {
  const poll = unwrap(Message.decode(target.record.content));
  const secret = poll.messageContextInfo?.messageSecret;
  if (!secret || target.record.view.type !== 'poll') return undefined;
  const addressing = addressingOf(target.route);
  const ballot = {
    pollId: target.record.id,
    creatorJid: jidOf(target.author, addressing),
    voterJid: jidOf(target.phone, addressing),
    secret,
  };
  return {
    pollUpdateMessage: {
      pollCreationMessageKey: keyOf(target),
      vote: encryptPollVote(options, ballot, iv),
      senderTimestampMs: at.getTime(),
    },
  };
}

/** Names the target as the phone sees it. */
function keyOf({ record, author, route }: Target): MessageKey {
  const isGroup = route.kind === 'group';
  return {
    remoteJid: route.kind === 'direct' ? jidOf(route.partner, route.addressing) : chatOf(route),
    fromMe: record.fromMe,
    id: record.id,
    ...(isGroup && !record.fromMe ? { participant: jidOf(author, route.group.addressing) } : {}),
  };
}

function quoteOf({ record, author, route }: Target): ContextInfo {
  return {
    stanzaId: record.id,
    participant: jidOf(author, addressingOf(route)),
    quotedMessage: unwrap(Message.decode(record.content)),
  };
}
