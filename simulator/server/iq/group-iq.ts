import { groupNode } from '#simulator/groups/group-node.ts';
import { createGroup, MEMBERS_MAX } from '#simulator/groups/groups.ts';
import type { Network } from '#simulator/network.ts';
import { resolveJid } from '#simulator/phones/directory.ts';
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
