/** RFC 7518 §3.2: an HS256 key has at least as many bits as the hash. */
export const SECRET_BYTES_MIN = 32;

/** The keys of access tokens: the first signs, every one verifies. */
export type KeyRing = readonly [signing: Uint8Array, ...others: Uint8Array[]];

/** Where the keys of access tokens come from. */
export interface TokenKeys {
  /** Throws `unavailable` while there are none to be had. */
  current(): Promise<KeyRing>;
  /** For a signature that fits none of `known`: the keys by now, or `undefined` when those are the same. */
  newerThan(known: KeyRing): Promise<KeyRing | undefined>;
}

/** One secret for as long as the process lives. */
export function fixedTokenKeys(secret: string): TokenKeys {
  const ring: KeyRing = [new TextEncoder().encode(secret)];
  return { current: async () => ring, newerThan: async () => undefined };
}
