import { expect, it } from 'vitest';
import { ConditionFailed, type Key, TRANSACTION_OPS_MAX } from '#shared/storage/table.ts';
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

  it('keeps numbers as they are, and names that mean something to JavaScript', async () => {
    const odd = JSON.parse('{"__proto__":{"a":1},"constructor":"c","toString":[{"__proto__":0}]}');
    const numbers = [0, 0.1 + 0.2, 1e20, -1e20, 2 ** 53 + 2, 1.5e-100];
    const item = { pk: aPartition(), sk: 'odd', odd, numbers };
    await table().write(put(item));
    const found = await table().get(item);
    expect(JSON.stringify(found?.['odd'])).toBe(JSON.stringify(odd));
    expect(found?.['numbers']).toEqual(numbers);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses the number %d', async (number) => {
    const item = { pk: aPartition(), sk: 'a', deep: [{ number }] };
    await expect(table().write(put(item))).rejects.toThrow(TypeError);
    expect(await table().get(item)).toBeUndefined();
  });

  it.each([
    ['an empty partition key', { pk: '', sk: 'a' }],
    ['an empty sort key', { pk: 'a', sk: '' }],
    ['a partition key of 2,049 bytes', { pk: `${'é'.repeat(1_024)}x`, sk: 'a' }],
    ['a sort key of 1,025 bytes', { pk: 'a', sk: `${'é'.repeat(512)}x` }],
    ['half a character', { pk: 'a', sk: '\ud800' }],
    ['an empty place in the index', { pk: 'a', sk: 'a', gsi1pk: 'a', gsi1sk: '' }],
    ['an item of more than 400 KB', { pk: 'a', sk: 'a', text: BIG_TEXT, more: BIG_TEXT }],
  ])('refuses %s', async (_name, item) => {
    const other = { pk: aPartition(), sk: 'a' };
    await expect(table().write(put(item))).rejects.toThrow();
    await expect(table().write(put(other), put(item))).rejects.toThrow();
    expect(await table().get(other)).toBeUndefined();
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

  it('lets one of twenty racing conditional updates win, and one of twenty transactions', async () => {
    const [one, two] = [
      { pk: aPartition(), sk: 'one' },
      { pk: aPartition(), sk: 'two' },
    ];
    await table().write(put({ ...one, version: 1 }), put(two));
    const condition = { kind: 'equals', field: 'version', value: 1 } as const;
    const races = [
      (racer: number) =>
        table().update({ kind: 'update', key: one, set: { version: 2, racer }, condition }),
      (racer: number) =>
        table().write(
          { kind: 'check', key: one, condition: { ...condition, value: 2 } },
          { ...put({ ...two, racer }), condition: { kind: 'absent', field: 'racer' } },
        ),
    ];
    for (const [opIndex, race] of races.entries()) {
      const results = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => race(n)));
      const losers = results.filter((result) => result.status === 'rejected');
      expect(losers).toHaveLength(19);
      for (const { reason } of losers) expect(reason).toMatchObject({ opIndex });
    }
  });

  it('does every one of many transactions that meet at an item', async () => {
    const [one, two] = [
      { pk: aPartition(), sk: 'one' },
      { pk: aPartition(), sk: 'two' },
    ];
    const add = (key: Key) => ({ kind: 'update', key, add: { n: 1 } }) as const;
    await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        await (index % 2 === 0
          ? table().write(add(one), add(two))
          : table().write(add(two), add(one)));
      }),
    );
    expect(await table().get(one)).toEqual({ ...one, n: 10 });
    expect(await table().get(two)).toEqual({ ...two, n: 10 });
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
