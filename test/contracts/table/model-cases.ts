import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Condition,
  ConditionFailed,
  type Item,
  type Query,
  type Table,
  type WriteOp,
} from '#shared/storage/table.ts';
import { aPartition, type GetTable, readAll } from './aids.ts';
import { ModelTable, type Outcome } from './model-table.ts';

const RUNS = 40;
const CALLS_MAX = 12;
const SORT_KEYS = ['a', 'a#1', 'a%', 'a_', 'b', 'é', '\u{ff5e}', '\u{1f600}'];
const PLACES = ['x', 'y'];

const sortKey = fc.constantFrom(...SORT_KEYS);
const number = fc.integer({ min: -3, max: 3 });
const text = fc.constantFrom('', 'p', 'q', 'é');
const nested = fc.constantFrom({ deep: [1, null] }, { deep: [1] }, { deep: [1, null], more: '' });

const attributes = fc.record(
  { text, nested, gsi1pk: fc.constantFrom(...PLACES), gsi1sk: sortKey },
  {
    requiredKeys: [],
  },
);

const simple: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('absent' as const), field: fc.constantFrom('pk', 'n', 'text') }),
  fc.record({ kind: fc.constant('present' as const), field: fc.constantFrom('sk', 'n', 'nested') }),
  fc.record({ kind: fc.constant('equals' as const), field: fc.constant('n'), value: number }),
  fc.record({ kind: fc.constant('equals' as const), field: fc.constant('nested'), value: nested }),
  fc.record({ kind: fc.constant('lessThan' as const), field: fc.constant('n'), value: number }),
  fc.record({ kind: fc.constant('lessThan' as const), field: fc.constant('text'), value: text }),
);
const parts = fc.array(simple, { minLength: 1, maxLength: 3 });
const condition = fc.oneof(
  { weight: 3, arbitrary: simple },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('and' as const), all: parts }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('or' as const), any: parts }) },
);

/** What a call does, without the partition, which is new in every run. */
type Plan = (pk: string) => WriteOp;

const plan: fc.Arbitrary<readonly [string, Plan]> = fc
  .record({
    sk: sortKey,
    kind: fc.constantFrom('put', 'put', 'update', 'update', 'delete', 'check'),
    set: attributes,
    remove: fc.subarray(['text', 'nested', 'gsi1pk', 'gsi1sk']),
    n: number,
    condition,
    conditional: fc.boolean(),
  })
  .map(({ sk, kind, set, remove, n, condition, conditional }) => {
    const guard = conditional ? { condition } : {};
    const toOp: Plan = (pk) => {
      const key = { pk, sk };
      const placed = 'gsi1pk' in set ? { ...set, gsi1pk: `${pk}#${set.gsi1pk}` } : set;
      if (kind === 'check') return { kind: 'check', key, condition };
      if (kind === 'delete') return { kind: 'delete', key, ...guard };
      if (kind === 'put') return { kind: 'put', item: { ...key, ...placed, n }, ...guard };
      const removed = remove.filter((name) => !(name in set));
      return { kind: 'update', key, set: placed, remove: removed, add: { n }, ...guard };
    };
    return [sk, toOp] as const;
  });
const call = fc.uniqueArray(plan, { minLength: 1, maxLength: 5, selector: ([sk]) => sk });
const calls = fc.array(call, { minLength: 1, maxLength: CALLS_MAX, size: 'max' });

const range = fc.option(
  fc.oneof(
    fc.record({
      kind: fc.constant('prefix' as const),
      prefix: fc.constantFrom('a', 'é', '\u{1f600}'),
    }),
    fc.record({ kind: fc.constant('between' as const), from: sortKey, to: sortKey }),
  ),
  { nil: undefined },
);
const asked = fc.record({
  sort: range.filter((sort) => sort?.kind !== 'between' || sort.from <= sort.to),
  newestFirst: fc.boolean(),
  limit: fc.integer({ min: 1, max: 5 }),
});

export function modelCases(table: GetTable): void {
  it('does what a plain model does', async () => {
    await fc.assert(
      fc.asyncProperty(calls, asked, async (plans, { sort, newestFirst, limit }) => {
        const pk = aPartition();
        const model = new ModelTable();
        for (const ops of plans.map((made) => made.map(([, toOp]) => toOp(pk)))) {
          expect(await outcomeOf(table().write(...ops))).toEqual(model.write(ops));
        }
        const query = { newestFirst, ...(sort === undefined ? {} : { sort }) };
        await expectSame(table(), model, {
          query: { index: 'primary', partition: pk, ...query },
          limit,
        });
        for (const place of PLACES) {
          const partition = `${pk}#${place}`;
          await expectSame(table(), model, {
            query: { index: 'gsi1', partition, ...query },
            limit,
          });
        }
      }),
      { numRuns: RUNS },
    );
  });
}

async function outcomeOf(write: Promise<void>): Promise<Outcome> {
  try {
    await write;
    return { kind: 'written' };
  } catch (cause) {
    if (cause instanceof ConditionFailed) return { kind: 'refused', opIndex: cause.opIndex };
    throw cause;
  }
}

/** In one page and in small ones. The index may lag, so it is asked until it agrees. */
async function expectSame(
  table: Table,
  model: ModelTable,
  { query, limit }: { query: Query; limit: number },
): Promise<void> {
  const expected = model.query(query);
  await expect.poll(async () => byKey(await readAll(table, query))).toEqual(byKey(expected));
  const whole = await readAll(table, query);
  expect(whole.map((item) => sortOf(item, query))).toEqual(
    expected.map((item) => sortOf(item, query)),
  );
  expect(await readAll(table, { ...query, limit })).toEqual(whole);
}

function byKey(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
}

function sortOf(item: Item, { index }: Query): string | undefined {
  return index === 'primary' ? item.sk : item.gsi1sk;
}
