import * as z from 'zod';
import type { Condition, Table, WriteOp } from '../storage/table.ts';
import { keys } from './keys.ts';
import { TAKES_SHARDS } from './runner-repository.ts';
import { withoutTableKeys } from './stored.ts';
import { writeUnlessRefused } from './unless-refused.ts';

/** Who says which runner works on what. It decides about nobody's safety: two leaders at once do no harm. */
const Leader = z.object({
  /** A runner's id. */
  owner: z.string(),
  /** Grows by one with each change of the owner. */
  term: z.int().min(1),
  /** Grows by one with each round of the leader. */
  beat: z.int().min(0),
});
export type Leader = z.infer<typeof Leader>;

const StoredLeader = withoutTableKeys.pipe(Leader);

/** The lock of the leader, by compare-and-set. */
export class LeaderRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** `undefined` when nobody leads. */
  async get(): Promise<Leader | undefined> {
    const item = await this.#table.get(keys.leader());
    return item && StoredLeader.parse(item);
  }

  /** Takes the lock that is as `seen`, for a runner that is ALIVE. `undefined` when any of that is not so. */
  async acquire(seen: Leader | undefined, runnerId: string): Promise<Leader | undefined> {
    const leader: Leader = { owner: runnerId, term: (seen?.term ?? 0) + 1, beat: 0 };
    const isTaken = await writeUnlessRefused(
      this.#table,
      { kind: 'put', item: { ...keys.leader(), ...leader }, condition: isAs(seen) },
      { kind: 'check', key: keys.runner(runnerId), condition: TAKES_SHARDS },
    );
    return isTaken ? leader : undefined;
  }

  /** The leader's heartbeat. `undefined` when another leads. */
  async renew(leader: Leader): Promise<Leader | undefined> {
    const renewed: Leader = { ...leader, beat: leader.beat + 1 };
    const item = { ...keys.leader(), ...renewed };
    const condition = isLed(leader);
    return (await writeUnlessRefused(this.#table, { kind: 'put', item, condition }))
      ? renewed
      : undefined;
  }

  /** Gives the lock up, so that nobody need wait for its silence. */
  async resign(leader: Leader): Promise<void> {
    const condition = isLed(leader);
    await writeUnlessRefused(this.#table, { kind: 'delete', key: keys.leader(), condition });
  }

  /** For whoever knows that no runner is left. */
  async remove(): Promise<void> {
    await this.#table.write({ kind: 'delete', key: keys.leader() });
  }
}

/** Holds while that leader leads. */
export function whileLed(leader: Leader): Extract<WriteOp, { kind: 'check' }> {
  return { kind: 'check', key: keys.leader(), condition: isLed(leader) };
}

function isLed({ owner, term }: Leader): Condition {
  return {
    kind: 'and',
    all: [
      { kind: 'equals', field: 'owner', value: owner },
      { kind: 'equals', field: 'term', value: term },
    ],
  };
}

function isAs(seen: Leader | undefined): Condition {
  if (seen === undefined) return { kind: 'absent', field: 'pk' };
  return {
    kind: 'and',
    all: [isLed(seen), { kind: 'equals', field: 'beat', value: seen.beat }],
  };
}
