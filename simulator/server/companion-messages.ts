import { addressKey } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import { bizShapeOf } from './biz-node.ts';
import type { CompanionSession } from './companion-session.ts';
import { chatOf, messageNode } from './message-node.ts';
import { type OutgoingMessage, parseOutgoing } from './outgoing-message.ts';
import { unixTime } from './stanzas.ts';
import { noteMessageId, noteRatchets } from './strictness.ts';

/**
 * A linked device sends a message. Its ack is written after everything that it caused is durable:
 * the strictness marks, what the online phones decrypted, and the queues of the other devices.
 */
export function handleCompanionMessage(
  session: CompanionSession,
  node: BinaryNode,
  network: Network,
): void {
  const { store } = network;
  store.db.transaction(() => {
    const outgoing = parseOutgoing(session.address, node, network);
    if (outgoing.kind === 'refused') {
      refuse(session, { node, code: outgoing.code }, network);
      return;
    }
    const fault = network.faults.takeForMessage(session.address.number, bizShapeOf(node));
    noteOnWire(session, { outgoing, acked: fault === undefined }, network);
    if (fault?.kind === 'nack') {
      refuse(session, { node, code: fault.code }, network);
      return;
    }
    if (fault) store.counters.add('acksLost');
    else store.db.afterCommit(() => session.send(ackNode(node, network)));
    store.counters.add('messagesAccepted');
    for (const { device, nodes } of outgoing.parts) {
      network.post(device, messageNode(outgoing.envelope, device, nodes));
    }
  });
}

/** `<ack class=message>`; with an error it is a nack. */
export function ackNode(
  { attrs }: BinaryNode,
  { now }: Pick<Network, 'now'>,
  error?: number,
): BinaryNode {
  return {
    tag: 'ack',
    attrs: {
      class: 'message',
      id: attrs['id'] ?? '',
      from: attrs['to'] ?? '',
      ...(attrs['participant'] === undefined ? {} : { participant: attrs['participant'] }),
      t: unixTime(now()),
      ...(error === undefined ? {} : { error: String(error) }),
    },
  };
}

function refuse(
  session: CompanionSession,
  { node, code }: { node: BinaryNode; code: number },
  network: Network,
): void {
  const { counters, db } = network.store;
  counters.add('messagesNacked');
  db.afterCommit(() => session.send(ackNode(node, network, code)));
}

function noteOnWire(
  session: CompanionSession,
  { outgoing, acked }: { outgoing: OutgoingMessage; acked: boolean },
  network: Network,
): void {
  const { address, loginNo } = session;
  const { envelope, parts } = outgoing;
  const { route, id } = envelope;
  const isGroup = route.kind === 'group';
  const seen = parts.flatMap(({ device, encrypted }) =>
    encrypted.map((part) => ({
      recipient: isGroup && part.type === 'skmsg' ? route.group.id : addressKey(device),
      encrypted: part,
    })),
  );
  noteRatchets(address, seen, network);
  noteMessageId({ ...address, loginNo }, { id, chat: chatOf(route), acked }, network);
}
