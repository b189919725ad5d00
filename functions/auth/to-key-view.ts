import type { ApiKey } from '#shared/domain/account.ts';

/** A key as its account sees it, without its secret. */
export function toKeyView({ keyId, name, createdAt, lastUsedOn }: ApiKey) {
  return { id: keyId, name, createdAt, lastUsedAt: lastUsedOn ?? null };
}
