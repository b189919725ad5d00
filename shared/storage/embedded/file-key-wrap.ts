import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type DataKey, type KeyContext, KeyRefused, type KeyWrap } from '../key-wrap.ts';
import { StorageError } from './storage-error.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;

/**
 * The `KeyWrap` port on one secret, which lies in a file of the data folder: nonce | encrypted key | tag, bound to its
 * context. Random nonces of 96 bits are good for 2^32 keys (NIST SP 800-38D, 8.3).
 */
export class FileKeyWrap implements KeyWrap {
  readonly #secret: Uint8Array;
  readonly #randomBytes: (size: number) => Uint8Array;

  /** The secret is 32 bytes in base64url, as `readOrMakeSecret` answers it. */
  constructor(secret: string, randomBytes: (size: number) => Uint8Array) {
    this.#secret = Buffer.from(secret, 'base64url');
    this.#randomBytes = randomBytes;
    if (this.#secret.byteLength !== KEY_BYTES) {
      throw new StorageError('The key file does not hold a key. Bring it back from a backup.');
    }
  }

  async generate(context: KeyContext): Promise<DataKey> {
    const key = this.#randomBytes(KEY_BYTES);
    const nonce = this.#randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#secret, nonce).setAAD(toBytes(context));
    const encrypted = Buffer.concat([cipher.update(key), cipher.final()]);
    return { key, wrapped: Buffer.concat([nonce, encrypted, cipher.getAuthTag()]) };
  }

  async unwrap(wrapped: Uint8Array, context: KeyContext): Promise<Uint8Array> {
    if (wrapped.byteLength !== WRAPPED_BYTES) throw new KeyRefused();
    const nonce = wrapped.subarray(0, NONCE_BYTES);
    const encrypted = wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#secret, nonce, { authTagLength: TAG_BYTES })
      .setAAD(toBytes(context))
      .setAuthTag(wrapped.subarray(NONCE_BYTES + KEY_BYTES));
    try {
      return Buffer.concat([decipher.update(encrypted), decipher.final()]);
    } catch (cause) {
      throw new KeyRefused({ cause });
    }
  }
}

function toBytes({ instanceId }: KeyContext): Buffer {
  return Buffer.from(instanceId);
}
