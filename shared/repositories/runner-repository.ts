import { z } from 'zod';
import type { Table } from '../storage/table.ts';
import { keys } from './keys.ts';
import { readAll } from './read-all.ts';

/** How often a runner says that it is alive. */
export const BEAT_EVERY_MS = 3_000;
/** A runner that was silent for so long is taken for dead. */
const DEAD_AFTER_MS = 13_000;
/** Records of runners that nobody took away. */
const KEPT_S = 24 * 3600;

const Heartbeat = z.object({ beatAt: z.iso.datetime() });

/** Which runners are alive, by their heartbeats. */
export class RunnerRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  async beat(runnerId: string, at: Date): Promise<void> {
    const expiresAt = Math.ceil(at.getTime() / 1000) + KEPT_S;
    const item = { ...keys.runner(runnerId), beatAt: at.toISOString(), expiresAt };
    await this.#table.write({ kind: 'put', item });
  }

  async isAlive(runnerId: string, now: Date): Promise<boolean> {
    const item = await this.#table.get(keys.runner(runnerId));
    if (item === undefined) return false;
    const silentMs = now.getTime() - new Date(Heartbeat.parse(item).beatAt).getTime();
    return silentMs < DEAD_AFTER_MS;
  }

  /** The runner has ended: nobody need wait for its silence. */
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
}
