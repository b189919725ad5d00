import { type DeviceAddress, jidOf } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { bundleNodes, registrationNode } from '#simulator/server/key-nodes.ts';
import { unixTime } from '#simulator/server/stanzas.ts';
import { noteRetryAsked } from '#simulator/server/strictness.ts';
import type { MessageRecord, MessageState } from '#simulator/store/message-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import { type BinaryNode, childrenOf } from '#simulator/wire/binary-node.ts';

import { resolveJid } from './directory.ts';
import type { IncomingMessage } from './incoming-message.ts';
import { takePhoneBundle } from './key-bundles.ts';

type Needs = Pick<Network, 'store' | 'post' | 'now'>;

/** A receipt's type on the wire, and what it makes of the message. */
const STATE_OF_RECEIPT: Readonly<Record<string, MessageState>> = {
  '': 'delivered',
  inactive: 'delivered',
  read: 'read',
  played: 'played',
};

/** What a receipt of this wire type says of a message; undefined when it says nothing. */
export function stateOfReceipt(type: string | undefined): MessageState | undefined {
  return STATE_OF_RECEIPT[type ?? ''];
}

/** The ids that a receipt is about: its own, and the list inside it. */
export function idsOfReceipt(node: BinaryNode): string[] {
  const items = childrenOf(node, 'list').flatMap((list) => childrenOf(list, 'item'));
  return [node.attrs['id'] ?? '', ...items.map((item) => item.attrs['id'] ?? '')];
}

/** Tells all devices of the sender that this phone has, or has read, the message. */
export function sendReceipt(
  phone: PhoneRecord,
  { message, type }: { message: MessageRecord; type: 'delivered' | 'read' },
  { store, post, now }: Needs,
): void {
  const reader = jidOf(phone, message.addressing);
  const isGroup = message.chat.endsWith('@g.us');
  const node: BinaryNode = {
    tag: 'receipt',
    attrs: {
      id: message.id,
      from: isGroup ? message.chat : reader,
      ...(isGroup ? { participant: reader } : {}),
      ...(type === 'read' ? { type } : {}),
      t: unixTime(now()),
    },
  };
  const { number } = message.from;
  for (const device of devicesOf(number, { store })) post({ number, device }, node);
}

/** Marks a message as read and tells its sender; does nothing the second time. */
export function markRead(phone: PhoneRecord, message: MessageRecord, network: Needs): void {
  if (message.fromMe || !network.store.messages.advance(message, 'read')) return;
  sendReceipt(phone, { message, type: 'read' }, network);
}

/** Asks the sending device for a message that this phone could not decrypt, with fresh keys. */
export function askAgain(
  phone: PhoneRecord,
  { incoming, count }: { incoming: IncomingMessage; count: number },
  { store, post, now }: Needs,
): void {
  const { id, from, groupId, recipient } = incoming;
  const me = jidOf(phone, incoming.addressing);
  const node: BinaryNode = {
    tag: 'receipt',
    attrs: {
      id,
      from: groupId ?? me,
      type: 'retry',
      t: unixTime(now()),
      ...(groupId === undefined ? {} : { participant: me }),
      ...(recipient === undefined ? {} : { recipient }),
    },
    content: [
      { tag: 'retry', attrs: { count: String(count), id, t: unixTime(now()), v: '1' } },
      registrationNode(phone.registrationId),
      { tag: 'keys', attrs: {}, content: bundleNodes(takePhoneBundle(phone, { store })) },
    ],
  };
  noteRetryAsked(from, id, { store });
  store.counters.add('retryReceipts');
  post(from, node);
}

/** A receipt for a message of this phone: what became of it at its reader. */
export function noteReceipt(phone: PhoneRecord, node: BinaryNode, network: Needs): void {
  const state = stateOfReceipt(node.attrs['type']);
  const reader = resolveJid(node.attrs['participant'] ?? node.attrs['from'], network);
  if (!state || !reader || reader.phone.number === phone.number) return;
  const { messages } = network.store;
  for (const id of idsOfReceipt(node)) {
    const own = messages.findById(phone.number, id).filter((message) => message.fromMe);
    for (const message of own) {
      const receipt = { reader: reader.phone.number, type: state, at: network.now() };
      messages.addReceipt({ number: phone.number, id }, receipt);
      messages.advance(message, state);
    }
  }
}

/** The devices of an account: its phone and its linked devices. */
export function devicesOf(number: string, { store }: Pick<Network, 'store'>): number[] {
  return [0, ...store.companions.list(number).map((companion) => companion.device)];
}

/** The devices of several accounts, without the one that sends. */
export function otherDevices(
  numbers: Iterable<string>,
  sender: DeviceAddress,
  network: Pick<Network, 'store'>,
): DeviceAddress[] {
  return [...new Set(numbers)].flatMap((number) =>
    devicesOf(number, network)
      .filter((device) => number !== sender.number || device !== sender.device)
      .map((device) => ({ number, device })),
  );
}
