import { expect, it } from 'vitest';
import type { Query } from '#shared/storage/table.ts';
import { InvalidCursor } from '#shared/storage/table.ts';
import { aPartition, type GetTable, put, readAll } from './aids.ts';

const ITEMS = 9;

async function fill(table: GetTable): Promise<string> {
  const pk = aPartition();
  const items = Array.from({ length: ITEMS }, (_, index) => ({
    pk,
    sk: `k${index}`,
    gsi1pk: `${pk}#index`,
    gsi1sk: `s${Math.floor(index / 3)}`,
  }));
  await table().write(...items.map(put));
  return pk;
}

export function pageCases(table: GetTable): void {
  it.each(['primary', 'gsi1'] as const)(
    'gives the same in pages of any size as in one, both ways, in %s',
    async (index) => {
      const pk = await fill(table);
      const partition = index === 'primary' ? pk : `${pk}#index`;
      await expect.poll(() => readAll(table(), { index, partition })).toHaveLength(ITEMS);
      for (const newestFirst of [false, true]) {
        const whole = await readAll(table(), { index, partition, newestFirst });
        for (let limit = 1; limit <= ITEMS + 1; limit += 1) {
          const paged = await readAll(table(), { index, partition, newestFirst, limit });
          expect(paged).toEqual(whole);
        }
      }
    },
  );

  it('has no more items in a page than the limit, and a cursor when more follow', async () => {
    const pk = await fill(table);
    const page = await table().query({ index: 'primary', partition: pk, limit: 4 });
    expect(page.items.map((item) => item.sk)).toEqual(['k0', 'k1', 'k2', 'k3']);
    expect(page.cursor).toBeTypeOf('string');
  });

  it('goes on behind the cursor when items are written and deleted meanwhile', async () => {
    const pk = await fill(table);
    const query: Query = { index: 'primary', partition: pk, limit: 3 };
    const { cursor } = await table().query(query);
    await table().write(
      { kind: 'delete', key: { pk, sk: 'k2' } },
      put({ pk, sk: 'k1#' }),
      put({ pk, sk: 'k3#' }),
    );
    const next = await table().query({ ...query, ...(cursor === undefined ? {} : { cursor }) });
    expect(next.items.map((item) => item.sk)).toEqual(['k3', 'k3#', 'k4']);
  });

  it('goes on behind items that have expired', async () => {
    const pk = aPartition();
    const place = (sk: string) => ({ gsi1pk: `${pk}#index`, gsi1sk: sk });
    const items = ['a', 'b', 'c', 'd', 'e'].map((sk) => ({ pk, sk, ...place(sk) }));
    const [a, ...others] = items;
    const expired = others.slice(0, 3).map((item) => ({ ...item, expiresAt: 1 }));
    const last = { pk, sk: 'e', ...place('e') };
    await table().write(...expired.map(put), put({ pk, sk: 'a', ...place('a') }), put(last));
    for (const [index, partition] of [
      ['primary', pk],
      ['gsi1', `${pk}#index`],
    ] as const) {
      for (const limit of [1, 2, 3]) {
        const found = () => readAll(table(), { index, partition, limit });
        await expect.poll(found).toEqual([a, last]);
      }
    }
  });

  it('ends a page of big items early', async () => {
    const pk = aPartition();
    const text = 'x'.repeat(300_000);
    for (let index = 0; index < 6; index += 1) {
      await table().write(put({ pk, sk: `k${index}`, text }));
    }
    const query: Query = { index: 'primary', partition: pk };
    expect((await table().query(query)).cursor).toBeTypeOf('string');
    expect(await readAll(table(), query)).toHaveLength(6);
  });

  it('refuses a cursor that is not one of the query', async () => {
    const pk = await fill(table);
    const other = await fill(table);
    const query: Query = { index: 'primary', partition: pk, limit: 2 };
    const { cursor = '' } = await table().query(query);
    const changed = `${cursor.slice(0, 8)}${cursor[8] === 'A' ? 'B' : 'A'}${cursor.slice(9)}`;
    const wrong: readonly Query[] = [
      { ...query, cursor: 'nonsense' },
      { ...query, cursor: '' },
      { ...query, cursor: changed },
      { ...query, cursor: cursor.slice(0, -4) },
      { ...query, partition: other, cursor },
      { ...query, newestFirst: true, cursor },
      { ...query, sort: { kind: 'prefix', prefix: 'k' }, cursor },
      { ...query, index: 'gsi1', partition: `${pk}#index`, cursor },
    ];
    for (const asked of wrong) {
      await expect(table().query(asked)).rejects.toBeInstanceOf(InvalidCursor);
    }
  });

  it.each([0, 1_001, 1.5])('refuses a limit of %d', async (limit) => {
    const query: Query = { index: 'primary', partition: aPartition(), limit };
    await expect(table().query(query)).rejects.toThrow();
  });
}
