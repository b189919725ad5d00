import { afterAll, beforeAll, expect, it } from 'vitest';
import { editInstance } from '#functions/edit-instance.ts';
import type { Settings } from '#shared/domain/settings.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { ConditionFailed, type Table, type UpdateOp } from '#shared/storage/table.ts';
import { anInstance } from '../shared/domain/an-instance.ts';
import { type OpenTable, openTable } from '../shared/repositories/open-table.ts';

const AT = new Date('2026-11-22T11:00:00.000Z');
const instance = anInstance();
const renamed = (settings: Settings): Settings => ({ ...settings, bot_name: 'Another' });
const rename = { part: 'settings', make: renamed } as const;

let open: OpenTable;
beforeAll(async () => {
  open = await openTable();
  await new InstanceRepository(open.table).create(instance);
});
afterAll(async () => {
  await open.close();
});

/** The table as it is for somebody whom others overtake, the first `times` times. */
function overtaking(times: number): { table: Table; updates: UpdateOp[] } {
  const { table } = open;
  const updates: UpdateOp[] = [];
  return {
    updates,
    table: {
      get: async (key) => await table.get(key),
      query: async (query) => await table.query(query),
      write: async (...ops) => await table.write(...ops),
      async update(op) {
        updates.push(op);
        if (updates.length <= times) throw new ConditionFailed(0);
        return await table.update(op);
      },
    },
  };
}

function needs(table: Table) {
  const pausesMs: number[] = [];
  return {
    pausesMs,
    instances: new InstanceRepository(table),
    now: () => AT,
    random: () => 0.5,
    sleep: async (delayMs: number) => void pausesMs.push(delayMs),
  };
}

it('tries again after ever longer pauses, until nobody comes first', async () => {
  const { table, updates } = overtaking(6);
  const deps = needs(table);

  expect(await editInstance(instance, rename, deps)).toBe('changed');
  expect(updates).toHaveLength(7);
  expect(deps.pausesMs).toEqual([20, 40, 80, 160, 200, 200]);
  expect((await deps.instances.get(instance))?.settings.bot_name).toBe('Another');
});

it('gives up some time, and says when to try again', async () => {
  const { table, updates } = overtaking(Number.POSITIVE_INFINITY);
  const deps = needs(table);

  await expect(
    editInstance(instance, { part: 'pace', make: () => ({ burst: 2 }) }, deps),
  ).rejects.toMatchObject({ code: 'unavailable', retryAfterS: 1 });
  expect(updates).toHaveLength(10);
});
