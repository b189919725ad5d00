import type { DeviceAddress } from '#simulator/addresses.ts';
import type { Network } from '#simulator/network.ts';
import { Message } from '#simulator/proto/messages.ts';
import { padRandom, unpad } from '#simulator/signal/padding.ts';
import {
  acceptDistribution,
  createSenderKey,
  decryptGroupMessage,
  distributionMessage,
  encryptGroupMessage,
} from '#simulator/signal/sender-key.ts';
import {
  decryptMessage,
  encryptMessage,
  type PreKeyBundle,
  startSession,
} from '#simulator/signal/session.ts';
import { SignalError } from '#simulator/signal/signal-error.ts';
import type { PhoneRecord } from '#simulator/store/phone-records.ts';
import type { BinaryNode } from '#simulator/wire/binary-node.ts';

import { type BundleNeeds, localKeysOf, takeBundle } from './key-bundles.ts';

/** What an `<enc>` node holds. */
export type Encrypted = {
  readonly type: 'pkmsg' | 'msg' | 'skmsg';
  readonly ciphertext: Buffer;
};

/** A phone and the group in which it speaks or hears. */
export type GroupVoice = { readonly groupId: string; readonly sender: DeviceAddress };

/**
 * The Signal cipher of one phone. Every method keeps the advanced state before it returns, in the
 * transaction of its caller.
 */
export class PhoneCipher {
  readonly #phone: PhoneRecord;
  readonly #network: BundleNeeds;
  readonly #store: Network['store'];

  constructor(phone: PhoneRecord, network: BundleNeeds) {
    this.#phone = phone;
    this.#network = network;
    this.#store = network.store;
  }

  /** The protobuf that a device encrypted for this phone. Throws SignalError. */
  decrypt(from: DeviceAddress, { type, ciphertext }: Encrypted): Buffer {
    if (type === 'skmsg') throw new SignalError('malformed', 'A sender key message needs a group.');
    const { sessions, phones } = this.#store;
    const { number } = this.#phone;
    const { state, plaintext, usedPreKeyId } = decryptMessage(
      localKeysOf(this.#phone, this.#network),
      sessions.findSession(number, from),
      { type, ciphertext },
    );
    sessions.putSession(number, from, state);
    if (usedPreKeyId !== undefined) phones.removePreKey(number, usedPreKeyId);
    return unpad(plaintext);
  }

  /** The protobuf that a device encrypted for the group. Throws SignalError. */
  decryptGroup({ groupId, sender }: GroupVoice, ciphertext: Buffer): Buffer {
    const { sessions } = this.#store;
    const name = { number: this.#phone.number, groupId, sender };
    const known = sessions.findSenderKey(name);
    if (!known) throw new SignalError('no_session', 'The sender key of this device is not known.');
    const { state, plaintext } = decryptGroupMessage(known, ciphertext);
    sessions.putSenderKey(name, state);
    return unpad(plaintext);
  }

  /** Takes a device's sender key. Throws SignalError. */
  acceptSenderKey({ groupId, sender }: GroupVoice, distribution: Uint8Array): void {
    const { sessions } = this.#store;
    const name = { number: this.#phone.number, groupId, sender };
    sessions.putSenderKey(name, acceptDistribution(sessions.findSenderKey(name), distribution));
  }

  /** Undefined when the device is gone. A first message starts a session from its bundle. */
  encrypt(to: DeviceAddress, message: Message): Encrypted | undefined {
    const hasSession = this.#store.sessions.findSession(this.#phone.number, to) !== undefined;
    const bundle = hasSession ? undefined : takeBundle(to, this.#network);
    if (!hasSession && !bundle) return undefined;
    if (bundle) this.startSession(to, bundle);
    return this.#encryptInSession(to, message);
  }

  /** Forgets how it talked to the device and starts anew. Throws SignalError for a bad bundle. */
  startSession(to: DeviceAddress, bundle: PreKeyBundle): void {
    const { sessions } = this.#store;
    const local = localKeysOf(this.#phone, this.#network);
    const previous = sessions.findSession(this.#phone.number, to);
    sessions.putSession(this.#phone.number, to, startSession(local, bundle, { previous }));
  }

  /** Encrypts with the phone's own sender key of the group. */
  encryptGroup(groupId: string, message: Message): Encrypted {
    const { sessions } = this.#store;
    const name = this.#ownSenderKeyName(groupId);
    const { state, ciphertext } = encryptGroupMessage(
      sessions.findSenderKey(name) ?? createSenderKey(),
      padRandom(Message.encode(message)),
    );
    sessions.putSenderKey(name, state);
    return { type: 'skmsg', ciphertext };
  }

  /** The phone's own sender key of the group, for a device that does not have it. */
  senderKeyDistribution(groupId: string): NonNullable<Message['senderKeyDistributionMessage']> {
    const { sessions } = this.#store;
    const name = this.#ownSenderKeyName(groupId);
    const state = sessions.findSenderKey(name) ?? createSenderKey();
    sessions.putSenderKey(name, state);
    return { groupId, axolotlSenderKeyDistributionMessage: distributionMessage(state) };
  }

  #encryptInSession(to: DeviceAddress, message: Message): Encrypted | undefined {
    const { sessions } = this.#store;
    const session = sessions.findSession(this.#phone.number, to);
    if (!session) return undefined;
    const local = localKeysOf(this.#phone, this.#network);
    const plaintext = padRandom(Message.encode(message));
    const { state, type, ciphertext } = encryptMessage(local, session, plaintext);
    sessions.putSession(this.#phone.number, to, state);
    return { type, ciphertext };
  }

  #ownSenderKeyName(groupId: string) {
    const { number } = this.#phone;
    return { number, groupId, sender: { number, device: 0 } };
  }
}

/** The node of an encrypted message; `count` says how often it has been sent again. */
export function encNode({ type, ciphertext }: Encrypted, count?: number): BinaryNode {
  const attrs = count === undefined ? { v: '2', type } : { v: '2', type, count: String(count) };
  return { tag: 'enc', attrs, content: ciphertext };
}
