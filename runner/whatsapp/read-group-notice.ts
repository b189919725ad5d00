import {
  type BinaryNode,
  getAllBinaryNodeChildren,
  getBinaryNodeChild,
  getBinaryNodeChildString,
} from '@whiskeysockets/baileys';
import type { Person } from '../inbound/inbound-message.ts';
import type { GroupField, Notice } from '../inbound/notice.ts';
import { isSamePerson, personOf } from './person.ts';

export type NoticeReader = {
  /** Whose device this is. */
  readonly me: Person;
  /** With the number that was learnt before. */
  readonly known: (person: Person) => Person;
};

type Head = {
  readonly key: string;
  readonly at: Date;
  readonly group: string;
  readonly by?: Person;
};

/**
 * What a stanza `<notification type="w:gp2">` or `type="picture"` tells of a group. Baileys' own events leave out its
 * id, by which a repeat is known, and merge what comes while it buffers (Utils/event-buffer.js).
 */
export function readGroupNotice(stanza: BinaryNode, reader: NoticeReader): Notice[] {
  const { from = '', id = '', t, participant } = stanza.attrs;
  if (!from.endsWith('@g.us')) return [];
  const author = participant ?? getAllBinaryNodeChildren(stanza)[0]?.attrs['author'];
  const { participant_pn: phone, participant_lid: lid } = stanza.attrs;
  const by = author === undefined ? undefined : reader.known(personOf([author, phone, lid]));
  return getAllBinaryNodeChildren(stanza).flatMap((child, index) => {
    const at = new Date(Number(t ?? 0) * 1000);
    const head = { key: `${from}|${id}|${index}`, at, group: from, ...(by && { by }) };
    return readChild(child, head, reader) ?? [];
  });
}

function readChild(child: BinaryNode, head: Head, reader: NoticeReader): Notice | undefined {
  switch (child.tag) {
    case 'create':
      return readCreation(child, head, reader);
    case 'add':
    case 'remove':
    case 'promote':
    case 'demote':
      return readParticipants(child.tag, { child, head }, reader);
    case 'leave':
      return readParticipants('remove', { child, head }, reader);
    case 'created_membership_requests':
      return readJoinRequest('created', { child, head }, reader);
    case 'revoked_membership_requests':
      return readJoinRequest('revoked', { child, head }, reader);
    default: {
      const change = readChange(child);
      return change && { kind: 'group_change', ...head, ...change };
    }
  }
}

/** A group that we have made ourselves, on the phone, is no news. */
function readCreation(child: BinaryNode, head: Head, { me }: NoticeReader): Notice | undefined {
  if (head.by && isSamePerson(head.by, me)) return undefined;
  const subject = getBinaryNodeChild(child, 'group')?.attrs['subject'] ?? '';
  return { kind: 'group_joined', ...head, subject };
}

type Inner = { readonly child: BinaryNode; readonly head: Head };

function readParticipants(
  action: Extract<Notice, { kind: 'participants' }>['action'],
  { child, head }: Inner,
  { me, known }: NoticeReader,
): Notice {
  const who = peopleIn(child).map(known);
  const includesUs = who.some((person) => isSamePerson(person, me));
  return { kind: 'participants', ...head, action, who, includesUs };
}

/** Whoever is not named asks for himself. */
function readJoinRequest(
  action: 'created' | 'revoked',
  { child, head }: Inner,
  { known }: NoticeReader,
): Notice {
  const named = peopleIn(child).map(known);
  const who = named.length === 0 && head.by ? [head.by] : named;
  const method = child.attrs['request_method'] ?? null;
  return { kind: 'join_request', ...head, action, method, who };
}

function peopleIn(child: BinaryNode): Person[] {
  return getAllBinaryNodeChildren(child).flatMap(({ attrs }) => {
    const { jid, phone_number: phone, lid } = attrs;
    return jid === undefined ? [] : [personOf([jid, phone, lid])];
  });
}

type Change = { readonly field: GroupField; readonly value: string | number | boolean | null };

/** `undefined` for what is not known, and changes nothing that anybody sees. */
function readChange(child: BinaryNode): Change | undefined {
  const { tag, attrs } = child;
  switch (tag) {
    case 'subject':
      return { field: 'subject', value: attrs['subject'] ?? '' };
    case 'description':
      return { field: 'description', value: getBinaryNodeChildString(child, 'body') ?? null };
    case 'announcement':
    case 'not_announcement':
      return { field: 'announce', value: tag === 'announcement' };
    case 'locked':
    case 'unlocked':
      return { field: 'restrict', value: tag === 'locked' };
    case 'invite':
      return { field: 'invite', value: attrs['code'] ?? null };
    case 'ephemeral':
    case 'not_ephemeral':
      return { field: 'ephemeral', value: Number(attrs['expiration'] ?? 0) };
    case 'member_add_mode':
      return { field: 'member_add_mode', value: textOf(child) };
    case 'membership_approval_mode': {
      const isOn = getBinaryNodeChild(child, 'group_join')?.attrs['state'] === 'on';
      return { field: 'membership_approval_mode', value: isOn };
    }
    case 'set':
    case 'delete':
      return { field: 'picture', value: tag === 'set' ? (attrs['id'] ?? '') : null };
    default:
      return undefined;
  }
}

function textOf({ content }: BinaryNode): string {
  return content instanceof Uint8Array ? Buffer.from(content).toString() : String(content ?? '');
}
