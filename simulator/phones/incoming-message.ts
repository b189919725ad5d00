import { type Addressing, type DeviceAddress, directChat } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { bizShapeOf } from '#simulator/server/biz-node.ts';
import { type BinaryNode, bytesOf, childrenOf } from '#simulator/wire/binary-node.ts';

import { isBroadcastJid, isGroupJid, resolveJid, STATUS_JID } from './directory.ts';
import type { Encrypted } from './phone-cipher.ts';

/** A message stanza as a phone gets it. */
export type IncomingMessage = {
  readonly id: string;
  readonly from: DeviceAddress;
  readonly addressing: Addressing;
  /** `<number>@c.us`, the group's id, or `status@broadcast`; what went to a list is in the chat with its sender. */
  readonly chat: string;
  /** Where a sender key is used. */
  readonly groupId: string | undefined;
  /** The jid of the chat when this is a copy of what another of our own devices has sent. */
  readonly recipient: string | undefined;
  readonly encrypted: readonly Encrypted[];
  /** Whether the stanza says that its buttons may be shown. */
  readonly hasNativeFlow: boolean;
};

/** Undefined when the sender or the chat is not on the network any more. */
export function parseIncoming(
  node: BinaryNode,
  network: Pick<Network, 'store'>,
): IncomingMessage | undefined {
  const { id = '', from, participant, recipient } = node.attrs;
  const groupId = isGroupJid(from) || from === STATUS_JID ? from : undefined;
  const isToMany = groupId !== undefined || isBroadcastJid(from);
  const sender = resolveJid(isToMany ? participant : from, network);
  if (!sender) return undefined;
  const partner = recipient === undefined ? sender : resolveJid(recipient, network);
  if (!partner) return undefined;
  return {
    id,
    from: sender.address,
    addressing: sender.addressing,
    chat: groupId ?? directChat(partner.phone.number),
    groupId,
    recipient,
    encrypted: readEncrypted(node),
    hasNativeFlow: bizShapeOf(node) === 'native_flow',
  };
}

/** The `<enc>` children of a message or of one of its `<to>` nodes. Throws WireError. */
export function readEncrypted(node: BinaryNode): Encrypted[] {
  return childrenOf(node, 'enc').flatMap((enc) => {
    const { type } = enc.attrs;
    const isKnown = type === 'pkmsg' || type === 'msg' || type === 'skmsg';
    return isKnown ? [{ type, ciphertext: bytesOf(enc) }] : [];
  });
}
