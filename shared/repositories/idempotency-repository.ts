import * as z from 'zod';
import { Ulid } from '../domain/identifier.ts';
import type { Table, WriteOp } from '../storage/table.ts';
import { keys } from './keys.ts';

/** For how long a caller's key names the call that brought it first. */
const KEPT_S = 24 * 3_600;

const Stored = z.object({ fingerprint: z.string(), messageIds: z.array(Ulid) });

/** A call that came with an idempotency key: what it asked for, and the messages that were made of it. */
export type IdempotentCall = {
  readonly instanceId: string;
  /** A hash of the caller's key: keys may be secrets. */
  readonly keyHash: string;
  /** A hash of what was asked for. */
  readonly fingerprint: string;
  readonly messageIds: readonly string[];
  /** For how many seconds it is known; a day when nothing is said. */
  readonly keptS?: number;
};

/** Which calls of an instance had which idempotency key. */
export class IdempotencyRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The call that had the key first, within a day. */
  async get({
    instanceId,
    keyHash,
  }: Pick<IdempotentCall, 'instanceId' | 'keyHash'>): Promise<IdempotentCall | undefined> {
    const item = await this.#table.get(keys.idempotency(instanceId, keyHash));
    return item && { instanceId, keyHash, ...Stored.parse(item) };
  }
}

/** Notes the call, unless another had its key: an op of the transaction that writes its messages. */
export function noteCallOp(call: IdempotentCall, at: Date): WriteOp {
  const { instanceId, keyHash, fingerprint, messageIds, keptS = KEPT_S } = call;
  const nowS = Math.floor(at.getTime() / 1_000);
  return {
    kind: 'put',
    item: {
      ...keys.idempotency(instanceId, keyHash),
      fingerprint,
      messageIds: [...messageIds],
      expiresAt: nowS + keptS,
    },
    // One that has run out may still be there until it is swept away.
    condition: {
      kind: 'or',
      any: [
        { kind: 'absent', field: 'pk' },
        { kind: 'lessThan', field: 'expiresAt', value: nowS + 1 },
      ],
    },
  };
}
