import { directChat, jidOf } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { type ChangesOf, changedView } from '#simulator/phones/message-changes.ts';
import type { Presence } from '#simulator/phones/presence-book.ts';
import type { LiveDevice } from '#simulator/server/live-devices.ts';
import type { CompanionRecord } from '#simulator/store/companion-records.ts';
import type { CounterName } from '#simulator/store/counter-records.ts';
import type { GroupRecord } from '#simulator/store/group-records.ts';
import type { MessageRecord } from '#simulator/store/message-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';

import type { ControlDeps } from './route.ts';

type Needs = Pick<Network, 'store' | 'live'>;

/** A phone as GET /phones shows it. */
export function toPhoneView(phone: PhoneRecord, network: Needs) {
  const { store } = network;
  const unread = store.messages.unread(phone.number);
  return {
    number: phone.number,
    name: phone.name,
    lid: jidOf(phone, 'lid'),
    online: phone.online,
    autoRead: phone.autoRead,
    devices: store.companions.list(phone.number).map((device) => toDeviceView(device, network)),
    unread: {
      total: unread.reduce((sum, { count }) => sum + count, 0),
      chats: Object.fromEntries(unread.map(({ chat, count }) => [chat, count])),
    },
  };
}

/** A linked device. */
export function toDeviceView(companion: CompanionRecord, { live }: Pick<Needs, 'live'>) {
  const { number, device, platform, linkedAt } = companion;
  return {
    id: device,
    platform,
    linkedAt: linkedAt.toISOString(),
    online: live.find({ number, device }) !== undefined,
  };
}

/** The socket of a linked device, as GET /sockets lists it: a newer one has a larger `login`. */
export function toSocketView({ address, loginNo }: LiveDevice) {
  return { ...address, login: loginNo };
}

/** A message as the phone shows it now; own ones with what became of them. */
export function toMessageView(
  message: MessageRecord,
  changesOf: ChangesOf,
  { store }: Pick<Needs, 'store'>,
) {
  const sender = store.phones.find(message.from.number);
  const receipts = store.messages.receipts(message.number, message.id);
  return {
    id: message.id,
    chat: message.chat,
    from: directChat(message.from.number),
    lid: sender ? jidOf(sender, 'lid') : undefined,
    device: message.from.device,
    fromMe: message.fromMe,
    at: message.at.toISOString(),
    ...changedView(message, changesOf(message)),
    copies: message.copies,
    state: message.state,
    ...(message.fromMe
      ? {
          receipts: receipts.map(({ reader, type, at }) => ({
            from: directChat(reader),
            type,
            at: at.toISOString(),
          })),
        }
      : {}),
  };
}

/** What a phone was told of another account; `chat` is where, if it means one chat. */
export function toPresenceView({ from, chat, state, at }: Presence) {
  return { from: directChat(from), chat, state, at: at.toISOString() };
}

export function toGroupView(group: GroupRecord, { store }: Pick<Needs, 'store'>) {
  return {
    id: group.id,
    subject: group.subject,
    addressingMode: group.addressing,
    description: store.groups.description(group.id),
    participants: store.groups.members(group.id).map(directChat),
    admins: [group.creator, ...store.groups.admins(group.id)].map(directChat),
  };
}

/** GET /stats: sockets and frames since the start, the rest since the data folder was made. */
export function toStatsView({ network, socketStats }: ControlDeps) {
  const { counters } = network.store;
  const read = (name: CounterName) => counters.read(name);
  const { sockets, frames } = socketStats();
  return {
    sockets,
    logins: read('logins'),
    frames,
    messages: {
      accepted: read('messagesAccepted'),
      resent: read('messagesResent'),
      nacked: read('messagesNacked'),
      acksLost: read('acksLost'),
      delivered: read('messagesDelivered'),
      retryReceipts: read('retryReceipts'),
    },
    violations: {
      ratchetReused: read('ratchetReused'),
      evictedFrames: read('evictedFrames'),
      duplicateIds: read('duplicateIds'),
    },
    violationSamples: counters.samples(),
  };
}
