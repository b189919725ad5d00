import { afterAll, beforeAll } from 'vitest';
import { anId, type OpenTable, openTable } from './open-table.ts';

export const AT = new Date('2026-11-22T12:00:00.000Z');
export const [INSTANCE, OTHER_INSTANCE] = [anId(1), anId(2)];

/** One table for the tests of a file. */
export function useTable(): { readonly open: () => OpenTable } {
  let opened: OpenTable | undefined;
  beforeAll(async () => {
    opened = await openTable();
  });
  afterAll(async () => await opened?.close());
  return {
    open: () => {
      if (opened === undefined) throw new Error('The table is not open.');
      opened.clock.now = AT;
      return opened;
    },
  };
}
