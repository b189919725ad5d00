import { expect, it } from 'vitest';
import { LidRepository } from '#shared/repositories/lid-repository.ts';
import { INSTANCE, OTHER_INSTANCE, useTable } from './instance-items.ts';

const table = useTable();

it('knows the last number of a LID, as far as the instance has learnt it', async () => {
  const lids = new LidRepository(table.open().table);
  const lid = '98765432101';
  expect(await lids.phoneOf(INSTANCE, lid)).toBeUndefined();
  await lids.keep(INSTANCE, { lid, phone: '2348179803743' });
  await lids.keep(INSTANCE, { lid, phone: '2348179803744' });
  expect(await lids.phoneOf(INSTANCE, lid)).toBe('2348179803744');
  expect(await lids.phoneOf(OTHER_INSTANCE, lid)).toBeUndefined();
});
