import * as z from 'zod';
import type { Condition, Table, WriteOp } from '../storage/table.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { IS_DEAD_OR_GONE, TAKES_SHARDS } from './runner-repository.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

/** Who may run a shard. `epoch` grows by one with each claim, so that it names one time of holding. */
const Lease = z.discriminatedUnion('state', [
  z.strictObject({
    shard: z.int().min(0),
    state: z.literal('FREE'),
    epoch: z.int().min(0),
  }),
  z.strictObject({
    shard: z.int().min(0),
    state: z.literal('HELD'),
    /** A runner's id. */
    owner: z.string(),
    epoch: z.int().min(1),
  }),
]);
export type Lease = z.infer<typeof Lease>;
export type HeldLease = Extract<Lease, { state: 'HELD' }>;

const StoredLease = withoutTableKeys.pipe(Lease);

/**
 * The leases of shards.
 *
 *   FREE ── claim ──▶ HELD ── release ──▶ FREE        HELD by a dead runner ── claim ──▶ HELD, epoch + 1
 */
export class LeaseRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /**
   * Those of shards 0 to `shardCount` − 1, in order; one that nobody ever claimed is FREE. Then those of further shards
   * that somebody has claimed: there are some while a greater number is being deployed.
   */
  async list(shardCount: number): Promise<Lease[]> {
    const stored = new Map<number, Lease>();
    const partition = keys.lease(0).pk;
    for await (const item of readAll(this.#table, { index: 'primary', partition })) {
      const lease = StoredLease.parse(item);
      stored.set(lease.shard, lease);
    }
    const declared = Array.from({ length: shardCount }, (_, shard): Lease => {
      return stored.get(shard) ?? unclaimed(shard);
    });
    return [...declared, ...[...stored.values()].filter(({ shard }) => shard >= shardCount)];
  }

  async get(shard: number): Promise<Lease> {
    const item = await this.#table.get(keys.lease(shard));
    return item === undefined ? unclaimed(shard) : StoredLease.parse(item);
  }

  /**
   * Takes a lease that is as `seen`, for a runner that is ALIVE: a free one, or one whose owner is dead or gone.
   * `undefined` when any of that is not so. An error leaves open whether it was taken.
   */
  async claim(seen: Lease, runnerId: string): Promise<HeldLease | undefined> {
    const { shard, epoch } = seen;
    const lease: HeldLease = { shard, state: 'HELD', owner: runnerId, epoch: epoch + 1 };
    const ops: WriteOp[] = [
      { kind: 'put', item: { ...keys.lease(shard), ...lease }, condition: isAs(seen) },
      { kind: 'check', key: keys.runner(runnerId), condition: TAKES_SHARDS },
    ];
    if (seen.state === 'HELD') {
      ops.push({ kind: 'check', key: keys.runner(seen.owner), condition: IS_DEAD_OR_GONE });
    }
    return (await writeUnlessRefused(this.#table, ...ops)) ? lease : undefined;
  }

  /** Gives a lease back. `false` when it is another's by now. */
  async release(lease: HeldLease): Promise<boolean> {
    const { shard, epoch } = lease;
    const item = { ...keys.lease(shard), shard, state: 'FREE', epoch };
    return await writeUnlessRefused(this.#table, {
      kind: 'put',
      item,
      condition: isAs(lease),
    });
  }
}

function unclaimed(shard: number): Lease {
  return { shard, state: 'FREE', epoch: 0 };
}

function isAs(lease: Lease): Condition {
  if (lease.epoch === 0) return { kind: 'absent', field: 'pk' };
  const { state, epoch } = lease;
  const all: Condition[] = [
    { kind: 'equals', field: 'state', value: state },
    { kind: 'equals', field: 'epoch', value: epoch },
  ];
  if (lease.state === 'HELD') all.push({ kind: 'equals', field: 'owner', value: lease.owner });
  return { kind: 'and', all };
}
