import type { DeviceAddress } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { isStanzaTag, type StanzaName } from '#simulator/store/delivery-records.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';
import { decodeNode } from '#simulator/wire/decode-node.ts';
import { encodeNode } from '#simulator/wire/encode-node.ts';

import { receiveMessage } from './phone-inbox.ts';
import { resendMessage } from './phone-outbox.ts';
import { noteReceipt } from './phone-receipts.ts';

/** `Network.post`: see there. Stanzas for a device that is gone are dropped, as WhatsApp does. */
export function postStanza(to: DeviceAddress, node: BinaryNode, network: Network): void {
  const { store, live } = network;
  store.db.transaction(() => {
    const phone = store.phones.find(to.number);
    if (!phone) return;
    if (to.device === 0 && phone.online) {
      handleAtPhone(phone, node, network);
      return;
    }
    if (to.device !== 0 && !store.companions.find(to.number, to.device)) return;
    store.deliveries.add(to, nameOf(node), encodeNode(node));
    if (to.device !== 0) store.db.afterCommit(() => live.find(to)?.pump());
  });
}

/** Lets a phone go online: it first reads what has waited for it, each stanza in a transaction. */
export function goOnline(number: string, network: Network): void {
  const { db, deliveries, phones } = network.store;
  const address = { number, device: 0 };
  for (;;) {
    const isEmpty = db.transaction(() => {
      const phone = phones.find(number);
      const [next] = deliveries.after(address, 0, 1);
      if (!phone || !next) {
        phones.setOnline(number, true);
        return true;
      }
      deliveries.remove(next.seq);
      handleAtPhone(phone, decodeNode(next.node), network);
      return false;
    });
    if (isEmpty) return;
  }
}

function handleAtPhone(phone: PhoneRecord, node: BinaryNode, network: Network): void {
  if (node.tag === 'message') receiveMessage(phone, node, network);
  else if (node.tag === 'receipt' && node.attrs['type'] === 'retry') {
    resendMessage(phone, node, network);
  } else if (node.tag === 'receipt') noteReceipt(phone, node, network);
}

function nameOf({ tag, attrs }: BinaryNode): StanzaName {
  if (!isStanzaTag(tag)) throw new Error(`A <${tag}> is nothing that a device acknowledges.`);
  return { tag, id: attrs['id'] ?? '', type: attrs['type'] };
}
