import type { BaileysEventMap, BinaryNode } from '@whiskeysockets/baileys';
import type { CallState, Notice } from '../inbound/notice.ts';
import { fromJid } from './jid.ts';
import { personOf } from './person.ts';
import type { NoticeReader } from './read-group-notice.ts';

type Event<Name extends keyof BaileysEventMap> = BaileysEventMap[Name];
type Call = Event<'call'>[number];

/** What the sides say to each other while they connect is not told. */
const CALL_STATES: Readonly<Partial<Record<Call['status'], CallState>>> = {
  offer: 'INCOMING_RING',
  preaccept: 'CONNECTING',
  accept: 'ACTIVE',
  reject: 'REJECTED',
  timeout: 'NOT_ANSWERED',
  terminate: 'ENDED',
};

/** Of what has neither id nor time, repeats within so long are one. */
const SAME_WITHIN_MS = 60_000;
const SECOND_MS = 1_000;

export function readCall(call: Call, { known }: NoticeReader): Notice | undefined {
  const { id: callId, from, callerPn, groupJid, isVideo = false, date: at, offline } = call;
  const state = CALL_STATES[call.status];
  if (state === undefined) return undefined;
  return {
    kind: 'call',
    key: `${callId}|${state}`,
    at,
    callId,
    from: known(personOf([from, callerPn])),
    ...(groupJid !== undefined && { group: groupJid }),
    isVideo,
    state,
    backlog: offline,
  };
}

/** `<chatstate from participant?><composing media?/></chatstate>`. */
export function readChatState(
  { attrs, content }: BinaryNode,
  { known }: NoticeReader,
  at: Date,
): Notice | undefined {
  const chat = fromJid(attrs['from']);
  const [child] = Array.isArray(content) ? content : [];
  const isPaused = child?.tag === 'paused';
  if (chat === undefined || (child?.tag !== 'composing' && !isPaused)) return undefined;
  const isRecording = child?.attrs['media'] === 'audio';
  const state = isPaused ? 'paused' : isRecording ? 'recording' : 'composing';
  const { sender_pn: phone, sender_lid: lid } = attrs;
  const user = known(personOf([attrs['participant'] ?? attrs['from'], phone, lid]));
  const shown =
    chat.kind === 'lid' && user.phone ? ({ kind: 'phone', phone: user.phone } as const) : chat;
  const key = [attrs['from'], attrs['participant'], state, at.getTime()].join('|');
  return { kind: 'chat_state', key, at, chat: shown, user, state };
}

export function readDeletedChat(jid: string, at: Date): Notice | undefined {
  const chat = fromJid(jid);
  return chat && { kind: 'chat_deleted', key: about(at, jid), at, chat };
}

export function readContact(
  { id, name, lid, phoneNumber }: Event<'contacts.upsert'>[number],
  { known }: NoticeReader,
  at: Date,
): Notice | undefined {
  const person = known(personOf([id, lid, phoneNumber]));
  if (person.phone === undefined && person.lid === undefined) return undefined;
  const named = name ? { ...person, name } : person;
  return { kind: 'contact', key: about(at, id, name ?? ''), at, person: named };
}

export function readLabel({ id, name, deleted }: Event<'labels.edit'>, at: Date): Notice {
  const action = deleted ? 'delete' : 'edit';
  const key = about(at, id, name, action);
  return { kind: 'label', key, at, action, labelId: id, ...(name && { name }) };
}

export function readLabelled(
  { association, type: action }: Event<'labels.association'>,
  at: Date,
): Notice | undefined {
  const { chatId, labelId } = association;
  const chat = fromJid(chatId);
  const waId = 'messageId' in association ? association.messageId : undefined;
  const key = about(at, labelId, chatId, waId ?? '', action);
  const item = chat && { chat, ...(waId !== undefined && { waId }) };
  return item && { kind: 'label', key, at, action, labelId, item };
}

/** WhatsApp lets the number write to nobody new for a while (`reachoutTimeLock`). */
export function readTimeLock(
  lock: Event<'connection.update'>['reachoutTimeLock'],
  at: Date,
): Notice | undefined {
  if (!lock?.isActive) return undefined;
  const until = lock.timeEnforcementEnds?.toISOString() ?? null;
  const message = `WhatsApp does not let this number start new chats now (${lock.enforcementType ?? 'DEFAULT'}).`;
  const restriction = { code: 'REACHOUT_TIMELOCK', message, until };
  return { kind: 'restriction', key: `timelock|${until ?? about(at)}`, at, restriction };
}

/** How much of the new chats that WhatsApp allows is used up. */
export function readCapping(
  {
    capping_status: status,
    used_quota,
    total_quota,
    cycle_end_timestamp: end,
  }: Event<'message-capping.update'>,
  at: Date,
): Notice | undefined {
  if (status === undefined || status === 'NONE') return undefined;
  const endMs = Number(end ?? Number.NaN) * SECOND_MS;
  const until = Number.isFinite(endMs) ? new Date(endMs).toISOString() : null;
  const used = `${used_quota ?? '?'} of ${total_quota ?? '?'}`;
  const message = `WhatsApp counts the new chats of this number: ${used} are used.`;
  const restriction = { code: `NEW_CHATS_${status}`, message, until };
  return { kind: 'restriction', key: `capping|${status}|${end ?? about(at)}`, at, restriction };
}

function about(at: Date, ...parts: string[]): string {
  return [...parts, Math.floor(at.getTime() / SAME_WITHIN_MS)].join('|');
}
