import { type Addressing, jidOf, SERVER_JID } from '#simulator/addresses.ts';
import { createGroup, MEMBERS_MAX } from '#simulator/groups/groups.ts';
import type { Network } from '#simulator/network.ts';
import { resolveJid } from '#simulator/phones/directory.ts';
import { unixTime } from '#simulator/server/stanzas.ts';
import type { GroupRecord } from '#simulator/store/group-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import { type BinaryNode, childOf, childrenOf } from '#simulator/wire/binary-node.ts';

import {
  BAD_REQUEST,
  EMPTY_RESULT,
  FORBIDDEN,
  type IqAnswer,
  type IqHandler,
  ITEM_NOT_FOUND,
  resultOf,
} from './iq-answer.ts';

/** xmlns `w:g2`: one group, all groups of the account, or a new one. */
export const answerGroupIq: IqHandler = (iq, asker, network) => {
  const creation = childOf(iq, 'create');
  if (creation) return answerCreation(creation, asker.number, network);
  if (childOf(iq, 'participating')) {
    const groups = network.store.groups.listOf(asker.number);
    const content = groups.map((group) => groupNode(group, network));
    return resultOf({ tag: 'groups', attrs: {}, content });
  }
  return childOf(iq, 'query') ? answerQuery(iq.attrs['to'], asker.number, network) : EMPTY_RESULT;
};

function answerQuery(id: string | undefined, asker: string, network: Network): IqAnswer {
  const group = network.store.groups.find(id ?? '');
  if (!group) return ITEM_NOT_FOUND;
  const isMember = network.store.groups.members(group.id).includes(asker);
  return isMember ? resultOf(groupNode(group, network)) : FORBIDDEN;
}

function answerCreation(creation: BinaryNode, asker: string, network: Network): IqAnswer {
  const invited = childrenOf(creation, 'participant');
  const found = invited.flatMap(({ attrs }) => resolveJid(attrs['jid'], network) ?? []);
  const isValid = found.length === invited.length && found.length < MEMBERS_MAX;
  if (!isValid) return BAD_REQUEST;
  const members = [asker, ...found.map(({ phone }) => phone.number)];
  const subject = creation.attrs['subject'] ?? '';
  return resultOf(
    groupNode(createGroup({ subject, members, addressing: 'lid' }, network), network),
  );
}

/** As Baileys reads it in Socket/groups.js extractGroupMetadata. */
function groupNode(group: GroupRecord, { store }: Network): BinaryNode {
  const members = store.groups
    .members(group.id)
    .flatMap((number) => store.phones.find(number) ?? []);
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
    content: members.map((member) => participantNode(member, group)),
  };
}

function creatorAttributes(creator: PhoneRecord, addressing: Addressing): Record<string, string> {
  return { creator: jidOf(creator, addressing), creator_pn: jidOf(creator, 'pn') };
}

function participantNode(member: PhoneRecord, { addressing, creator }: GroupRecord): BinaryNode {
  const other =
    addressing === 'lid'
      ? { phone_number: `${member.number}@${SERVER_JID}` }
      : { lid: jidOf(member, 'lid') };
  const role: Record<string, string> = member.number === creator ? { type: 'superadmin' } : {};
  return { tag: 'participant', attrs: { jid: jidOf(member, addressing), ...other, ...role } };
}
