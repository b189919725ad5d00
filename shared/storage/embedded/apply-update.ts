import type { Item, Key, UpdateOp, Value, WriteOp } from '../table.ts';

/** The key that an op is about. */
export function keyOf(op: WriteOp): Key {
  const { pk, sk } = op.kind === 'put' ? op.item : op.key;
  return { pk, sk };
}

/** The item after the update. Throws a `TypeError` for an update that DynamoDB would not take. */
export function applyUpdate(op: UpdateOp, current: Item | undefined): Item {
  checkNames(op);
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

function checkNames({ set, remove, add }: UpdateOp): void {
  const names = [...Object.keys(set ?? {}), ...(remove ?? []), ...Object.keys(add ?? {})];
  if (new Set(names).size !== names.length) {
    throw new TypeError('An update names an attribute twice.');
  }
  if (names.includes('pk') || names.includes('sk')) {
    throw new TypeError('An update cannot change the key of an item.');
  }
}
