import { isDeepStrictEqual } from 'node:util';
import type { Condition, Item, Query, Value, WriteOp } from '#shared/storage/table.ts';

/** `refused` is a failed condition. */
export type Outcome = { readonly kind: 'written' } | { readonly kind: 'refused'; opIndex: number };

/** The plainest thing that does what the port says: an object per key, and a sort per query. */
export class ModelTable {
  readonly #items = new Map<string, Item>();

  write(ops: readonly WriteOp[]): Outcome {
    const refused = ops.findIndex(
      (op) => op.condition !== undefined && !holds(op.condition, this.#find(op)),
    );
    if (refused !== -1) return { kind: 'refused', opIndex: refused };
    for (const op of ops) this.#apply(op);
    return { kind: 'written' };
  }

  query({ index, partition, sort, newestFirst }: Query): readonly Item[] {
    const [partitionName, sortName] =
      index === 'primary' ? (['pk', 'sk'] as const) : (['gsi1pk', 'gsi1sk'] as const);
    const found = [...this.#items.values()]
      .filter((item) => item[partitionName] === partition && item[sortName] !== undefined)
      .filter((item) => inRange(String(item[sortName]), sort))
      .sort((a, b) => compareBytes(orderOf(a, sortName), orderOf(b, sortName)));
    return newestFirst === true ? found.reverse() : found;
  }

  #apply(op: WriteOp): void {
    const name = nameOf(op);
    if (op.kind === 'put') this.#items.set(name, op.item);
    if (op.kind === 'delete') this.#items.delete(name);
    if (op.kind !== 'update') return;
    const attributes = new Map(Object.entries({ ...this.#find(op), ...op.set, ...op.key }));
    for (const removed of op.remove ?? []) attributes.delete(removed);
    for (const [added, amount] of Object.entries(op.add ?? {})) {
      attributes.set(added, Number(attributes.get(added) ?? 0) + amount);
    }
    this.#items.set(name, { ...Object.fromEntries(attributes), ...op.key });
  }

  #find(op: WriteOp): Item | undefined {
    return this.#items.get(nameOf(op));
  }
}

function nameOf(op: WriteOp): string {
  const { pk, sk } = op.kind === 'put' ? op.item : op.key;
  return JSON.stringify([pk, sk]);
}

function holds(condition: Condition, item: Item | undefined): boolean {
  if (condition.kind === 'and') return condition.all.every((part) => holds(part, item));
  if (condition.kind === 'or') return condition.any.some((part) => holds(part, item));
  const actual: Value | undefined = item?.[condition.field];
  if (condition.kind === 'absent') return actual === undefined;
  if (condition.kind === 'present') return actual !== undefined;
  if (condition.kind === 'equals') return isDeepStrictEqual(actual, condition.value);
  if (typeof actual === 'number') {
    return typeof condition.value === 'number' && actual < condition.value;
  }
  if (typeof actual !== 'string' || typeof condition.value !== 'string') return false;
  return compareBytes(actual, condition.value) < 0;
}

function inRange(key: string, range: Query['sort']): boolean {
  if (range === undefined) return true;
  if (range.kind === 'prefix') return key.startsWith(range.prefix);
  return compareBytes(range.from, key) <= 0 && compareBytes(key, range.to) <= 0;
}

/** The port leaves the order of equal index keys open; callers of the model compare without it. */
function orderOf(item: Item, sortName: 'sk' | 'gsi1sk'): string {
  return String(item[sortName]);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
