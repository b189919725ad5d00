import type { Network } from '#simulator/network.ts';
import { isGroupJid, resolveJid } from '#simulator/phones/directory.ts';
import type { ChatRoute } from '#simulator/server/message-node.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';

import { ControlError, messageNotFound, parseInput, phoneNotFound } from './control-error.ts';
import { PhoneNumber } from './schemas.ts';

type Needs = Pick<Network, 'store'>;

/** Throws a 404. */
export function findPhone(number: string, { store }: Needs): PhoneRecord {
  const phone = store.phones.find(number);
  if (!phone) throw phoneNotFound(number);
  return phone;
}

/** Throws a 404, or a 409 when the phone is offline: it can do nothing then. */
export function onlinePhone(number: string, network: Needs): PhoneRecord {
  const phone = findPhone(number, network);
  if (phone.online) return phone;
  throw new ControlError(409, 'phone_offline', {
    message: 'The phone is offline. Bring it back with POST /phones/{number}/online.',
  });
}

/**
 * Where a phone's message goes: a number, a jid of either kind (`…@lid` makes the whole stanza
 * LID-addressed) or a group in which the phone is. Throws a 404 or 403.
 */
export function findRoute(phone: PhoneRecord, to: string, network: Needs): ChatRoute {
  if (isGroupJid(to)) return groupRoute(phone, to, network);
  const resolved = to.includes('@')
    ? resolveJid(to, network)
    : { phone: findPhone(parseInput(PhoneNumber, to), network), addressing: 'pn' as const };
  if (!resolved) throw phoneNotFound(to);
  return { kind: 'direct', partner: resolved.phone, addressing: resolved.addressing };
}

function groupRoute(phone: PhoneRecord, id: string, { store }: Needs): ChatRoute {
  const group = store.groups.find(id);
  if (!group) {
    throw new ControlError(404, 'group_not_found', {
      message: 'There is no such group.',
      details: { id },
    });
  }
  if (!store.groups.members(id).includes(phone.number)) {
    throw new ControlError(403, 'not_a_member', { message: 'The phone is not in this group.' });
  }
  return { kind: 'group', group };
}

/** A received message goes before an own one with the same id. Throws a 404. */
export function findMessage(number: string, id: string, network: Needs): MessageRecord {
  findPhone(number, network);
  const found = network.store.messages.findById(number, id);
  const message = found.find(({ fromMe }) => !fromMe) ?? found[0];
  if (message) return message;
  throw messageNotFound(id);
}
