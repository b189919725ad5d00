import { directChat } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { isGroupJid, resolveJid, STATUS_JID } from '#simulator/phones/directory.ts';
import type { ChatRoute } from '#simulator/server/message-node.ts';
import type { GroupRecord } from '#simulator/store/group-records.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';

import { ControlError, messageNotFound, parseInput, phoneNotFound } from './control-error.ts';
import { PhoneNumber } from './schemas.ts';

type Needs = Pick<Network, 'store'>;

const LIST_ID_BYTES = 4;

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
 * LID-addressed), a group in which the phone is, `status@broadcast`, or a list of numbers. Throws a 404 or 403.
 */
export function findRoute(
  phone: PhoneRecord,
  to: string | readonly string[],
  network: Pick<Network, 'store' | 'random'>,
): ChatRoute {
  if (typeof to !== 'string') return listRoute(to, network);
  if (to === STATUS_JID) return statusRoute(phone, network);
  if (isGroupJid(to)) return groupRoute(phone, to, network);
  const resolved = to.includes('@')
    ? resolveJid(to, network)
    : { phone: findPhone(parseInput(PhoneNumber, to), network), addressing: 'pn' as const };
  if (!resolved) throw phoneNotFound(to);
  return { kind: 'direct', partner: resolved.phone, addressing: resolved.addressing };
}

/** A status goes to everybody with whom the phone has a chat. */
function statusRoute({ number }: PhoneRecord, { store }: Needs): ChatRoute {
  const known = store.messages.accountsWithChat(directChat(number));
  const to = known.filter((other) => other !== number);
  return { kind: 'broadcast', id: STATUS_JID, to, addressing: 'lid' };
}

function listRoute(
  numbers: readonly string[],
  network: Pick<Network, 'store' | 'random'>,
): ChatRoute {
  for (const number of numbers) findPhone(number, network);
  const digits = network.random(LIST_ID_BYTES).readUInt32BE();
  return { kind: 'broadcast', id: `${digits}@broadcast`, to: numbers, addressing: 'pn' };
}

/** Throws a 404. */
export function findGroup(id: string, { store }: Needs): GroupRecord {
  const group = store.groups.find(id);
  if (group) return group;
  throw new ControlError(404, 'group_not_found', {
    message: 'There is no such group.',
    details: { id },
  });
}

function groupRoute(phone: PhoneRecord, id: string, { store }: Needs): ChatRoute {
  const group = findGroup(id, { store });
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
