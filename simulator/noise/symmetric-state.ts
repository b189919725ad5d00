import { createHash, hkdfSync } from 'node:crypto';

import { CipherState } from './cipher-state.ts';

const HASH_BYTES = 32;
const EMPTY = Buffer.alloc(0);

/** The running hash and keys of a Noise handshake with SHA-256 (Noise specification, 5.2). */
export class SymmetricState {
  #hash: Buffer;
  #chainingKey: Buffer;
  #cipher: CipherState | undefined;

  /** `protocolName` has at most 32 bytes; it is filled up with zeros. */
  constructor(protocolName: string) {
    this.#hash = Buffer.alloc(HASH_BYTES);
    this.#hash.write(protocolName, 'ascii');
    this.#chainingKey = this.#hash;
  }

  mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest();
  }

  mixKey(secret: Uint8Array): void {
    const [chainingKey, key] = this.#derive(secret);
    this.#chainingKey = chainingKey;
    this.#cipher = new CipherState(key);
  }

  /** Before the first `mixKey` the text stays plain, and is only hashed. */
  encryptAndHash(plaintext: Uint8Array): Buffer {
    const ciphertext = this.#cipher?.encrypt(plaintext, this.#hash) ?? Buffer.from(plaintext);
    this.mixHash(ciphertext);
    return ciphertext;
  }

  /** Throws NoiseError when the ciphertext is not authentic. */
  decryptAndHash(ciphertext: Uint8Array): Buffer {
    const plaintext = this.#cipher?.decrypt(ciphertext, this.#hash) ?? Buffer.from(ciphertext);
    this.mixHash(ciphertext);
    return plaintext;
  }

  /** The two ciphers of the transport: first the initiator's, then the responder's. */
  split(): { initiator: CipherState; responder: CipherState } {
    const [first, second] = this.#derive(EMPTY);
    return { initiator: new CipherState(first), responder: new CipherState(second) };
  }

  /** HKDF of RFC 5869 with the chaining key as salt and no info. */
  #derive(secret: Uint8Array): [Buffer, Buffer] {
    const okm = hkdfSync('sha256', secret, this.#chainingKey, EMPTY, 2 * HASH_BYTES);
    return [Buffer.from(okm, 0, HASH_BYTES), Buffer.from(okm, HASH_BYTES)];
  }
}
