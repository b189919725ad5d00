import * as z from 'zod';
import { GroupedHex, ObjectId } from '../domain/identifier.ts';
import {
  type DesiredState,
  Instance,
  type InstanceStatus,
  type LinkedUser,
  type PairingAnswer,
  type PairingRequest,
  type QrCode,
} from '../domain/instance.ts';
import {
  type Condition,
  ConditionFailed,
  type Item,
  type Table,
  type UpdateOp,
} from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { byCreation } from './by-creation.ts';
import { keys, shardPartition } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';

export type InstanceRef = { readonly accountId: string; readonly instanceId: string };

/** The runner's word on a session. `null` takes the attribute away, and the time with the user; what is absent stays. */
export type SessionReport = {
  readonly status: InstanceStatus;
  readonly user?: LinkedUser | null;
  readonly linkedAt?: string;
  readonly qr?: QrCode | null;
};

/** What calls of the API change, each part for itself. */
export type EditablePart = 'settings' | 'pace';
export type InstanceEdit<Part extends EditablePart> = {
  readonly part: Part;
  /** A pure decision, which may be asked more than once; `undefined` when all is to stay. */
  readonly make: (before: Instance[Part]) => NonNullable<Instance[Part]> | undefined;
};
type EditOutcome = 'changed' | 'same' | 'overtaken' | 'gone';

const SessionPointer = z.object({ accountId: ObjectId, instanceId: ObjectId });
const ShardRecord = z.object({ instances: z.int() });
const StoredInstance = withoutTableKeys.pipe(Instance);

const THERE: Condition = { kind: 'present', field: 'pk' };
const NOT_THERE: Condition = { kind: 'absent', field: 'pk' };
/** An instance that is being deleted takes no more wishes. */
const KEPT: Condition = {
  kind: 'or',
  any: (['OFF', 'ON', 'LOGGED_OUT'] satisfies DesiredState[]).map((value) => ({
    kind: 'equals',
    field: 'desired',
    value,
  })),
};

/** The records of instances. Each lies in its account's partition, so that no read can reach another's. */
export class InstanceRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Writes the record, the way to it by `session_id` and the shard's count: all or nothing. */
  async create(instance: Instance): Promise<void> {
    const { accountId, instanceId, sessionId, shard } = instance;
    await this.#table.write(
      { kind: 'put', item: toItem(instance), condition: NOT_THERE },
      {
        kind: 'put',
        item: { ...keys.session(sessionId), accountId, instanceId },
        condition: NOT_THERE,
      },
      { kind: 'update', key: keys.shard(shard), add: { instances: 1 } },
    );
  }

  async get({ accountId, instanceId }: InstanceRef): Promise<Instance | undefined> {
    const item = await this.#table.get(keys.instance(accountId, instanceId));
    return item && StoredInstance.parse(item);
  }

  /** `undefined` for text that is no session id at all, too. */
  async getBySessionId(text: string): Promise<Instance | undefined> {
    const sessionId = GroupedHex.safeParse(text);
    if (!sessionId.success) return undefined;
    const pointer = await this.#table.get(keys.session(sessionId.data));
    return pointer && (await this.get(SessionPointer.parse(pointer)));
  }

  /** All of an account's, oldest first, without those that are being deleted. */
  async listByAccount(accountId: string): Promise<Instance[]> {
    const instances: Instance[] = [];
    const { pk: partition, sk: prefix } = keys.instance(accountId, '');
    const sort = { kind: 'prefix', prefix } as const;
    for await (const item of readAll(this.#table, { index: 'primary', partition, sort })) {
      const instance = StoredInstance.parse(item);
      if (instance.desired !== 'DELETED') instances.push(instance);
    }
    return instances.sort(byCreation);
  }

  /** All of a shard's, for the runner that holds it; those that are being deleted too. */
  async *listByShard(shard: number): AsyncGenerator<Instance> {
    const query = { index: 'gsi1', partition: shardPartition(shard) } as const;
    for await (const item of readAll(this.#table, query)) yield StoredInstance.parse(item);
  }

  /** How many instances the shard has. */
  async shardLoad(shard: number): Promise<number> {
    const item = await this.#table.get(keys.shard(shard));
    return item ? ShardRecord.parse(item).instances : 0;
  }

  /** Says what the account wants. Throws `ConditionFailed` when the instance is gone or being deleted. */
  async wish(
    ref: InstanceRef,
    wish: { desired: DesiredState; pairingRequest?: PairingRequest; at: Date },
  ): Promise<Instance> {
    const { desired, pairingRequest, at } = wish;
    return await this.#update(ref, {
      set: { desired, updatedAt: at.toISOString(), ...(pairingRequest && { pairingRequest }) },
      add: { generation: 1 },
      condition: KEPT,
    });
  }

  /** The session ended for good: it takes a new wish to start it. Nothing happens when there is one already. */
  async standDown({ accountId, instanceId, generation }: Instance): Promise<void> {
    const ref = { accountId, instanceId };
    const sameWish: Condition = { kind: 'equals', field: 'generation', value: generation };
    try {
      await this.#update(ref, { set: { desired: 'OFF' }, condition: sameWish });
    } catch (cause) {
      if (!(cause instanceof ConditionFailed)) throw cause;
    }
  }

  /**
   * Writes what the edit makes of a part as it is now. Nothing is written when somebody else wrote it in between
   * (`overtaken`), or when the instance is gone or being deleted.
   */
  async edit<Part extends EditablePart>(
    ref: InstanceRef,
    { part, make }: InstanceEdit<Part>,
    at: Date,
  ): Promise<EditOutcome> {
    const item = await this.#table.get(keys.instance(ref.accountId, ref.instanceId));
    if (!item) return 'gone';
    const instance = StoredInstance.parse(item);
    if (instance.desired === 'DELETED') return 'gone';
    const made = make(instance[part]);
    if (!made) return 'same';
    // Compared as it is stored: what the schema adds to an old record is not there.
    const stored = item[part];
    const untouched: Condition =
      stored === undefined
        ? { kind: 'absent', field: part }
        : { kind: 'equals', field: part, value: stored };
    try {
      await this.#update(ref, {
        set: { ...toAttributes({ [part]: made }), updatedAt: at.toISOString() },
        condition: { kind: 'and', all: [untouched, KEPT] },
      });
      return 'changed';
    } catch (cause) {
      if (cause instanceof ConditionFailed) return 'overtaken';
      throw cause;
    }
  }

  /** The runner's answer to a pairing request. */
  async answerPairing(ref: InstanceRef, pairingAnswer: PairingAnswer): Promise<void> {
    await this.#update(ref, { set: toAttributes({ pairingAnswer }), condition: THERE });
  }

  /** Throws `ConditionFailed` when the record is gone. */
  async report(
    ref: InstanceRef,
    { status, user, linkedAt, qr }: SessionReport,
    { runnerId, at }: { runnerId: string; at: Date },
  ): Promise<Instance> {
    return await this.#update(ref, {
      set: toAttributes({
        status,
        runnerId,
        updatedAt: at.toISOString(),
        user: user ?? undefined,
        linkedAt,
        qr: qr ?? undefined,
      }),
      remove: [...(user === null ? ['user', 'linkedAt'] : []), ...(qr === null ? ['qr'] : [])],
      condition: THERE,
    });
  }

  /** Takes the record away for good: the last step of a deletion, after the session's state is gone. */
  async remove({ accountId, instanceId, sessionId, shard }: Instance): Promise<void> {
    await this.#table.write(
      { kind: 'delete', key: keys.instance(accountId, instanceId), condition: THERE },
      { kind: 'delete', key: keys.session(sessionId) },
      { kind: 'update', key: keys.shard(shard), add: { instances: -1 } },
    );
  }

  async #update(ref: InstanceRef, change: Omit<UpdateOp, 'kind' | 'key'>): Promise<Instance> {
    const key = keys.instance(ref.accountId, ref.instanceId);
    return StoredInstance.parse(await this.#table.update({ kind: 'update', key, ...change }));
  }
}

function toItem(instance: Instance): Item {
  const { accountId, instanceId, shard } = instance;
  return {
    ...toAttributes(instance),
    ...keys.instance(accountId, instanceId),
    gsi1pk: shardPartition(shard),
    gsi1sk: instanceId,
  };
}
