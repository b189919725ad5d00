import { expect, it } from 'vitest';
import type { Query, SortRange } from '#shared/storage/table.ts';
import { aPartition, type GetTable, put, readAll, sortKeys } from './aids.ts';

/** In the order of their UTF-8 bytes; UTF-16 would swap the last two. */
const SPECIAL_KEYS = [
  ' ',
  '#',
  '#1',
  '%',
  '%x',
  '*',
  'A',
  'Z_',
  '_',
  '_a',
  'a',
  'a#',
  'a%b',
  'a%c',
  'a_b',
  'ab',
  'b\\',
  'z',
  'é',
  'éa',
  '漢字',
  '\u{ff5e}',
  '\u{1f600}',
];

export function queryCases(table: GetTable): void {
  it('orders the items of a partition by the bytes of their sort keys', async () => {
    const pk = aPartition();
    await table().write(...SPECIAL_KEYS.toReversed().map((sk) => put({ pk, sk })));
    const query: Query = { index: 'primary', partition: pk };
    expect(await sortKeys(table(), query)).toEqual(SPECIAL_KEYS);
    expect(await sortKeys(table(), { ...query, newestFirst: true })).toEqual(
      SPECIAL_KEYS.toReversed(),
    );
  });

  it.each(['#', '%', '_', 'a', 'a%', 'a_', 'b\\', 'é', '漢', '\u{1f600}', 'nothing'])(
    'takes the prefix %s literally',
    async (prefix) => {
      const pk = aPartition();
      await table().write(...SPECIAL_KEYS.map((sk) => put({ pk, sk })));
      const query: Query = { index: 'primary', partition: pk, sort: { kind: 'prefix', prefix } };
      const expected = SPECIAL_KEYS.filter((sk) => sk.startsWith(prefix));
      expect(await sortKeys(table(), query)).toEqual(expected);
      expect(await sortKeys(table(), { ...query, newestFirst: true })).toEqual(
        expected.toReversed(),
      );
    },
  );

  it('includes both ends of a range', async () => {
    const pk = aPartition();
    await table().write(...['1', '2', '2#', '3', '30', '4'].map((sk) => put({ pk, sk })));
    const between = (from: string, to: string): Query => ({
      index: 'primary',
      partition: pk,
      sort: { kind: 'between', from, to },
    });
    expect(await sortKeys(table(), between('2', '3'))).toEqual(['2', '2#', '3']);
    expect(await sortKeys(table(), between('2!', '9'))).toEqual(['2#', '3', '30', '4']);
    expect(await sortKeys(table(), { ...between('2', '3'), newestFirst: true })).toEqual([
      '3',
      '2#',
      '2',
    ]);
  });

  it('takes an empty prefix for all keys, and a range the wrong way round for none', async () => {
    const pk = aPartition();
    await table().write(...['1', '2', '3'].map((sk) => put({ pk, sk })));
    const keysIn = (sort: SortRange) =>
      sortKeys(table(), { index: 'primary', partition: pk, sort });
    expect(await keysIn({ kind: 'prefix', prefix: '' })).toEqual(['1', '2', '3']);
    expect(await keysIn({ kind: 'between', from: '', to: '2' })).toEqual(['1', '2']);
    expect(await keysIn({ kind: 'between', from: '3', to: '1' })).toEqual([]);
    expect(await keysIn({ kind: 'between', from: '', to: '' })).toEqual([]);
  });

  it('answers nothing for a partition without items', async () => {
    const query: Query = { index: 'primary', partition: aPartition() };
    expect(await table().query(query)).toEqual({ items: [] });
  });

  it('finds items of several partitions in the index, with all their attributes', async () => {
    const pk = aPartition();
    const gsi1pk = `${pk}#group`;
    const items = [
      { pk: `${pk}#1`, sk: 'x', gsi1pk, gsi1sk: 'a#2', n: 1 },
      { pk: `${pk}#2`, sk: 'x', gsi1pk, gsi1sk: 'a#1', n: 2 },
      { pk: `${pk}#2`, sk: 'y', gsi1pk, gsi1sk: 'b#1', n: { deep: true } },
    ];
    const outside = { pk: `${pk}#3`, sk: 'x', gsi1pk };
    await table().write(...items.map(put), put(outside));
    const query: Query = { index: 'gsi1', partition: gsi1pk };
    const [second, first, third] = items;
    await expect.poll(() => readAll(table(), query)).toEqual([first, second, third]);
    expect(await readAll(table(), { ...query, newestFirst: true })).toEqual([third, second, first]);
    const sort = { kind: 'prefix', prefix: 'a#' } as const;
    expect(await readAll(table(), { ...query, sort })).toEqual([first, second]);
    const range = { kind: 'between', from: 'a#2', to: 'b#1' } as const;
    expect(await readAll(table(), { ...query, sort: range })).toEqual([second, third]);
  });

  it('leaves the index when the item is replaced or deleted', async () => {
    const pk = aPartition();
    const query: Query = { index: 'gsi1', partition: `${pk}#index` };
    const place = { gsi1pk: `${pk}#index`, gsi1sk: '1' };
    await table().write(put({ pk, sk: 'a', ...place }), put({ pk, sk: 'b', ...place }));
    await expect.poll(() => readAll(table(), query)).toHaveLength(2);
    await table().write(put({ pk, sk: 'a' }), { kind: 'delete', key: { pk, sk: 'b' } });
    await expect.poll(() => readAll(table(), query)).toEqual([]);
  });

  it('hides an expired item from the index', async () => {
    const pk = aPartition();
    const nowS = Math.floor(Date.now() / 1_000);
    const place = (gsi1sk: string) => ({ gsi1pk: `${pk}#index`, gsi1sk });
    await table().write(
      put({ pk, sk: 'expired', expiresAt: nowS - 60, ...place('1') }),
      put({ pk, sk: 'alive', expiresAt: nowS + 3_600, ...place('2') }),
    );
    await expect
      .poll(() => sortKeys(table(), { index: 'gsi1', partition: `${pk}#index` }))
      .toEqual(['alive']);
  });
}
