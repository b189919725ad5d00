import {
  type Condition,
  ConditionFailed,
  type Key,
  type Table,
  type UpdateOp,
  type WriteOp,
} from '../storage/table.ts';

/** How many items of a kind there are, beside them in an item of its own, and how many there may be. */
export type Count = { readonly key: Key; readonly max: number };

/** Writes a new item and counts it, in one transaction; `full` when there are as many as may be. */
export async function createCounted(
  table: Table,
  put: WriteOp,
  { key, max }: Count,
): Promise<'created' | 'full'> {
  return await createIfRoom(table, put, { op: addOp(key, 1), field: 'count', max });
}

/** The same where `op` counts the item in `field` of an item that has more to tell. */
export async function createIfRoom(
  table: Table,
  put: WriteOp,
  { op, field, max }: { readonly op: UpdateOp; readonly field: string; readonly max: number },
): Promise<'created' | 'full'> {
  const hasRoom: Condition = {
    kind: 'or',
    any: [
      { kind: 'absent', field },
      { kind: 'lessThan', field, value: max },
    ],
  };
  try {
    await table.write({ ...op, condition: hasRoom }, put);
    return 'created';
  } catch (cause) {
    if (cause instanceof ConditionFailed && cause.opIndex === 0) return 'full';
    throw cause;
  }
}

/** What counts an item out. It goes into the transaction that deletes the item: alone it could be done twice. */
export function countOut({ key }: Count): UpdateOp {
  return addOp(key, -1);
}

function addOp(key: Key, more: number): UpdateOp {
  return { kind: 'update', key, add: { count: more } };
}
