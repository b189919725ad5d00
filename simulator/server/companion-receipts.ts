import { jidOf } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { isGroupJid, type Resolved, resolveJid } from '#simulator/phones/directory.ts';
import { devicesOf, idsOfReceipt, stateOfReceipt } from '#simulator/phones/phone-receipts.ts';
import { isStanzaTag, type StanzaName } from '#simulator/store/delivery-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import { type BinaryNode, childrenOf } from '#simulator/wire/binary-node.ts';

import type { CompanionSession } from './companion-session.ts';
import { unixTime } from './stanzas.ts';
import { noteRetryAsked } from './strictness.ts';

/** `…-self`: the sender is not told, because the account keeps its read receipts to itself. */
const READ_AT_HOME: ReadonlySet<string> = new Set(['read', 'read-self', 'played', 'played-self']);

/**
 * A linked device has got a message, has read it, or could not decrypt it. It is done with the
 * stanza in its queue; the sender is told.
 */
export function handleCompanionReceipt(
  session: CompanionSession,
  node: BinaryNode,
  network: Network,
): void {
  const { store } = network;
  store.db.transaction(() => {
    store.db.afterCommit(() => session.send(receiptAck(node)));
    removeDelivered(session, node, network);
    const phone = store.phones.find(session.address.number);
    const sender = resolveJid(node.attrs['participant'] ?? node.attrs['to'], network);
    if (!phone || !sender) return;
    if (node.attrs['type'] === 'retry') forwardRetry(session, { phone, sender, node }, network);
    else forwardReceipt({ phone, sender, node }, network);
  });
}

/** The stanzas of which the receipt speaks need not be sent again. */
function removeDelivered(session: CompanionSession, node: BinaryNode, { store }: Network): void {
  const isDelivery = stateOfReceipt(node.attrs['type']) === 'delivered';
  for (const id of idsOfReceipt(node)) {
    const name = { tag: 'message', id } as const;
    const isRemoved = store.deliveries.removeSent(session.address, name, session.sentSeq);
    if (isRemoved && isDelivery) store.counters.add('messagesDelivered');
  }
}

/** A linked device confirms a stanza, or refuses it (`error`). */
export function handleCompanionAck(
  session: CompanionSession,
  node: BinaryNode,
  network: Network,
): void {
  const { class: tag, id = '', type, error } = node.attrs;
  if (!isStanzaTag(tag)) return;
  if (tag === 'message' && error !== undefined && session.takeIgnoredNack(id)) return;
  const name: StanzaName = tag === 'receipt' ? { tag, id, type: type ?? '' } : { tag, id };
  network.store.deliveries.removeSent(session.address, name, session.sentSeq);
}

type Told = { readonly phone: PhoneRecord; readonly sender: Resolved; readonly node: BinaryNode };

function forwardRetry(session: CompanionSession, { phone, sender, node }: Told, network: Network) {
  const { id = '', to = '', recipient } = node.attrs;
  const me = jidOf(phone, sender.addressing, session.address.device);
  const isGroup = isGroupJid(to);
  session.ignoreNextNack(id);
  noteRetryAsked(sender.address, id, network);
  network.store.counters.add('retryReceipts');
  network.post(sender.address, {
    tag: 'receipt',
    attrs: {
      id,
      type: 'retry',
      from: isGroup ? to : me,
      ...(isGroup ? { participant: me } : {}),
      ...(recipient === undefined ? {} : { recipient }),
      t: unixTime(network.now()),
    },
    content: childrenOf(node),
  });
}

function forwardReceipt({ phone, sender, node }: Told, network: Network): void {
  const { id = '', to = '', type } = node.attrs;
  if (READ_AT_HOME.has(type ?? '')) markReadAtHome(phone, node, network);
  const isOwn = sender.phone.number === phone.number;
  if (isOwn || stateOfReceipt(type) === undefined) return;
  const me = jidOf(phone, sender.addressing);
  const receipt: BinaryNode = {
    tag: 'receipt',
    attrs: {
      id,
      from: isGroupJid(to) ? to : me,
      ...(isGroupJid(to) ? { participant: me } : {}),
      ...(type === undefined || type === 'inactive' ? {} : { type }),
      t: unixTime(network.now()),
    },
    content: childrenOf(node),
  };
  const { number } = sender.phone;
  for (const device of devicesOf(number, network)) network.post({ number, device }, receipt);
}

/** What is read on one device of an account is read on its phone too. */
function markReadAtHome(phone: PhoneRecord, node: BinaryNode, { store }: Network): void {
  for (const id of idsOfReceipt(node)) {
    for (const message of store.messages.findById(phone.number, id)) {
      if (!message.fromMe) store.messages.advance(message, 'read');
    }
  }
}

function receiptAck({ attrs }: BinaryNode): BinaryNode {
  const { id = '', to = '', type, participant } = attrs;
  return {
    tag: 'ack',
    attrs: {
      class: 'receipt',
      id,
      from: to,
      ...(type === undefined ? {} : { type }),
      ...(participant === undefined ? {} : { participant }),
    },
  };
}
