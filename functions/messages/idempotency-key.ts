import { createHash } from 'node:crypto';
import { DomainError } from '#shared/domain/error.ts';
import type { Message } from '#shared/domain/message.ts';
import type { IdempotentCall } from '#shared/repositories/idempotency-repository.ts';
import type { Deps } from '../deps.ts';
import type { ApiRequest } from '../http/read-request.ts';
import { validationFailed } from '../http/validate.ts';

/** RFC draft idempotency-key-header: one text, with or without its quotes. Printable ASCII keeps it a header's value. */
const KEY = /^[\x21-\x7e][\x20-\x7e]{0,254}$/;

/** What prove the caller is no part of what is asked for. */
const CREDENTIALS: ReadonlySet<string> = new Set(['session_id', 'access_token']);

/** A call that may come again, before anything was made of it. */
type KeyedCall = Omit<IdempotentCall, 'messageIds'>;

/**
 * Reads `Idempotency-Key`; `undefined` without one. `operation` is part of what is asked for: one key is not for two
 * kinds of call. Throws `validation_failed`.
 */
export async function readIdempotencyKey(
  { headers, body }: Pick<ApiRequest, 'headers' | 'body'>,
  { instanceId, operation }: { instanceId: string; operation: string },
): Promise<KeyedCall | undefined> {
  const key = headers['idempotency-key']?.trim().replace(/^"(.*)"$/, '$1');
  if (key === undefined) return undefined;
  if (!KEY.test(key)) {
    const message = 'must be 1 to 255 printable ASCII characters';
    throw validationFailed([{ path: 'headers.idempotency-key', message }]);
  }
  return {
    instanceId,
    keyHash: sha256(key),
    fingerprint: sha256(JSON.stringify([operation, await canonical(body.fields)])),
  };
}

/**
 * The messages of the first call with this key; `undefined` when this is it. Throws `idempotency_mismatch` when that
 * one asked for something else.
 */
export async function findFirstCall(
  call: KeyedCall,
  { idempotency, messages }: Pick<Deps, 'idempotency' | 'messages'>,
): Promise<readonly Message[] | undefined> {
  const first = await idempotency.get(call);
  if (first === undefined) return undefined;
  if (first.fingerprint !== call.fingerprint) {
    throw new DomainError(
      'idempotency_mismatch',
      'This Idempotency-Key was used for another call. Use a new key for a new message.',
    );
  }
  const found = await Promise.all(first.messageIds.map((id) => messages.get(id)));
  return found.filter((message) => message !== undefined);
}

/** The same for fields that say the same: the order of names does not count, and a file is its bytes and its name. */
async function canonical(value: unknown): Promise<unknown> {
  if (value instanceof Blob) {
    const name = value instanceof File ? value.name : '';
    const bytes = new Uint8Array(await value.arrayBuffer());
    return ['file', name, value.type, sha256(bytes)];
  }
  if (Array.isArray(value)) return ['list', ...(await Promise.all(value.map(canonical)))];
  if (typeof value !== 'object' || value === null) return value;
  const names = Object.keys(value)
    .filter((name) => !CREDENTIALS.has(name))
    .sort();
  return await Promise.all(
    names.map(async (name) => [name, await canonical(Reflect.get(value, name))]),
  );
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
