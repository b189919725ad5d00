import { keys } from '#shared/repositories/keys.ts';
import type { Blobs } from '#shared/storage/blobs.ts';
import {
  ConditionFailed,
  type Item,
  type Key,
  type Table,
  type WriteOp,
} from '#shared/storage/table.ts';
import { blobsWith } from '../storage/blobs-with.ts';

/** Blobs that are written over whatever is there. */
export function overwriting(blobs: Blobs): Blobs {
  return blobsWith(blobs, { putIfAbsent: (key, bytes) => blobs.put(key, bytes) });
}

/**
 * A table in which a runner that is taken for dead is not told so: all others read that it is, and its own heartbeats
 * go on. Who claims its shards is not asked whether it is dead.
 */
export function withoutDead(table: Table, presumed: Set<string>): Table {
  const isRunner = ({ pk }: Key) => pk === keys.runner('').pk;
  const isCheck = (op: WriteOp) => op.kind === 'check' && isRunner(op.key);
  const shown = (item: Item): Item =>
    isRunner(item) && presumed.has(item.sk) ? { ...item, state: 'DEAD' } : item;
  return {
    get: async (key) => {
      const item = await table.get(key);
      return item && shown(item);
    },
    query: async (query) => {
      const page = await table.query(query);
      return { ...page, items: page.items.map(shown) };
    },
    write: async (...ops) => {
      const kept = ops.filter((op) => !isCheck(op));
      if (kept.length > 0) await table.write(...kept);
    },
    update: async (op) => {
      if (!isRunner(op.key) || op.set?.['state'] !== 'DEAD') return await table.update(op);
      const item = await table.get(op.key);
      if (item === undefined) throw new ConditionFailed(0);
      presumed.add(op.key.sk);
      return { ...item, ...op.set };
    },
  };
}

/** A table that keeps no note of what is untold. */
export function withoutNotes(table: Table): Table {
  const isNote = (op: WriteOp) =>
    op.kind === 'put' && op.item.pk.startsWith(keys.untold('', '').pk);
  return {
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    write: async (...ops) => await table.write(...ops.filter((op) => !isNote(op))),
    update: (op) => table.update(op),
  };
}
