import { type DeviceAddress, directChat, jidOf, SERVER_JID } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import { unixTime } from './stanzas.ts';

type Needs = Pick<Network, 'store' | 'live' | 'post' | 'now' | 'random'>;

const NOTIFICATION_ID_BYTES = 8;

/**
 * Takes a linked device away, as its phone does: its queue and keys go, its live socket is told
 * `401 device_removed`. Returns whether there was such a device.
 */
export function unlinkDevice(address: DeviceAddress, network: Needs): boolean {
  const { store, live } = network;
  return store.db.transaction(() => {
    if (!store.companions.remove(address.number, address.device)) return false;
    store.sessions.forgetDevice(address);
    store.db.afterCommit(() => live.find(address)?.endUnlinked());
    announceDevice('remove', address, network);
    return true;
  });
}

/** Tells the linked devices of the account itself and of everyone who has a chat with it. */
export function announceDevice(
  change: 'add' | 'remove',
  address: DeviceAddress,
  network: Needs,
): void {
  const { store } = network;
  const accounts = new Set(store.messages.accountsWithChat(directChat(address.number)));
  for (const number of accounts.add(address.number)) {
    for (const { device } of store.companions.list(number)) {
      const isItself = number === address.number && device === address.device;
      if (!isItself) network.post({ number, device }, notificationOf(change, address, network));
    }
  }
}

function notificationOf(
  change: 'add' | 'remove',
  { number, device }: DeviceAddress,
  { store, now, random }: Needs,
): BinaryNode {
  const phone = store.phones.find(number);
  const from = phone ? jidOf(phone, 'pn') : SERVER_JID;
  const keyIndex = { 'key-index': String(device) };
  const devices = phone
    ? [
        { tag: 'device', attrs: { jid: jidOf(phone, 'pn', device), ...keyIndex } },
        { tag: 'device', attrs: { jid: jidOf(phone, 'lid', device), ...keyIndex } },
      ]
    : [];
  return {
    tag: 'notification',
    attrs: {
      from,
      type: 'devices',
      id: random(NOTIFICATION_ID_BYTES).toString('hex'),
      t: unixTime(now()),
    },
    content: [{ tag: change, attrs: {}, content: devices }],
  };
}
