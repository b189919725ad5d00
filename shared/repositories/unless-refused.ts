import { ConditionFailed, type Table, type WriteOp } from '../storage/table.ts';

/** What the write answers; `undefined` when a condition of it did not hold. Every other fault is thrown. */
export async function unlessRefused<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof ConditionFailed) return undefined;
    throw cause;
  }
}

/** Writes all of the ops, and answers `true`; or none, and `false`, when a condition did not hold. */
export async function writeUnlessRefused(
  table: Table,
  ...ops: readonly WriteOp[]
): Promise<boolean> {
  const written = await unlessRefused(async () => {
    await table.write(...ops);
    return true;
  });
  return written ?? false;
}
