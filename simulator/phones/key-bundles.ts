import { type DeviceAddress, SERVER_JID } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { unixTime } from '#simulator/server/stanzas.ts';
import { generateKeyPair } from '#simulator/signal/keys.ts';
import type { LocalKeys, PreKeyBundle } from '#simulator/signal/session.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

type Needs = Pick<Network, 'store'>;

/** What handing out bundles takes: the owner of nearly used up pre-keys is told. */
export type BundleNeeds = Pick<Network, 'store' | 'live' | 'now' | 'random'>;

/** Below this the server asks for more pre-keys (Baileys Defaults: MIN_PREKEY_COUNT). */
const PRE_KEYS_LOW = 5;
const NOTIFICATION_ID_BYTES = 8;

/**
 * The keys with which anyone can start a session with a device, one of its one-time pre-keys
 * among them: nobody else gets that one. Undefined when there is no such device.
 */
export function takeBundle(address: DeviceAddress, network: BundleNeeds): PreKeyBundle | undefined {
  const { number, device } = address;
  const { store } = network;
  if (device === 0) {
    const phone = store.phones.find(number);
    return phone && takePhoneBundle(phone, { store });
  }
  const companion = store.companions.find(number, device);
  if (!companion) return undefined;
  const preKey = store.companions.takePreKey(number, device);
  if (preKey) askForMoreWhenLow(address, network);
  return {
    registrationId: companion.registrationId,
    identityKey: companion.identityPublic,
    signedPreKey: companion.signedPreKey,
    ...(preKey ? { preKey } : {}),
  };
}

/** A phone makes its one-time pre-keys when they are asked for: it is never out of them. */
export function takePhoneBundle(phone: PhoneRecord, { store }: Needs): PreKeyBundle {
  const pair = generateKeyPair();
  const id = store.phones.addPreKey(phone.number, pair);
  const { signedPreKey } = phone;
  return {
    registrationId: phone.registrationId,
    identityKey: phone.identity.public,
    signedPreKey: {
      id: signedPreKey.id,
      publicKey: signedPreKey.pair.public,
      signature: signedPreKey.signature,
    },
    preKey: { id, publicKey: pair.public },
  };
}

/** The phone's own keys, as the Signal protocol asks for them. */
export function localKeysOf(phone: PhoneRecord, { store }: Needs): LocalKeys {
  return {
    identity: phone.identity,
    registrationId: phone.registrationId,
    signedPreKey: (id) => (id === phone.signedPreKey.id ? phone.signedPreKey.pair : undefined),
    preKey: (id) => store.phones.findPreKey(phone.number, id),
  };
}

/**
 * Only a live device is told; one that is away looks at the count when it logs in. A device that
 * has no keys at all has just been linked and is about to upload its first ones.
 */
function askForMoreWhenLow(
  address: DeviceAddress,
  { store, live, now, random }: BundleNeeds,
): void {
  const count = store.companions.countPreKeys(address.number, address.device);
  if (count >= PRE_KEYS_LOW) return;
  const notification: BinaryNode = {
    tag: 'notification',
    attrs: {
      from: SERVER_JID,
      type: 'encrypt',
      id: random(NOTIFICATION_ID_BYTES).toString('hex'),
      t: unixTime(now()),
    },
    content: [{ tag: 'count', attrs: { value: String(count) } }],
  };
  store.db.afterCommit(() => live.find(address)?.send(notification));
}
