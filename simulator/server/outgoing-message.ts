import type { DeviceAddress } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { isGroupJid, resolveJid } from '#simulator/phones/directory.ts';
import { readEncrypted } from '#simulator/phones/incoming-message.ts';
import type { Encrypted } from '#simulator/phones/phone-cipher.ts';
import { otherDevices } from '#simulator/phones/phone-receipts.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import { type BinaryNode, childOf, childrenOf } from '#simulator/wire/binary-node.ts';
import { WireError } from '#simulator/wire/wire-error.ts';

import { bizNodesOf, bizShapeOf } from './biz-node.ts';
import type { Envelope } from './message-node.ts';

/** The nack codes for what WhatsApp would not deliver. */
export const NACK = {
  /** The recipient's number, LID or group is not on the network. */
  unknownRecipient: 404,
  /** The sender is not in the group. */
  notAMember: 403,
  /** The stanza is malformed (WhatsApp's SMAX_INVALID). */
  malformed: 479,
  /** Buttons of the kind that WhatsApp has given up. */
  legacyButtons: 405,
  /** A queue is at its limit. */
  unavailable: 500,
} as const;

/** What one device is to get of a message: its `<enc>` nodes. */
type MessagePart = {
  readonly device: DeviceAddress;
  readonly nodes: readonly BinaryNode[];
  readonly encrypted: readonly Encrypted[];
};

export type OutgoingMessage = {
  readonly kind: 'accepted';
  readonly envelope: Envelope;
  readonly parts: readonly MessagePart[];
};
type Refused = { readonly kind: 'refused'; readonly code: number };
type Needs = Pick<Network, 'store' | 'now'>;

/** Reads a linked device's `<message>`. Throws WireError when it is malformed. */
export function parseOutgoing(
  from: DeviceAddress,
  node: BinaryNode,
  network: Needs,
): OutgoingMessage | Refused {
  const { id, to, type = 'text', category, edit } = node.attrs;
  const phone = network.store.phones.find(from.number);
  if (!id || !to || !phone) throw new WireError('A message needs id and to.');
  const sender = { phone, device: from.device };
  const shape = bizShapeOf(node);
  if (shape === 'legacy_buttons') return { kind: 'refused', code: NACK.legacyButtons };
  if (shape === 'incomplete') return { kind: 'refused', code: NACK.malformed };
  const base = { id, type, category, edit, at: network.now(), sender, beside: bizNodesOf(node) };
  return isGroupJid(to)
    ? parseGroupMessage(base, node, network)
    : parseDirectMessage(base, node, network);
}

function parseDirectMessage(
  base: Omit<Envelope, 'route'>,
  node: BinaryNode,
  network: Needs,
): OutgoingMessage | Refused {
  const { to, recipient } = node.attrs;
  const addressed = resolveJid(to, network);
  const partner = recipient === undefined ? addressed : resolveJid(recipient, network);
  if (!addressed || !partner) return { kind: 'refused', code: NACK.unknownRecipient };
  const { addressing } = addressed;
  const accounts = [partner.phone.number, base.sender.phone.number];
  const direct = childrenOf(node, 'enc');
  const parts = [
    ...participantParts(node, accounts, network),
    ...(direct.length > 0 ? [partOf(addressed.address, direct)] : []),
  ];
  const route = { kind: 'direct', partner: partner.phone, addressing } as const;
  return { kind: 'accepted', envelope: { ...base, route }, parts };
}

function parseGroupMessage(
  base: Omit<Envelope, 'route'>,
  node: BinaryNode,
  network: Needs,
): OutgoingMessage | Refused {
  const { to = '', participant } = node.attrs;
  const { groups } = network.store;
  const group = groups.find(to);
  if (!group) return { kind: 'refused', code: NACK.unknownRecipient };
  const members = groups.members(group.id);
  const { phone, device } = base.sender;
  if (!members.includes(phone.number)) return { kind: 'refused', code: NACK.notAMember };
  const envelope: Envelope = { ...base, route: { kind: 'group', group } };
  const shared = childrenOf(node, 'enc');
  if (participant !== undefined) {
    const asker = resolveJid(participant, network);
    const parts = asker ? [partOf(asker.address, shared)] : [];
    return { kind: 'accepted', envelope, parts };
  }
  const own = participantParts(node, members, network);
  const sender = { number: phone.number, device };
  const parts = otherDevices(members, sender, network).map((address) => {
    const keys = own.find((part) => isSame(part.device, address))?.nodes ?? [];
    return partOf(address, [...keys, ...shared]);
  });
  return { kind: 'accepted', envelope, parts };
}

/** The `<participants>`: one `<to>` a device, if it belongs to one of these accounts. */
function participantParts(
  node: BinaryNode,
  accounts: readonly PhoneRecord['number'][],
  network: Needs,
): MessagePart[] {
  const participants = childOf(node, 'participants');
  const targets = participants ? childrenOf(participants, 'to') : [];
  return targets.flatMap((target) => {
    const address = resolveJid(target.attrs['jid'], network)?.address;
    const isAllowed = address && accounts.includes(address.number);
    return isAllowed ? [partOf(address, childrenOf(target, 'enc'))] : [];
  });
}

function partOf(device: DeviceAddress, nodes: readonly BinaryNode[]): MessagePart {
  return { device, nodes, encrypted: readEncrypted({ tag: 'to', attrs: {}, content: nodes }) };
}

function isSame(one: DeviceAddress, other: DeviceAddress): boolean {
  return one.number === other.number && one.device === other.device;
}
