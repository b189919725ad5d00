import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbeddedStorage } from '#shared/storage/embedded/open-embedded-storage.ts';
import type { Item, Table } from '#shared/storage/table.ts';
import { openForTest } from './open-for-test.ts';

const HOUR_MS = 3_600_000;

describe('SqliteTable', () => {
  it('hides an item from the very second of its expiry', async () => {
    const { clock, storage } = await openForTest();
    const item = { pk: 'p', sk: 's', expiresAt: clock.seconds + 10 };
    await put(storage.table, item);
    clock.move(9_999);
    expect(await storage.table.get(item)).toEqual(item);
    clock.move(1);
    expect(await storage.table.get(item)).toBeUndefined();
    expect(await storage.table.query({ index: 'primary', partition: 'p' })).toEqual({ items: [] });
  });

  it('shows an expired item to conditions for an hour, and then sweeps it away', async () => {
    const { clock, storage } = await openForTest();
    const key = { pk: 'p', sk: 's' };
    const isThere = () =>
      storage.table.write({ kind: 'check', key, condition: { kind: 'present', field: 'pk' } });
    await put(storage.table, { ...key, expiresAt: clock.seconds });
    clock.move(HOUR_MS - 1);
    await put(storage.table, { pk: 'other', sk: 'a' });
    await isThere();
    clock.move(10_000);
    await put(storage.table, { pk: 'other', sk: 'b' });
    await expect(isThere()).rejects.toMatchObject({ name: 'ConditionFailed' });
  });

  it('sweeps more than one round can take with the next writes', async () => {
    const { clock, storage } = await openForTest();
    const ids = Array.from({ length: 1_200 }, (_, n) => String(n));
    await Promise.all(
      ids.map((sk) => put(storage.table, { pk: 'p', sk, expiresAt: clock.seconds })),
    );
    clock.move(2 * HOUR_MS);
    for (let write = 0; write < 3; write += 1) await put(storage.table, { pk: 'q', sk: 'q' });
    for (const sk of ids) {
      const condition = { kind: 'absent', field: 'pk' } as const;
      await storage.table.write({ kind: 'check', key: { pk: 'p', sk }, condition });
    }
  });

  it('takes no item that DynamoDB would not take', async () => {
    const { storage } = await openForTest();
    const bad: readonly Item[] = [
      { pk: '', sk: 's' },
      { pk: 'p', sk: '' },
      { pk: 'é'.repeat(1_025), sk: 's' },
      { pk: 'p', sk: 'x'.repeat(1_025) },
      { pk: 'p', sk: 'lone \udc00' },
      { pk: 'p', sk: 's', gsi1pk: '', gsi1sk: 'x' },
      { pk: 'p', sk: 's', gsi1pk: 'x', gsi1sk: 'x'.repeat(1_025) },
      { pk: 'p', sk: 's', n: Number.NaN },
      { pk: 'p', sk: 's', list: [{ n: Number.POSITIVE_INFINITY }] },
      { pk: 'p', sk: 's', text: 'x'.repeat(410_000) },
    ];
    for (const item of bad) await expect(put(storage.table, item)).rejects.toThrow();
    const wrongTypes = [{ gsi1pk: 5 }, { gsi1sk: null }, { expiresAt: 'soon' }];
    for (const set of wrongTypes) {
      const update = { kind: 'update', key: { pk: 'p', sk: 's' }, set } as const;
      await expect(storage.table.update(update)).rejects.toThrow(TypeError);
    }
    expect(await storage.table.query({ index: 'primary', partition: 'p' })).toEqual({ items: [] });
  });

  it('takes no transaction of more than 4 MB', async () => {
    const { storage } = await openForTest();
    const text = 'x'.repeat(390_000);
    const ops = Array.from({ length: 11 }, (_, n) => ({
      kind: 'put' as const,
      item: { pk: 'p', sk: String(n), text },
    }));
    await expect(storage.table.write(...ops)).rejects.toThrow(RangeError);
    expect(await storage.table.get({ pk: 'p', sk: '0' })).toBeUndefined();
    await storage.table.write(...ops.slice(1));
  });

  it('is not taken in by attributes with the names of JavaScript', async () => {
    const { storage } = await openForTest();
    const key = { pk: 'p', sk: 's' };
    await put(storage.table, key);
    for (const field of ['constructor', 'toString', '__proto__']) {
      const condition = { kind: 'absent', field } as const;
      await storage.table.write({ kind: 'check', key, condition });
    }
    const added = await storage.table.update({ kind: 'update', key, add: { valueOf: 2 } });
    expect(added['valueOf']).toBe(2);
  });

  it('reads at once what another connection wrote', async () => {
    const { dataDir, storage } = await openForTest();
    const other = await openEmbeddedStorage({ dataDir });
    onTestFinished(async () => await other.close());
    for (let n = 0; n < 20; n += 1) {
      await put(n % 2 === 0 ? storage.table : other.table, { pk: 'p', sk: 's', n });
      const reader = n % 2 === 0 ? other.table : storage.table;
      expect(await reader.get({ pk: 'p', sk: 's' })).toMatchObject({ n });
    }
  });
});

async function put(table: Table, item: Item): Promise<void> {
  await table.write({ kind: 'put', item });
}
