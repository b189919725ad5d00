import { createHmac, hkdfSync } from 'node:crypto';

/** HKDF with SHA-256 (RFC 5869); without `salt` it is 32 zero bytes. */
export function deriveBytes(
  secret: Uint8Array,
  info: string,
  options: { length: number; salt?: Uint8Array },
): Buffer {
  const salt = options.salt ?? Buffer.alloc(32);
  return Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(info), options.length));
}

export function hmacSha256(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
