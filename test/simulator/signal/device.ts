import { generateKeyPair, type KeyPair, withTypeByte } from '#simulator/signal/keys.ts';
import type { LocalKeys, PreKeyBundle } from '#simulator/signal/session.ts';
import { sign } from '#simulator/signal/xeddsa.ts';

export type Device = {
  readonly local: LocalKeys;
  readonly preKeys: Map<number, KeyPair>;
  /** A bundle with the next unused pre-key, or with none. */
  bundle(preKeyId?: number): PreKeyBundle;
};

const SIGNED_PRE_KEY_ID = 5;

/** A device of ours with the pre-keys 1 to 9. */
export function aDevice(registrationId = 4321): Device {
  const identity = generateKeyPair();
  const signedPreKey = generateKeyPair();
  const preKeys = new Map<number, KeyPair>();
  for (let id = 1; id < 10; id += 1) preKeys.set(id, generateKeyPair());
  const local: LocalKeys = {
    identity,
    registrationId,
    signedPreKey: (id) => (id === SIGNED_PRE_KEY_ID ? signedPreKey : undefined),
    preKey: (id) => preKeys.get(id),
  };
  const bundle = (preKeyId?: number): PreKeyBundle => {
    const preKey = preKeyId === undefined ? undefined : preKeys.get(preKeyId);
    return {
      registrationId,
      identityKey: identity.public,
      signedPreKey: {
        id: SIGNED_PRE_KEY_ID,
        publicKey: signedPreKey.public,
        signature: sign(identity.private, withTypeByte(signedPreKey.public)),
      },
      ...(preKeyId !== undefined && preKey
        ? { preKey: { id: preKeyId, publicKey: preKey.public } }
        : {}),
    };
  };
  return { local, preKeys, bundle };
}
