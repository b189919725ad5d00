import { createCipheriv, createDecipheriv } from 'node:crypto';

import { NoiseError } from './noise-error.ts';

const TAG_BYTES = 16;
const NONCE_BYTES = 12;

/** WhatsApp counts in 4 bytes, where the Noise specification has 8. */
const COUNTER_MAX = 0xffffffff;

/** AES-256-GCM under one key with a counter as nonce (Noise specification, 5.1 and 12.4). */
export class CipherState {
  readonly #key: Buffer;
  #counter = 0;

  constructor(key: Buffer) {
    this.#key = key;
  }

  /** The ciphertext and its 16-byte tag. */
  encrypt(plaintext: Uint8Array, associatedData: Uint8Array): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.#key, this.#nextNonce());
    cipher.setAAD(associatedData);
    return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws NoiseError when the tag is wrong; the counter has moved on then too. */
  decrypt(ciphertext: Uint8Array, associatedData: Uint8Array): Buffer {
    if (ciphertext.length < TAG_BYTES) throw new NoiseError('The ciphertext is too short.');
    const end = ciphertext.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, this.#nextNonce(), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(associatedData);
    decipher.setAuthTag(ciphertext.subarray(end));
    try {
      return Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]);
    } catch (cause) {
      throw new NoiseError('The ciphertext is not authentic.', { cause });
    }
  }

  #nextNonce(): Buffer {
    if (this.#counter > COUNTER_MAX) throw new NoiseError('The nonces of this key are used up.');
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeUInt32BE(this.#counter, NONCE_BYTES - 4);
    this.#counter += 1;
    return nonce;
  }
}
