import type { Item, Key, Page, Query, Table, UpdateOp, WriteOp } from '#shared/storage/table.ts';

type Call =
  | { readonly kind: 'get'; readonly key: Key }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'write'; readonly ops: readonly WriteOp[] }
  | { readonly kind: 'update'; readonly op: UpdateOp };

/** A real table that is away for the calls that the test picks. */
export class FaultyTable implements Table {
  readonly #inner: Table;
  isAway: (call: Call) => boolean = () => false;
  /** The calls that are done, and of which the answer does not come through. */
  losesAnswer: (call: Call) => boolean = () => false;
  /** Until when the answers to writes are held up on their way. */
  holdsAnswer: (call: Call) => Promise<void> | undefined = () => undefined;

  constructor(inner: Table) {
    this.#inner = inner;
  }

  async get(key: Key): Promise<Item | undefined> {
    this.#check({ kind: 'get', key });
    return await this.#inner.get(key);
  }

  async query(query: Query): Promise<Page> {
    this.#check({ kind: 'query', query });
    return await this.#inner.query(query);
  }

  async write(...ops: readonly WriteOp[]): Promise<void> {
    this.#check({ kind: 'write', ops });
    await this.#inner.write(...ops);
    await this.holdsAnswer({ kind: 'write', ops });
    if (this.losesAnswer({ kind: 'write', ops })) throw new Error('The answer was lost.');
  }

  async update(op: UpdateOp): Promise<Item> {
    this.#check({ kind: 'update', op });
    return await this.#inner.update(op);
  }

  #check(call: Call): void {
    if (this.isAway(call)) throw new Error('The table is away.');
  }
}
