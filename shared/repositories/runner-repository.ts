import * as z from 'zod';
import { PLACEMENT_TIMINGS, type PlacementTimings } from '../contracts/placement-timings.ts';
import type { Condition, Table, UpdateOp, WriteOp } from '../storage/table.ts';
import { toAttributes } from './attributes.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';
import { withoutTableKeys } from './stored.ts';
import { unlessRefused, writeUnlessRefused } from './unless-refused.ts';

/** How long the record of a dead runner is kept, for people who look into why. */
const DEAD_KEPT_S = 24 * 3600;

/** `DRAINING`: it hands its shards over and takes no more. `DEAD` is for good: it must find that out and end. */
const RunnerState = z.enum(['ALIVE', 'DRAINING', 'DEAD']);

const ShardLoad = z.object({
  shard: z.int().min(0),
  sessions: z.int().min(0),
  /** Of them, those that have not begun to log in. Not there for none, so that the record stays short. */
  waiting: z.int().min(1).optional(),
});
/** A shard that a runner holds, and how many sessions that is. */
export type ShardLoad = z.infer<typeof ShardLoad>;

/** Not strict: the record of a runner of a later version may say more. */
const Runner = z.object({
  runnerId: z.string(),
  state: RunnerState,
  startedAt: z.iso.datetime(),
  /** By the runner's own clock: for people and for the API. Whether it is dead is decided by `beat`. */
  beatAt: z.iso.datetime(),
  /** Grows by one with each heartbeat. */
  beat: z.int().min(0),
  /** What it runs, `family:revision` of its task definition; not there outside ECS. */
  version: z.string().optional(),
  /** Somebody asks it to drain. */
  drainRequested: z.boolean(),
  /** The shards that it is to work on, as the leader says; what it may work on, the leases say. */
  assigned: z.array(z.int().min(0)).default([]),
  /** What it holds, in its own words. */
  load: z.array(ShardLoad).default([]),
});
/** The heartbeat record of one run of a runner. */
export type Runner = z.infer<typeof Runner>;

const StoredRunner = withoutTableKeys.pipe(Runner);

export type BeatOutcome =
  | {
      readonly kind: 'beaten';
      readonly drainRequested: boolean;
      readonly assigned: readonly number[];
    }
  /** The record is DEAD or gone: others may hold the runner's shards already. */
  | { readonly kind: 'declared_dead' };

const isState = (value: z.infer<typeof RunnerState>): Condition => ({
  kind: 'equals',
  field: 'state',
  value,
});

/** Holds for the record of a runner that nobody has declared dead. */
const LIVING: Condition = { kind: 'or', any: [isState('ALIVE'), isState('DRAINING')] };

/** Holds for the record of a runner that may take shards. */
export const TAKES_SHARDS: Condition = isState('ALIVE');

/** Holds for the record of a runner that cannot act any more, and where there is no record. */
export const IS_DEAD_OR_GONE: Condition = {
  kind: 'or',
  any: [isState('DEAD'), { kind: 'absent', field: 'pk' }],
};

/** Which runners there are, and which of them live. */
export class RunnerRepository {
  readonly #table: Table;
  readonly #deadAfterMs: number;

  constructor(
    table: Table,
    { deadAfterMs }: Pick<PlacementTimings, 'deadAfterMs'> = PLACEMENT_TIMINGS,
  ) {
    this.#table = table;
    this.#deadAfterMs = deadAfterMs;
  }

  /** Throws `ConditionFailed` when there is, or was, a runner of that id. */
  async register(runnerId: string, { at, version }: { at: Date; version?: string }): Promise<void> {
    const runner: Runner = {
      runnerId,
      state: 'ALIVE',
      startedAt: at.toISOString(),
      beatAt: at.toISOString(),
      beat: 0,
      drainRequested: false,
      assigned: [],
      load: [],
      ...(version !== undefined && { version }),
    };
    const item = { ...toAttributes(runner), ...keys.runner(runnerId) };
    await this.#table.write({ kind: 'put', item, condition: { kind: 'absent', field: 'pk' } });
  }

  /** The heartbeat. An error leaves open whether it was written. */
  async beat(runnerId: string, at: Date, load: readonly ShardLoad[] = []): Promise<BeatOutcome> {
    const runner = await this.#update(runnerId, {
      set: toAttributes({ beatAt: at.toISOString(), load }),
      add: { beat: 1 },
      condition: LIVING,
    });
    if (runner === undefined) return { kind: 'declared_dead' };
    const { drainRequested, assigned } = runner;
    return { kind: 'beaten', drainRequested, assigned };
  }

  /**
   * Says what a runner is to work on; its next heartbeat tells it. `false` when it does not live, or when `condition`
   * does not hold: the leader's, that it still leads.
   */
  async assign(
    runnerId: string,
    assigned: readonly number[],
    condition?: Extract<WriteOp, { kind: 'check' }>,
  ): Promise<boolean> {
    const update: WriteOp = {
      kind: 'update',
      key: keys.runner(runnerId),
      set: { assigned },
      condition: LIVING,
    };
    return await writeUnlessRefused(this.#table, update, ...(condition ? [condition] : []));
  }

  /** From now on the runner can claim nothing. `false` when it was declared dead. */
  async startDraining(runnerId: string): Promise<boolean> {
    const change = { set: { state: 'DRAINING' }, condition: LIVING } as const;
    return (await this.#update(runnerId, change)) !== undefined;
  }

  /** Asks a runner to hand over what it holds and end; its next heartbeat tells it. `false` when it does not live. */
  async requestDrain(runnerId: string): Promise<boolean> {
    const change = { set: { drainRequested: true }, condition: LIVING } as const;
    return (await this.#update(runnerId, change)) !== undefined;
  }

  /**
   * Declares a runner dead: at once when its process is known to have ended, or, with the last `beat` that was seen,
   * only if it was silent since. `false` when it is dead or gone already, or has spoken.
   */
  async markDead(runnerId: string, { at, beat }: { at: Date; beat?: number }): Promise<boolean> {
    const silentSince: Condition[] =
      beat === undefined ? [] : [{ kind: 'equals', field: 'beat', value: beat }];
    const runner = await this.#update(runnerId, {
      set: { state: 'DEAD', expiresAt: Math.ceil(at.getTime() / 1000) + DEAD_KEPT_S },
      condition: { kind: 'and', all: [LIVING, ...silentSince] },
    });
    return runner !== undefined;
  }

  /** All of them, the dead too. */
  async list(): Promise<Runner[]> {
    const partition = keys.runner('').pk;
    const items = await Array.fromAsync(readAll(this.#table, { index: 'primary', partition }));
    return items.map((item) => StoredRunner.parse(item));
  }

  /** `undefined` when there is none of that id. */
  async get(runnerId: string): Promise<Runner | undefined> {
    const item = await this.#table.get(keys.runner(runnerId));
    return item && StoredRunner.parse(item);
  }

  /** Whether what the runner told of its sessions is to be believed. */
  async isAlive(runnerId: string, now: Date): Promise<boolean> {
    const runner = await this.get(runnerId);
    if (runner === undefined) return false;
    const { state, beatAt } = runner;
    const silentMs = now.getTime() - new Date(beatAt).getTime();
    return state !== 'DEAD' && silentMs < this.#deadAfterMs;
  }

  /** The runner has ended and holds nothing: nobody need wait for its silence. */
  async remove(runnerId: string): Promise<void> {
    await this.#table.write({ kind: 'delete', key: keys.runner(runnerId) });
  }

  /** For whoever knows that none is left. */
  async removeAll(): Promise<void> {
    const partition = keys.runner('').pk;
    for await (const { sk } of readAll(this.#table, { index: 'primary', partition })) {
      await this.remove(sk);
    }
  }

  /** `undefined` when the condition did not hold. */
  async #update(
    runnerId: string,
    change: Omit<UpdateOp, 'kind' | 'key'>,
  ): Promise<Runner | undefined> {
    const key = keys.runner(runnerId);
    return await unlessRefused(async () =>
      StoredRunner.parse(await this.#table.update({ kind: 'update', key, ...change })),
    );
  }
}
