import { deflateSync } from 'node:zlib';

import { type DeviceAddress, jidOf } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { defineMessage } from '#simulator/proto/codec.ts';
import { nested, repeated, scalar } from '#simulator/proto/field.ts';
import { type Message, PROTOCOL_TYPE } from '#simulator/proto/messages.ts';
import { messageNode } from '#simulator/server/message-node.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';

import { encNode, PhoneCipher } from './phone-cipher.ts';

const INITIAL_BOOTSTRAP = 0;
const PROGRESS_DONE = 100;
const KEY_ID_BYTES = 6;
const KEY_BYTES = 32;
const MESSAGE_ID_BYTES = 16;

/** What a phone tells a new device of the past; field numbers as in Baileys' WAProto.proto. */
const lidMapping = defineMessage('PhoneNumberToLIDMapping', {
  pnJid: scalar(1, 'string'),
  lidJid: scalar(2, 'string'),
});
const HistorySync = defineMessage('HistorySync', {
  syncType: scalar(1, 'uint32'),
  chunkOrder: scalar(5, 'uint32'),
  progress: scalar(6, 'uint32'),
  phoneNumberToLidMappings: repeated(nested(15, () => lidMapping)),
});

type Needs = Pick<Network, 'store' | 'live' | 'post' | 'now' | 'random'>;

/**
 * After a device's first login its phone shares the keys of the app state and the history. Ours
 * has no history, but devices wait for it: Baileys holds its events back for 20 s without it.
 */
export function sendFirstSync(phone: PhoneRecord, to: DeviceAddress, network: Needs): void {
  for (const content of [keyShare(network), historySync(phone)]) {
    const encrypted = new PhoneCipher(phone, network).encrypt(to, content);
    if (!encrypted) return;
    const envelope = {
      id: network.random(MESSAGE_ID_BYTES).toString('hex').toUpperCase(),
      type: 'text',
      category: 'peer',
      at: network.now(),
      sender: { phone, device: 0 },
      route: { kind: 'direct', partner: phone, addressing: 'pn' },
    } as const;
    network.post(to, messageNode(envelope, to, [encNode(encrypted)]));
  }
}

function keyShare({ random, now }: Needs): Message {
  const key = {
    keyId: { keyId: random(KEY_ID_BYTES) },
    keyData: {
      keyData: random(KEY_BYTES),
      fingerprint: { rawId: 1, currentIndex: 0 },
      timestamp: now().getTime(),
    },
  };
  return {
    protocolMessage: {
      type: PROTOCOL_TYPE.appStateSyncKeyShare,
      appStateSyncKeyShare: { keys: [key] },
    },
  };
}

function historySync(phone: PhoneRecord): Message {
  const history = HistorySync.encode({
    syncType: INITIAL_BOOTSTRAP,
    chunkOrder: 1,
    progress: PROGRESS_DONE,
    phoneNumberToLidMappings: [{ pnJid: jidOf(phone, 'pn'), lidJid: jidOf(phone, 'lid') }],
  });
  return {
    protocolMessage: {
      type: PROTOCOL_TYPE.historySyncNotification,
      historySyncNotification: {
        syncType: INITIAL_BOOTSTRAP,
        chunkOrder: 1,
        progress: PROGRESS_DONE,
        initialHistBootstrapInlinePayload: deflateSync(history),
      },
    },
  };
}
