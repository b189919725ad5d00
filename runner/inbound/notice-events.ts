import type { WebhookEventName } from '#shared/domain/event-name.ts';
import { toChatId } from '#shared/domain/recipient.ts';
import type { Person } from './inbound-message.ts';
import type { CallState, Notice } from './notice.ts';
import { toSender } from './open-wa-message.ts';

export type NoticeEvent = {
  readonly event: WebhookEventName;
  readonly data: object;
  readonly isFleeting?: true;
};

type Of<Kind extends Notice['kind']> = Extract<Notice, { kind: Kind }>;

/** What is told of a notice, in open-wa's shapes with our own contacts and chats in them. */
export function noticeEvents(notice: Notice): readonly NoticeEvent[] {
  switch (notice.kind) {
    case 'participants':
      return participantEvents(notice);
    case 'group_joined': {
      const data = { ...toGroup(notice.group), name: notice.subject, by: toBy(notice.by) };
      return [{ event: 'onAddedToGroup', data }];
    }
    case 'group_change':
      return [{ event: 'onGroupChange', data: toGroupChange(notice) }];
    case 'join_request': {
      const { group, action, method, who, by } = notice;
      const data = { chat: toGroup(group), action, method, who: who.map(toSender), by: toBy(by) };
      return [{ event: 'onGroupApprovalRequest', data }];
    }
    case 'call':
      return callEvents(notice);
    case 'chat_state': {
      const { chat, user, state } = notice;
      const data = { chat: toChatId(chat), user: toSender(user).id, state };
      return [{ event: 'onChatState', data, isFleeting: true }];
    }
    case 'chat_deleted': {
      const id = toChatId(notice.chat);
      return [{ event: 'onChatDeleted', data: { id, isGroup: notice.chat.kind === 'group' } }];
    }
    case 'contact': {
      const { pushname: name, ...contact } = toSender(notice.person);
      return [{ event: 'onContactAdded', data: { ...contact, name, isGroup: false } }];
    }
    case 'label':
      return [{ event: 'onLabel', data: toLabel(notice) }];
    case 'restriction':
      return [{ event: 'onRestriction', data: notice.restriction }];
  }
}

function participantEvents(notice: Of<'participants'>): readonly NoticeEvent[] {
  const { group, by, action, who, includesUs } = notice;
  const contacts = who.map(toSender);
  const data = {
    by: toBy(by)?.id ?? null,
    byObj: toBy(by),
    action,
    who: contacts.map(({ id }) => id),
    whoObj: contacts,
    chat: group,
  };
  const ours = includesUs ? OURS[action] : undefined;
  const chat = { ...toGroup(group), name: null, by: toBy(by) };
  return [
    { event: 'onGlobalParticipantsChanged', data },
    ...(ours ? [{ event: ours, data: chat }] : []),
  ];
}

const OURS = {
  add: 'onAddedToGroup',
  remove: 'onRemovedFromGroup',
  promote: undefined,
  demote: undefined,
} as const satisfies Record<Of<'participants'>['action'], WebhookEventName | undefined>;

/** open-wa's `GroupNotificationMessage`. The group itself is not asked for. */
function toGroupChange({ key, group, by, field, value }: Of<'group_change'>) {
  const author = toBy(by);
  return {
    id: key,
    chat: group,
    author: author?.id ?? null,
    authorObj: author,
    type: field,
    body: value,
  };
}

/** A call that rings is told of twice, by both names. */
function callEvents(notice: Of<'call'>): readonly NoticeEvent[] {
  const data = toCall(notice);
  const rings: CallState = 'INCOMING_RING';
  return [
    ...(notice.state === rings ? [{ event: 'onIncomingCall', data } as const] : []),
    { event: 'onCallState', data },
  ];
}

/** open-wa's `Call`. A linked device of this kind cannot take one. */
function toCall({ callId, from, group, at, isVideo, state, backlog }: Of<'call'>) {
  return {
    id: callId,
    peerJid: toSender(from).id,
    sender: toSender(from),
    chat: group ?? toSender(from).id,
    offerTime: Math.floor(at.getTime() / 1000),
    isVideo,
    isGroup: group !== undefined,
    canHandleLocally: false,
    webClientShouldHandle: false,
    outgoing: false,
    participants: [],
    State: state,
    backlog,
  };
}

function toLabel({ labelId, name, action, item }: Of<'label'>) {
  const chatId = item && toChatId(item.chat);
  const items = item
    ? [
        item.waId === undefined
          ? { type: 'Chat', id: chatId }
          : { type: 'Message', id: item.waId, chatId },
      ]
    : [];
  return { id: labelId, name: name ?? null, action, items };
}

function toGroup(id: string) {
  return { id, phone: null, lid: null, jid: id, isGroup: true };
}

function toBy(person: Person | undefined) {
  return person === undefined ? null : toSender(person);
}
