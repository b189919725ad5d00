import { expect, it } from 'vitest';
import { ConditionFailed } from '#shared/storage/table.ts';
import { aPartition, type GetTable, put, sortKeys } from './aids.ts';

export function updateCases(table: GetTable): void {
  it('sets and removes attributes, keeps the others, and answers the item', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    await table().write(put({ ...key, kept: { x: 1 }, changed: 1, removed: 1 }));
    const after = await table().update({
      kind: 'update',
      key,
      set: { changed: ['new'], added: null },
      remove: ['removed', 'never there'],
    });
    expect(after).toEqual({ ...key, kept: { x: 1 }, changed: ['new'], added: null });
    expect(await table().get(key)).toEqual(after);
  });

  it('makes an item that is not there', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    expect(await table().update({ kind: 'update', key, set: { n: 1 } })).toEqual({ ...key, n: 1 });
    const other = { pk: key.pk, sk: 'b' };
    await table().write({ kind: 'update', key: other, remove: ['n'] });
    expect(await table().get(other)).toEqual(other);
  });

  it('adds to a number, from nothing and downwards too', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    const add = async (amount: number) =>
      await table().update({ kind: 'update', key, add: { n: amount } });
    expect(await add(5)).toEqual({ ...key, n: 5 });
    expect(await add(-7)).toEqual({ ...key, n: -2 });
    expect(await add(0.5)).toEqual({ ...key, n: -1.5 });
  });

  it('refuses to add to what is no number', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    await table().write(put({ ...key, n: 'text' }));
    const refused = table().update({ kind: 'update', key, add: { n: 1 } });
    await expect(refused).rejects.toThrow();
    await expect(refused).rejects.not.toBeInstanceOf(ConditionFailed);
    expect(await table().get(key)).toEqual({ ...key, n: 'text' });
  });

  it('refuses to change a key, and to name an attribute twice', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    await table().write(put(key));
    const updates = [
      { set: { pk: 'other' } },
      { remove: ['sk'] },
      { set: { n: 1 }, remove: ['n'] },
      { set: { n: 1 }, add: { n: 1 } },
    ];
    for (const update of updates) {
      await expect(table().update({ kind: 'update', key, ...update })).rejects.toThrow();
    }
    expect(await table().get(key)).toEqual(key);
  });

  it('refuses to give the index or the expiry what they cannot hold', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    await table().write(put(key));
    for (const set of [{ gsi1pk: '' }, { gsi1sk: 1 }, { expiresAt: 'soon' }]) {
      await expect(table().update({ kind: 'update', key, set })).rejects.toThrow();
      await expect(table().write({ kind: 'update', key, set })).rejects.toThrow();
    }
    expect(await table().get(key)).toEqual(key);
  });

  it('makes an item of an update that changes nothing, also in a transaction', async () => {
    const pk = aPartition();
    const update = (sk: string) => ({ kind: 'update', key: { pk, sk }, set: {} }) as const;
    expect(await table().update(update('a'))).toEqual({ pk, sk: 'a' });
    await table().write(update('b'), update('c'));
    expect(await sortKeys(table(), { index: 'primary', partition: pk })).toEqual(['a', 'b', 'c']);
  });

  it('counts every one of many concurrent adds', async () => {
    const key = { pk: aPartition(), sk: 'counter' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const item = await table().update({ kind: 'update', key, add: { n: 1 } });
        return Number(item['n']);
      }),
    );
    expect(answers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
    expect(await table().get(key)).toEqual({ ...key, n: 50 });
  });

  it('refuses when the condition does not hold, as op 0', async () => {
    const key = { pk: aPartition(), sk: 'a' };
    const condition = { kind: 'present', field: 'pk' } as const;
    await expect(
      table().update({ kind: 'update', key, set: { n: 1 }, condition }),
    ).rejects.toMatchObject({ name: 'ConditionFailed', opIndex: 0 });
  });

  it('moves the item in the index, and out of it', async () => {
    const pk = aPartition();
    const key = { pk, sk: 'a' };
    const at = (place: string) => sortKeys(table(), { index: 'gsi1', partition: `${pk}#${place}` });
    await table().write(put({ ...key, gsi1pk: `${pk}#here`, gsi1sk: '1', n: 1 }));
    await expect.poll(() => at('here')).toEqual(['a']);

    await table().update({ kind: 'update', key, set: { gsi1pk: `${pk}#there` } });
    await expect.poll(() => at('there')).toEqual(['a']);
    await expect.poll(() => at('here')).toEqual([]);

    await table().update({ kind: 'update', key, remove: ['gsi1sk'] });
    await expect.poll(() => at('there')).toEqual([]);
    expect(await table().get(key)).toEqual({ ...key, gsi1pk: `${pk}#there`, n: 1 });
  });
}
