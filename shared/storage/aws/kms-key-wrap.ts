import { type DataKey, type KeyContext, KeyRefused, type KeyWrap } from '../key-wrap.ts';
import type { KmsClient } from './kms-client.ts';
import type { Lazy } from './lazy.ts';

/** KMS's words for a ciphertext that is not one, is another context's, or another key's. */
const REFUSALS = ['InvalidCiphertextException', 'IncorrectKeyException'];

/** The `KeyWrap` port on one key of KMS. Who calls needs `kms:GenerateDataKey` and `kms:Decrypt` on it. */
export class KmsKeyWrap implements KeyWrap {
  readonly #client: Lazy<KmsClient>;
  readonly #keyId: string;

  constructor(client: Lazy<KmsClient>, keyId: string) {
    this.#client = client;
    this.#keyId = keyId;
  }

  async generate({ instanceId }: KeyContext): Promise<DataKey> {
    const client = await this.#client.get();
    const { Plaintext, CiphertextBlob } = await client.generateDataKey({
      KeyId: this.#keyId,
      KeySpec: 'AES_256',
      EncryptionContext: { instanceId },
    });
    return { key: present(Plaintext), wrapped: present(CiphertextBlob) };
  }

  async unwrap(wrapped: Uint8Array, { instanceId }: KeyContext): Promise<Uint8Array> {
    const client = await this.#client.get();
    try {
      const { Plaintext } = await client.decrypt({
        KeyId: this.#keyId,
        CiphertextBlob: wrapped,
        EncryptionContext: { instanceId },
      });
      return present(Plaintext);
    } catch (cause) {
      throw isRefusal(cause) ? new KeyRefused({ cause }) : cause;
    }
  }
}

/** By the name, so that nobody loads KMS who only has a key wrap at hand. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && REFUSALS.includes(cause.name);
}

function present(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new Error('KMS answered without the bytes that were asked for.');
  return bytes;
}
