import * as z from 'zod';
import { type ThrottleLimit, throttleWindow } from '../domain/throttle.ts';
import type { Condition, Key, Table } from '../storage/table.ts';
import { keys } from './keys.ts';
import { unlessRefused } from './unless-refused.ts';

const Counter = z.object({ attempts: z.int() });

/** Counts attempts in windows of time. The counters vanish by themselves after their window. */
export class ThrottleRepository {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** Counts one attempt, and answers how many there are in this window with it. */
  async count(subject: string, limit: ThrottleLimit, now: Date): Promise<number> {
    const item = await this.#table.update({
      kind: 'update',
      key: keyOf(subject, limit, now),
      set: { expiresAt: throttleWindow(now, limit).endsAtS },
      add: { attempts: 1 },
    });
    return Counter.parse(item).attempts;
  }

  /** Counts so many at once where the limit leaves room for them all; else none of them, and `false`. */
  async take(
    attempts: number,
    { subject, limit, now }: { subject: string; limit: ThrottleLimit; now: Date },
  ): Promise<boolean> {
    const mostBefore = limit.attemptsMax - attempts;
    const isFirst: Condition = { kind: 'absent', field: 'attempts' };
    const hasRoom: Condition = { kind: 'lessThan', field: 'attempts', value: mostBefore + 1 };
    const taken = await unlessRefused(
      async () =>
        await this.#table.update({
          kind: 'update',
          key: keyOf(subject, limit, now),
          set: { expiresAt: throttleWindow(now, limit).endsAtS },
          add: { attempts },
          condition: mostBefore < 0 ? hasRoom : { kind: 'or', any: [isFirst, hasRoom] },
        }),
    );
    return taken !== undefined;
  }

  /** Takes one counted attempt back. */
  async uncount(subject: string, limit: ThrottleLimit, now: Date): Promise<void> {
    await this.#table.update({
      kind: 'update',
      key: keyOf(subject, limit, now),
      set: { expiresAt: throttleWindow(now, limit).endsAtS },
      add: { attempts: -1 },
    });
  }

  /** Forgets the attempts of this window. */
  async clear(subject: string, limit: ThrottleLimit, now: Date): Promise<void> {
    await this.#table.write({ kind: 'delete', key: keyOf(subject, limit, now) });
  }
}

function keyOf(subject: string, limit: ThrottleLimit, now: Date): Key {
  return keys.throttle(subject, throttleWindow(now, limit).name);
}
