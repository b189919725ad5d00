import { type Addressing, jidOf, SERVER_JID } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { bytesNode, unixTime } from '#simulator/server/stanzas.ts';
import type { GroupRecord } from '#simulator/store/group-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

/** A group as Baileys reads it in Socket/groups.js extractGroupMetadata. */
export function groupNode(group: GroupRecord, { store }: Pick<Network, 'store'>): BinaryNode {
  const members = store.groups
    .members(group.id)
    .flatMap((number) => store.phones.find(number) ?? []);
  const admins = store.groups.admins(group.id);
  const description = store.groups.description(group.id);
  const creator = members.find((member) => member.number === group.creator);
  const createdAt = unixTime(group.createdAt);
  return {
    tag: 'group',
    attrs: {
      id: group.id.split('@')[0] ?? '',
      subject: group.subject,
      creation: createdAt,
      s_t: createdAt,
      addressing_mode: group.addressing,
      size: String(members.length),
      ...(creator ? creatorAttributes(creator, group.addressing) : {}),
    },
    content: [
      ...(description === undefined ? [] : [descriptionNode(description, createdAt)]),
      ...members.map((member) => {
        const role = roleOf(member.number, { group, admins });
        return participantNode(member, group.addressing, role);
      }),
    ],
  };
}

/** Somebody in a group, by both addresses. */
export function participantNode(
  member: PhoneRecord,
  addressing: Addressing,
  role?: string,
): BinaryNode {
  const other =
    addressing === 'lid'
      ? { phone_number: `${member.number}@${SERVER_JID}` }
      : { lid: jidOf(member, 'lid') };
  const type: Record<string, string> = role === undefined ? {} : { type: role };
  return { tag: 'participant', attrs: { jid: jidOf(member, addressing), ...other, ...type } };
}

export function descriptionNode(text: string, id: string): BinaryNode {
  return { tag: 'description', attrs: { id }, content: [bytesNode('body', Buffer.from(text))] };
}

function creatorAttributes(creator: PhoneRecord, addressing: Addressing): Record<string, string> {
  return { creator: jidOf(creator, addressing), creator_pn: jidOf(creator, 'pn') };
}

function roleOf(
  number: string,
  { group, admins }: { group: GroupRecord; admins: readonly string[] },
): string | undefined {
  if (number === group.creator) return 'superadmin';
  return admins.includes(number) ? 'admin' : undefined;
}
