import { randomInt } from 'node:crypto';
import { ProtocolAddress, SessionBuilder, SessionCipher, SessionRecord } from 'libsignal';

import { generateKeyPair, type KeyPair, withTypeByte } from '#simulator/signal/keys.ts';
import type { PreKeyBundle } from '#simulator/signal/session.ts';
import { sign } from '#simulator/signal/xeddsa.ts';

type Ciphertext = { type: 'pkmsg' | 'msg'; ciphertext: Buffer };

const toTheirs = (pair: KeyPair) => ({ privKey: pair.private, pubKey: withTypeByte(pair.public) });

/** A device that runs the npm package libsignal, with one remote device. */
export class LibsignalDevice {
  readonly #identity = generateKeyPair();
  readonly #signedPreKey = generateKeyPair();
  readonly #registrationId = randomInt(1, 16_380);
  readonly #address = new ProtocolAddress('remote', 1);
  readonly #storage: ConstructorParameters<typeof SessionCipher>[0];
  readonly preKeys = new Map<number, KeyPair>();
  /** The sessions as the package stores them. */
  stored: string | undefined;

  constructor() {
    for (let id = 1; id < 10; id += 1) this.preKeys.set(id, generateKeyPair());
    this.#storage = {
      loadSession: async () =>
        this.stored === undefined ? undefined : SessionRecord.deserialize(JSON.parse(this.stored)),
      storeSession: async (_id, session) => {
        this.stored = JSON.stringify(session.serialize());
      },
      isTrustedIdentity: () => true,
      loadPreKey: async (id) => {
        const pair = this.preKeys.get(Number(id));
        return pair && toTheirs(pair);
      },
      removePreKey: (id) => {
        this.preKeys.delete(id);
      },
      loadSignedPreKey: () => toTheirs(this.#signedPreKey),
      getOurRegistrationId: () => this.#registrationId,
      getOurIdentity: () => toTheirs(this.#identity),
    };
  }

  bundle(preKeyId: number): PreKeyBundle {
    const preKey = this.preKeys.get(preKeyId);
    if (!preKey) throw new Error('That pre-key was used up.');
    return {
      registrationId: this.#registrationId,
      identityKey: this.#identity.public,
      signedPreKey: {
        id: 1,
        publicKey: this.#signedPreKey.public,
        signature: sign(this.#identity.private, withTypeByte(this.#signedPreKey.public)),
      },
      preKey: { id: preKeyId, publicKey: preKey.public },
    };
  }

  async startSession({ registrationId, identityKey, signedPreKey, preKey }: PreKeyBundle) {
    if (!preKey) throw new Error('The types of libsignal want a pre-key.');
    await new SessionBuilder(this.#storage, this.#address).initOutgoing({
      registrationId,
      identityKey: withTypeByte(identityKey),
      signedPreKey: {
        keyId: signedPreKey.id,
        publicKey: withTypeByte(signedPreKey.publicKey),
        signature: signedPreKey.signature,
      },
      preKey: { keyId: preKey.id, publicKey: withTypeByte(preKey.publicKey) },
    });
  }

  async encrypt(text: string): Promise<Ciphertext> {
    const cipher = new SessionCipher(this.#storage, this.#address);
    const { type, body } = await cipher.encrypt(Buffer.from(text));
    return { type: type === 3 ? 'pkmsg' : 'msg', ciphertext: Buffer.from(body, 'binary') };
  }

  async decrypt({ type, ciphertext }: Ciphertext): Promise<string> {
    const cipher = new SessionCipher(this.#storage, this.#address);
    const plaintext =
      type === 'pkmsg'
        ? await cipher.decryptPreKeyWhisperMessage(ciphertext)
        : await cipher.decryptWhisperMessage(ciphertext);
    return plaintext.toString();
  }
}
