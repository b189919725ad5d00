import { keyOf } from '../rules/table-rules.ts';
import type { Item, UpdateOp, Value } from '../table.ts';

/** The item after the update. Throws a `TypeError` for an update that DynamoDB would not take. */
export function applyUpdate(op: UpdateOp, current: Item | undefined): Item {
  const removed = new Set(op.remove);
  const kept = Object.entries(current ?? {}).filter(([name]) => !removed.has(name));
  const sums = Object.entries(op.add ?? {}).map(([name, amount]) => [
    name,
    sum(current, name, amount),
  ]);
  return { ...Object.fromEntries(kept), ...op.set, ...Object.fromEntries(sums), ...keyOf(op) };
}

function sum(current: Item | undefined, name: string, amount: number): Value {
  const before = current !== undefined && Object.hasOwn(current, name) ? current[name] : 0;
  if (before === undefined) return amount;
  if (typeof before !== 'number') throw new TypeError(`The attribute ${name} is not a number.`);
  return before + amount;
}
