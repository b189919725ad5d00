import type { Network } from '#simulator/network.ts';
import { unixTime } from '#simulator/server/stanzas.ts';
import type { GroupRecord } from '#simulator/store/group-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import { descriptionNode, participantNode } from './group-node.ts';
import { creationNode, tellGroup } from './group-notices.ts';
import { MEMBERS_MAX } from './groups.ts';

type Needs = Pick<Network, 'store' | 'post' | 'now' | 'random'>;

/** What a phone does to a group. */
export type GroupChange =
  | { readonly kind: 'add' | 'remove' | 'promote' | 'demote'; readonly who: readonly PhoneRecord[] }
  | { readonly kind: 'leave' }
  | { readonly kind: 'subject' | 'description'; readonly text: string }
  /** It asks to be let in. */
  | { readonly kind: 'request' };

/** Whose change of what. */
export type Changing = {
  readonly group: GroupRecord;
  readonly by: PhoneRecord;
  readonly change: GroupChange;
};

export type ChangeOutcome =
  | 'changed'
  | 'not_a_member'
  | 'not_an_admin'
  | 'already_a_member'
  /** Somebody who is to be removed, promoted or demoted is not in the group. */
  | 'no_such_member'
  | 'too_many_members';

/** Changes a group as WhatsApp would let the phone do it, and tells all who are in it. */
export function changeGroup(changing: Changing, network: Needs): ChangeOutcome {
  return network.store.db.transaction(() => {
    const refusal = refusalOf(changing, network);
    if (refusal) return refusal;
    apply(changing, network);
    return 'changed';
  });
}

function refusalOf(
  { group, by, change }: Changing,
  { store }: Pick<Network, 'store'>,
): ChangeOutcome | undefined {
  const members = store.groups.members(group.id);
  const isMember = members.includes(by.number);
  if (change.kind === 'request') return isMember ? 'already_a_member' : undefined;
  if (!isMember) return 'not_a_member';
  if (!('who' in change)) return undefined;
  if (!isAdmin(by.number, group, store)) return 'not_an_admin';
  const inside = change.who.filter(({ number }) => members.includes(number));
  if (change.kind !== 'add')
    return inside.length < change.who.length ? 'no_such_member' : undefined;
  if (inside.length > 0) return 'already_a_member';
  return members.length + change.who.length > MEMBERS_MAX ? 'too_many_members' : undefined;
}

function isAdmin(
  number: string,
  { id, creator }: GroupRecord,
  { groups }: Network['store'],
): boolean {
  return number === creator || groups.admins(id).includes(number);
}

function apply({ group, by, change }: Changing, network: Needs): void {
  const { groups } = network.store;
  const before = groups.members(group.id);
  const tell = (numbers: readonly string[], child: BinaryNode) =>
    tellGroup(numbers, { group, by, child }, network);
  switch (change.kind) {
    case 'add':
      groups.addMembers(group.id, numbersOf(change.who));
      tell(before, peopleNode('add', change.who, group));
      tell(numbersOf(change.who), creationNode(group, network));
      return;
    case 'remove':
      groups.removeMembers(group.id, numbersOf(change.who));
      tell(before, peopleNode('remove', change.who, group));
      return;
    case 'leave':
      groups.removeMembers(group.id, [by.number]);
      // Whoever leaves has removed himself (Baileys Socket/messages-recv.js handleGroupNotification).
      tell(before, peopleNode('remove', [by], group));
      return;
    case 'promote':
    case 'demote':
      groups.setAdmins(group.id, numbersOf(change.who), change.kind === 'promote');
      tell(before, peopleNode(change.kind, change.who, group));
      return;
    case 'subject':
      groups.setSubject(group.id, change.text);
      tell(before, subjectNode(change.text, network));
      return;
    case 'description':
      groups.setDescription(group.id, change.text);
      tell(before, descriptionNode(change.text, unixTime(network.now())));
      return;
    case 'request':
      tell(
        before.filter((number) => isAdmin(number, group, network.store)),
        requestNode(by, group),
      );
      return;
  }
}

function peopleNode(tag: string, who: readonly PhoneRecord[], { addressing }: GroupRecord) {
  return { tag, attrs: {}, content: who.map((one) => participantNode(one, addressing)) };
}

function subjectNode(subject: string, { now }: Pick<Network, 'now'>): BinaryNode {
  return { tag: 'subject', attrs: { subject, s_t: unixTime(now()) } };
}

function requestNode(by: PhoneRecord, { addressing }: GroupRecord): BinaryNode {
  const { attrs } = participantNode(by, addressing);
  return {
    tag: 'created_membership_requests',
    attrs: { request_method: 'invite_link' },
    content: [{ tag: 'requested_user', attrs }],
  };
}

function numbersOf(people: readonly PhoneRecord[]): string[] {
  return people.map(({ number }) => number);
}
