import type { Table } from '../storage/table.ts';
import { readAll } from './read-all.ts';

/** Deletes at the same time. */
const AT_ONCE = 25;

/** Deletes every item of a partition. */
export async function deleteAll(table: Table, partition: string): Promise<void> {
  let work: Promise<void>[] = [];
  for await (const { pk, sk } of readAll(table, { index: 'primary', partition })) {
    work.push(table.write({ kind: 'delete', key: { pk, sk } }));
    if (work.length < AT_ONCE) continue;
    await Promise.all(work);
    work = [];
  }
  await Promise.all(work);
}
