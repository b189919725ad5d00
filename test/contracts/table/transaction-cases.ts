import { expect, it } from 'vitest';
import { ConditionFailed, TRANSACTION_OPS_MAX } from '#shared/storage/table.ts';
import { aPartition, type GetTable, put, sortKeys } from './aids.ts';

/** Well under DynamoDB's 400 KB with its names and numbers. */
const BIG_TEXT = 'é'.repeat(150_000);

export function transactionCases(table: GetTable): void {
  it('gives back what was put, nested and in every type', async () => {
    const item = {
      pk: aPartition(),
      sk: 'all types',
      text: 'naïve 漢字 😀 "quoted" \\ line\nend',
      empty: '',
      number: -12.5,
      yes: true,
      nothing: null,
      list: [1, 'two', [false, null], { three: 3 }],
      map: { inner: { deep: ['x'] }, 'a.b#c': 0, empty: {} },
    };
    await table().write(put(item));
    expect(await table().get(item)).toEqual(item);
  });

  it('keeps items apart by both parts of their key', async () => {
    const [one, two] = [aPartition(), aPartition()];
    await table().write(
      put({ pk: one, sk: 'a', n: 1 }),
      put({ pk: one, sk: 'b', n: 2 }),
      put({ pk: two, sk: 'a', n: 3 }),
    );
    expect(await table().get({ pk: two, sk: 'a' })).toEqual({ pk: two, sk: 'a', n: 3 });
    expect(await table().get({ pk: two, sk: 'b' })).toBeUndefined();
  });

  it('replaces the whole item with a put', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    await table().write(put({ ...key, old: 1, both: 1 }));
    await table().write(put({ ...key, both: 2 }));
    expect(await table().get(key)).toEqual({ ...key, both: 2 });
  });

  it('deletes an item, and does not mind when there is none', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    await table().write(put(key));
    await table().write({ kind: 'delete', key });
    await table().write({ kind: 'delete', key });
    expect(await table().get(key)).toBeUndefined();
  });

  it('holds an item of 300 KB', async () => {
    const item = { pk: aPartition(), sk: 'big', text: BIG_TEXT };
    await table().write(put(item));
    expect(await table().get(item)).toEqual(item);
  });

  it('writes as many ops as a transaction may have, and refuses one more', async () => {
    const pk = aPartition();
    const text = 'x'.repeat(20_000);
    const ops = Array.from({ length: TRANSACTION_OPS_MAX }, (_, index) =>
      put({ pk, sk: String(index).padStart(3, '0'), text }),
    );
    await table().write(...ops);
    expect(await sortKeys(table(), { index: 'primary', partition: pk })).toHaveLength(100);

    const other = ops.map(({ item }) => put({ ...item, pk: `${pk}#other` }));
    const oneMore = put({ pk: `${pk}#other`, sk: 'more' });
    await expect(table().write(...other, oneMore)).rejects.toThrow();
    expect(await table().get(oneMore.item)).toBeUndefined();
  });

  it('refuses a transaction without ops', async () => {
    await expect(table().write()).rejects.toThrow();
  });

  it('refuses two ops on one item, and writes neither', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    const twice = table().write(put(key), { kind: 'update', key, set: { n: 1 } });
    await expect(twice).rejects.toThrow();
    await expect(twice).rejects.not.toBeInstanceOf(ConditionFailed);
    expect(await table().get(key)).toBeUndefined();
  });

  it('names the first op that was refused, and writes nothing', async () => {
    const pk = aPartition();
    await table().write(put({ pk, sk: 'there', n: 1 }));
    const refused = table().write(
      put({ pk, sk: 'new' }),
      { kind: 'update', key: { pk, sk: 'there' }, add: { n: 1 } },
      { kind: 'check', key: { pk, sk: 'gone' }, condition: { kind: 'present', field: 'pk' } },
      {
        kind: 'delete',
        key: { pk, sk: 'gone too' },
        condition: { kind: 'present', field: 'pk' },
      },
    );
    await expect(refused).rejects.toBeInstanceOf(ConditionFailed);
    await expect(refused).rejects.toMatchObject({ opIndex: 2 });
    expect(await table().get({ pk, sk: 'new' })).toBeUndefined();
    expect(await table().get({ pk, sk: 'there' })).toMatchObject({ n: 1 });
  });

  it('lets one of twenty racing conditional puts win', async () => {
    const key = { pk: aPartition(), sk: 'prize' };
    const racers = Array.from({ length: 20 }, async (_, racer) => {
      const condition = { kind: 'absent', field: 'pk' } as const;
      await table().write({ kind: 'put', item: { ...key, racer }, condition });
      return racer;
    });
    const results = await Promise.allSettled(racers);
    const winners = results.filter((result) => result.status === 'fulfilled');
    const losers = results.filter((result) => result.status === 'rejected');
    expect(winners).toHaveLength(1);
    expect(losers.every(({ reason }) => reason instanceof ConditionFailed)).toBe(true);
    expect(await table().get(key)).toEqual({ ...key, racer: winners[0]?.value });
  });

  it('hides an expired item from get and query, while a condition sees it', async () => {
    const pk = aPartition();
    const nowS = Math.floor(Date.now() / 1_000);
    const expired = { pk, sk: 'expired', expiresAt: nowS - 60, n: 1 };
    const alive = { pk, sk: 'alive', expiresAt: nowS + 3_600 };
    await table().write(put(expired), put(alive));

    expect(await table().get(expired)).toBeUndefined();
    expect(await table().get(alive)).toEqual(alive);
    expect(await sortKeys(table(), { index: 'primary', partition: pk })).toEqual(['alive']);
    const condition = { kind: 'absent', field: 'pk' } as const;
    await expect(table().write({ ...put(expired), condition })).rejects.toMatchObject({
      opIndex: 0,
    });
    await table().write(put({ pk, sk: 'expired', expiresAt: nowS + 3_600 }));
    expect(await table().get(expired)).toBeDefined();
  });
}
