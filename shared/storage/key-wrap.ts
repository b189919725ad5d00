/** What a data key is bound to: it is unwrapped for nobody else. It is no secret, and stands in the logs of KMS. */
export type KeyContext = { readonly instanceId: string };

export type DataKey = {
  /** 32 bytes, for AES-256. It is kept in memory alone. */
  readonly key: Uint8Array;
  /** The same key under the home's own key: this is what is stored. */
  readonly wrapped: Uint8Array;
};

/** The `KeyWrap` port: makes data keys, and gives them back to whoever holds the home's own key. */
export interface KeyWrap {
  generate(context: KeyContext): Promise<DataKey>;
  /** Throws `KeyRefused` when these bytes are no key of this home for this context. */
  unwrap(wrapped: Uint8Array, context: KeyContext): Promise<Uint8Array>;
}

/** The wrapped key was changed, is another instance's, or was wrapped by a key that is not this home's. */
export class KeyRefused extends Error {
  override readonly name = 'KeyRefused';

  constructor(options?: ErrorOptions) {
    super('A data key could not be unwrapped.', options);
  }
}
