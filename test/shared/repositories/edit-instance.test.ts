import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { toGroupedHex } from '#shared/domain/identifier.ts';
import type { Instance } from '#shared/domain/instance.ts';
import type { Settings } from '#shared/domain/settings.ts';
import { InstanceRepository } from '#shared/repositories/instance-repository.ts';
import { keys } from '#shared/repositories/keys.ts';
import { anInstance } from '../domain/an-instance.ts';
import { anId, type OpenTable, openTable } from './open-table.ts';

const AT = new Date('2026-11-22T11:00:00.000Z');
const renamed = (settings: Settings): Settings => ({ ...settings, bot_name: 'Another' });
const rename = { part: 'settings', make: renamed } as const;

let open: OpenTable;
let instances: InstanceRepository;
let instance: Instance;
let ids = 0;
beforeAll(async () => {
  open = await openTable();
  instances = new InstanceRepository(open.table);
});
afterAll(async () => {
  await open.close();
});
beforeEach(async () => {
  ids += 1;
  instance = anInstance({
    instanceId: anId(ids),
    sessionId: toGroupedHex(new Uint8Array(16).fill(ids)),
  });
  await instances.create(instance);
});

it('writes what the edit makes, and nothing else', async () => {
  expect(await instances.edit(instance, rename, AT)).toBe('changed');

  expect(await instances.get(instance)).toEqual({
    ...instance,
    settings: renamed(instance.settings),
    updatedAt: AT.toISOString(),
  });
});

it('writes nothing when they are to stay', async () => {
  expect(await instances.edit(instance, { part: 'settings', make: () => undefined }, AT)).toBe(
    'same',
  );
  expect(await instances.get(instance)).toEqual(instance);
});

it('writes nothing when somebody else wrote in between', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, (_, index) => {
      const make = (settings: Settings) => ({ ...settings, bot_name: `Number ${index}` });
      return instances.edit(instance, { part: 'settings', make }, AT);
    }),
  );

  expect(outcomes.filter((outcome) => outcome === 'overtaken').length).toBeGreaterThan(0);
  const written = outcomes.indexOf('changed');
  expect(outcomes.filter((outcome) => outcome === 'changed')).toHaveLength(1);
  expect((await instances.get(instance))?.settings.bot_name).toBe(`Number ${written}`);
});

it('writes a part that was not there, once', async () => {
  const edits = [{ burst: 2 }, { burst: 3 }].map((pace) =>
    instances.edit(instance, { part: 'pace', make: () => pace }, AT),
  );
  const both = await Promise.all([...edits, instances.edit(instance, rename, AT)]);

  expect(both.slice(0, 2).sort()).toEqual(['changed', 'overtaken']);
  expect(both[2]).toBe('changed');
  const burst = 2 + both.indexOf('changed');
  expect(await instances.get(instance)).toMatchObject({
    pace: { burst },
    settings: { bot_name: 'Another' },
  });
});

it('is not hindered by what is written beside the settings', async () => {
  const edits = [
    instances.edit(instance, rename, AT),
    instances.report(instance, { status: 'CONNECTED' }, { runnerId: 'runner-1', at: AT }),
    instances.wish(instance, { desired: 'ON', at: AT }),
  ] as const;

  expect((await Promise.all(edits))[0]).toBe('changed');
  expect(await instances.get(instance)).toMatchObject({
    settings: { bot_name: 'Another' },
    status: 'CONNECTED',
    generation: 1,
  });
});

it('brings nothing back that is being deleted, or gone', async () => {
  await instances.wish(instance, { desired: 'DELETED', at: AT });
  expect(await instances.edit(instance, rename, AT)).toBe('gone');
  expect((await instances.get(instance))?.settings).toEqual(instance.settings);

  await instances.remove(instance);
  expect(await instances.edit(instance, rename, AT)).toBe('gone');
  const key = keys.instance(instance.accountId, instance.instanceId);
  expect(await open.table.get(key)).toBeUndefined();
});
